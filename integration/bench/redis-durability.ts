/**
 * What a durable Redis costs: writes per second by redis-benchmark with the chart's redis.conf and each
 * value of appendfsync, on this machine's disk and its loopback interface. The settings take turns, so that
 * whatever else the machine does touches all of them.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asHoldfastError,
  cacheDir,
  environmentError,
  errorLines,
  exitCode,
  exitCodeOf,
  poll,
  runToSuccess,
} from '@holdfast/core';
import { stopOnSignals } from '../testbed/with-testbed.ts';
import {
  makePlace,
  type Place,
  redisCli,
  runScript,
  start,
  type Started,
  writeSettings,
} from '../machine/redis-place.ts';
import { hasRedis, makePath } from '../machine/redis-programs.ts';

const policies = ['no', 'everysec', 'always'] as const;
type Policy = (typeof policies)[number];

const clientCounts = [1, 50] as const;
const rounds = 3;
/** How long one run is to take; the number of its writes is estimated from a short run. */
const secondsEach = 2.5;
const payloadBytes = 100;
const limitMs = 20_000;
const { signal } = stopOnSignals();

interface Server {
  policy: Policy;
  place: Place;
  started: Started;
}

/** What redis-benchmark has measured. */
interface Measured {
  perSecond: number;
  p99Ms: number;
}

interface Sample extends Measured {
  policy: Policy;
  clients: number;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function startServer(folder: string, policy: Policy, path: string): Promise<Server> {
  const place = await makePlace(join(folder, policy), path);
  // A rewrite of the file in the middle of a run would be measured as well.
  await writeSettings(place, [`appendfsync ${policy}`, 'auto-aof-rewrite-percentage 0']);
  await runScript(place, 'init.sh');
  const started = start(place);
  await poll(
    async () => {
      const answer = await redisCli(place, ['config', 'get', 'appendfsync']);
      const done = answer === `appendfsync\n${policy}`;
      return done ? { done, value: undefined } : { done, saw: `${answer}\n${started.output()}` };
    },
    { what: `Redis to run with appendfsync ${policy}`, limitMs, everyMs: 50, signal },
  );
  return { policy, place, started };
}

/** Runs redis-benchmark with SET, one write at a time for each client. */
async function measure(place: Place, clients: number, writes: number): Promise<Measured> {
  const args = ['-h', '127.0.0.1', '-p', place.port, '-t', 'set', '-P', 1, '-d', payloadBytes];
  const all = [...args, '-c', clients, '-n', writes, '--csv'].map(String);
  const csv = await runToSuccess('redis-benchmark', all, { timeoutMs: limitMs, signal });
  const [names, row] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));
  const cell = (name: string) => Number(row?.[names?.indexOf(name) ?? -1]);
  return { perSecond: cell('rps'), p99Ms: cell('p99_latency_ms') };
}

/** All rounds; the order of the settings turns from one to the next. */
async function measureAll(servers: readonly Server[]): Promise<Sample[]> {
  const samples: Sample[] = [];
  const estimates = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const order = [...servers.slice(round % servers.length), ...servers.slice(0, round)];
    for (const clients of clientCounts) {
      for (const { policy, place } of order) {
        const key = `${policy} ${clients}`;
        const rate =
          estimates.get(key) ?? (await measure(place, clients, 40 * clients + 200)).perSecond;
        estimates.set(key, rate);
        const writes = Math.max(clients, Math.round(rate * secondsEach));
        const measured = await measure(place, clients, writes);
        estimates.set(key, measured.perSecond);
        samples.push({ policy, clients, ...measured });
      }
    }
  }
  return samples;
}

function printTable(samples: readonly Sample[]): void {
  print('clients  appendfsync  writes/s (median)      range        to everysec  p99 ms');
  for (const clients of clientCounts) {
    const of = (policy: Policy) =>
      samples.filter((sample) => sample.policy === policy && sample.clients === clients);
    const rate = (policy: Policy) => median(of(policy).map(({ perSecond }) => perSecond));
    for (const policy of policies) {
      const rates = of(policy).map(({ perSecond }) => Math.round(perSecond));
      const range = `${Math.min(...rates)}..${Math.max(...rates)}`;
      const ratio = (rate(policy) / rate('everysec')).toFixed(2);
      const p99 = median(of(policy).map(({ p99Ms }) => p99Ms)).toFixed(2);
      const cells = [String(clients).padStart(7), policy.padEnd(11)];
      cells.push(Math.round(rate(policy)).toString().padStart(17), range.padStart(15));
      print([...cells, ratio.padStart(14), p99.padStart(7)].join('  '));
    }
  }
}

/** The kind of file system; one in memory would make every setting look the same. */
async function fileSystemOf(folder: string): Promise<string> {
  const kind = (await runToSuccess('stat', ['-f', '-c', '%T', folder])).trim();
  if (!['tmpfs', 'ramfs'].includes(kind)) return kind;
  throw environmentError(`a file system in memory (${kind}) says nothing about a disk`, {
    object: folder,
    hint: 'set HOLDFAST_CACHE to a folder on a disk',
  });
}

async function main(): Promise<void> {
  if (!(await hasRedis())) {
    throw environmentError('Redis is not on this machine', {
      hint: 'apt-get install redis-tools busybox, or run `npm test -- machine` in CI',
    });
  }
  await mkdir(cacheDir(), { recursive: true });
  const folder = await mkdtemp(join(cacheDir(), 'bench-'));
  const servers: Server[] = [];
  try {
    const disk = await fileSystemOf(folder);
    const path = await makePath(join(folder, 'bin'), 'dash');
    for (const policy of policies) servers.push(await startServer(folder, policy, path));
    const version = (await runToSuccess('redis-cli', ['--version'])).trim();
    print(`${version}, ${folder} on ${disk}; SET of ${payloadBytes} bytes, pipeline 1,`);
    print(`${rounds} rounds of ${secondsEach} s for each line`);
    printTable(await measureAll(servers));
  } finally {
    for (const { started } of servers) {
      started.kill('SIGTERM');
      await started.ended;
    }
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  await main();
  process.exitCode = exitCode.ok;
} catch (error) {
  const failure = asHoldfastError(error);
  process.stderr.write(`${errorLines(failure).join('\n')}\n`);
  process.exitCode = exitCodeOf(failure);
}
