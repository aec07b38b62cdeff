/**
 * `npm test [-- --yes] [-- SUITE...]`: runs the suites from fast to slow, counts what was skipped,
 * and ends with one line of counts. Exits 0 only when nothing failed, and nothing was skipped that
 * .ci/allowed-skips.yaml does not name.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { messageOf, seconds } from '@holdfast/core';
import { root, untilExit } from './holdfast.ts';
import { type Suite, suites } from './suites.ts';
import type { Testbed } from './testbed/prepare.ts';
import { stopOnSignals, withTestbed } from './testbed/with-testbed.ts';

/** No suite is begun later than this after the start. */
const lastStartMs = 70 * 60_000;
/** What still runs then is stopped, and has failed. */
const endMs = 85 * 60_000;

interface Results {
  passed: string[];
  failed: string[];
  skipped: string[];
}

const began = performance.now();
const args = process.argv.slice(2);
const named = args.filter((argument) => !argument.startsWith('--'));
const total: Results = { passed: [], failed: [], skipped: [] };
const results = await mkdtemp(join(tmpdir(), 'holdfast-results-'));
/** What the suites take for the folder for temporary files; they leave nothing in it. */
const scratch = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
// Tests run programs under other users, who must reach what is theirs in it.
await chmod(scratch, 0o711);
const stop = stopOnSignals();
setTimeout(() => {
  stop.abort(new Error('the tests took too long'));
}, endMs).unref();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function since(start: number): string {
  return seconds(performance.now() - start);
}

/** Runs one suite in the foreground and adds what it counted. */
async function runSuite(suite: Suite, testbed?: Testbed): Promise<void> {
  const start = performance.now();
  print(`\n=== ${suite.name}: ${suite.about}`);
  const file = join(results, `${suite.name}.json`);
  const child = spawn(process.execPath, [suite.program, ...suite.args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      HOLDFAST_RESULTS: file,
      TMPDIR: scratch,
      // Some tools would keep their compiled code there.
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...(testbed && { HOLDFAST_TESTBED: JSON.stringify(testbed) }),
    },
  });
  const code = await untilExit(child, stop.signal);
  const counted = suite.mocha
    ? ((await readFile(file, 'utf8').then(JSON.parse, () => undefined)) as Results | undefined)
    : undefined;
  for (const key of ['passed', 'failed', 'skipped'] as const) {
    total[key].push(...(counted?.[key] ?? []));
  }
  // A suite that ends badly has failed, also when none of its tests says so.
  if (code !== 0 && (counted?.failed.length ?? 0) === 0) total.failed.push(suite.name);
  else if (code === 0 && !suite.mocha) total.passed.push(suite.name);
  else if (code === 0 && (counted?.passed.length ?? 0) === 0)
    total.failed.push(`${suite.name} (no test ran)`);
  for (const left of await readdir(scratch)) {
    total.failed.push(`${suite.name} (left ${left} in the folder for temporary files)`);
    await rm(join(scratch, left), { recursive: true, force: true });
  }
  print(`=== ${suite.name}: ${code === 0 ? 'done' : `exit code ${code}`} in ${since(start)}`);
}

async function runSuites(list: readonly Suite[], testbed?: Testbed): Promise<void> {
  for (const suite of list) {
    if (stop.signal.aborted) {
      total.failed.push(`${suite.name} (not begun: ${messageOf(stop.signal.reason)})`);
    } else if (performance.now() - began > lastStartMs) {
      total.skipped.push(`${suite.name} (not begun: ${lastStartMs / 60_000} minutes have passed)`);
    } else {
      await runSuite(suite, testbed);
    }
  }
}

/** A test that may be skipped by its full title, or all whose titles begin alike. */
type AllowedSkip = { reason: string } & ({ title: string } | { begins: string });

function allows(entry: AllowedSkip, title: string): boolean {
  return 'title' in entry ? entry.title === title : title.startsWith(entry.begins);
}

/** What may be skipped on a machine like this one, with the reason. */
async function allowedSkips(): Promise<AllowedSkip[]> {
  const text = await readFile(join(root, '.ci', 'allowed-skips.yaml'), 'utf8');
  return (parse(text) as AllowedSkip[] | null) ?? [];
}

async function conclude(): Promise<number> {
  const allowed = await allowedSkips();
  const skipped = total.skipped.flatMap((title) => {
    const reason = allowed.find((entry) => allows(entry, title))?.reason;
    if (reason === undefined) {
      total.failed.push(`${title} (skipped, which .ci/allowed-skips.yaml does not allow)`);
      return [];
    }
    print(`skipped: ${title} (${reason})`);
    return [title];
  });
  for (const title of total.failed) print(`failed: ${title}`);
  print(`all suites took ${since(began)}`);
  const { passed, failed } = total;
  print(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length === 0 && passed.length > 0 ? 0 : 1;
}

const chosen = suites.filter((suite) => named.length === 0 || named.includes(suite.name));
const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
let code = 2;
try {
  if (unknown.length > 0) {
    print(
      `no suite ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}`,
    );
  } else {
    await runSuites(chosen.filter((suite) => !suite.testbed));
    const onTestbed = chosen.filter((suite) => suite.testbed);
    if (onTestbed.length > 0 && !stop.signal.aborted) {
      const prepared = await withTestbed(args, stop.signal, async (testbed) => {
        await runSuites(onTestbed, testbed);
        return 0;
      });
      if (prepared !== 0) total.failed.push(`test bed (exit code ${prepared})`);
    }
    if (stop.signal.aborted) total.failed.push(messageOf(stop.signal.reason));
    code = await conclude();
  }
} finally {
  for (const folder of [scratch, results]) await rm(folder, { recursive: true, force: true });
}
process.exit(code);
