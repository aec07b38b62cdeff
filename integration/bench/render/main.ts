/**
 * `npm run -s bench:render [-- --rounds N] [--peer CHART]... [--json FILE]`: how long generating and
 * rendering take, beside baselines and the charts of others in the same rounds. A missed goal is no
 * failure: the machine may be a slow one.
 */
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { asHoldfastError, badInput, errorLines, exitCodeOf } from '@holdfast/core';
import { exitCode, findHelm, isThere, messageOf } from '@holdfast/core';
import { benchRender } from './bench.ts';
import { ourApplications, ourCharts } from './find-subjects.ts';
import { benchTable } from './table.ts';

const usage = 'npm run -s bench:render -- [--rounds N] [--peer CHART]... [--json FILE]';

interface Arguments {
  rounds: number;
  peers: string[];
  json?: string;
}

function parsed(args: string[]) {
  try {
    const options = {
      rounds: { type: 'string', default: '20' },
      peer: { type: 'string', multiple: true, default: [] as string[] },
      json: { type: 'string' },
    } as const;
    return parseArgs({ args, options }).values;
  } catch (cause) {
    throw badInput(messageOf(cause), { hint: usage, cause });
  }
}

async function readArguments(args: string[]): Promise<Arguments> {
  const { json, peer, rounds } = parsed(args);
  if (!/^[1-9]\d{0,3}$/.test(rounds)) {
    throw badInput('--rounds takes a whole number from 1 to 9999', {
      object: `--rounds ${rounds}`,
    });
  }
  // Known now, not after minutes of measuring.
  if (json !== undefined && !(await isThere(dirname(resolve(json))))) {
    throw badInput('the folder of --json does not exist', { object: `--json ${json}` });
  }
  const peers = peer.map((path) => resolve(path));
  return { rounds: Number(rounds), peers, ...(json !== undefined && { json }) };
}

async function bench(args: string[], signal: AbortSignal): Promise<void> {
  const { json, peers, rounds } = await readArguments(args);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const report = await benchRender({
    ...{ rounds, peers, signal },
    applications: await ourApplications(),
    charts: await ourCharts(),
    helm: await findHelm(say, signal),
  });
  process.stdout.write(`${benchTable(report)}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}

const stop = new AbortController();
let code: number = exitCode.ok;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    code = 128 + constants.signals[name];
    stop.abort(new Error(`stopped by ${name}`));
  });
}
try {
  await bench(process.argv.slice(2), stop.signal);
} catch (thrown) {
  const error = asHoldfastError(thrown);
  if (!stop.signal.aborted) {
    process.stderr.write(`${errorLines(error).join('\n')}\n`);
    code = exitCodeOf(error);
  }
}
process.exit(code);
