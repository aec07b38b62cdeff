import { poll } from '@holdfast/core';
import type { ClientPod } from './place.ts';

/** How a client reaches a server. */
export interface Server {
  host: string;
  port?: number;
  user?: string;
  password?: string;
  /** A file in the client pod with the authority's certificate, for TLS. */
  authority?: string;
}

/** Asks a server as a user would, with redis-cli in a pod: what it prints on both of its outputs. */
export type Ask = (server: Server, ...command: string[]) => Promise<string>;

/** What a series of writes led to. */
export interface Writes {
  /** The numbers of those that were acknowledged. */
  acknowledged: number[];
  /** What was answered instead, each text once. */
  refusals: string[];
}

const connectLimitS = 5;

function options({ host, port, user, authority }: Server): string[] {
  return [
    ...['-t', `${connectLimitS}`, '-h', host],
    ...(port === undefined ? [] : ['-p', `${port}`]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(authority === undefined ? [] : ['--tls', '--cacert', authority]),
  ];
}

function environment({ password }: Server): Record<string, string> {
  return password === undefined ? {} : { REDISCLI_AUTH: password };
}

/** Asks from this pod, whose image has redis-cli. */
export function askFrom(pod: ClientPod): Ask {
  return async (server, ...command) => {
    const run = ['redis-cli', ...options(server), ...command];
    const { stdout, stderr } = await pod(run, environment(server));
    return `${stderr}${stdout}`.trim();
  };
}

/** Asks until the answer is as it should be: names and routes take a moment to change. */
export async function askUntil(
  ask: () => Promise<string>,
  answer: string | RegExp,
  limitMs: number,
): Promise<void> {
  await poll(
    async () => {
      const saw = await ask();
      const right = typeof answer === 'string' ? saw === answer : answer.test(saw);
      return right ? { done: true, value: undefined } : { done: false, saw };
    },
    { what: `the answer ${answer.toString()}`, limitMs },
  );
}

/**
 * Writes PREFIX:1, PREFIX:2, … on one connection that is made again when it breaks, until COUNT is
 * reached or the file STOP exists. The server answers each number once its write is done, so that no
 * answer can be taken for another's.
 */
const writer = `i=0
pad=$(head -c "$PAD" /dev/zero | tr '\\0' x)
rm -f "$STOP"
while [ ! -e "$STOP" ] && [ $i -lt "$COUNT" ]; do
  i=$((i + 1))
  echo "EVAL \\"redis.call('SET', KEYS[1], ARGV[2]) return ARGV[1]\\" 1 $PREFIX:$i $i v$i$pad"
done | redis-cli "$@" >"$OUTPUT" 2>&1
cat "$OUTPUT"`;

/** A writer that goes on until it is stopped. */
export interface Writer {
  /** Waits until so many writes have been acknowledged. */
  acknowledged(count: number): Promise<void>;
  /** How many writes have been acknowledged so far. */
  count(): Promise<number>;
  stop(): Promise<Writes>;
}

/** What the writer printed; anything but a number alone on its line is no acknowledgement. */
function parseWrites(output: string): Writes {
  const lines = output.split('\n').filter((line) => line !== '');
  const isNumber = (line: string) => /^[1-9]\d*$/.test(line);
  return {
    acknowledged: lines.filter(isNumber).map(Number),
    refusals: [...new Set(lines.filter((line) => !isNumber(line)))],
  };
}

/** In the client pod, which others write from as well. */
function outputFile({ host }: Server, prefix: string): string {
  return `/dev/shm/${host}.${prefix}`;
}

function startWriting(pod: ClientPod, server: Server, prefix: string, count: number, pad: number) {
  const env = {
    ...environment(server),
    PREFIX: prefix,
    COUNT: `${count}`,
    PAD: `${pad}`,
    OUTPUT: outputFile(server, prefix),
    STOP: `${outputFile(server, prefix)}.stop`,
  };
  return pod(['sh', '-c', writer, 'sh', ...options(server)], env, 180_000);
}

/** Writes so many keys, of a value of so many bytes besides its number. */
export async function write(
  pod: ClientPod,
  server: Server,
  prefix: string,
  count: number,
  pad: number,
): Promise<Writes> {
  return parseWrites((await startWriting(pod, server, prefix, count, pad)).stdout);
}

/** Writes in the background. */
export function keepWriting(pod: ClientPod, server: Server, prefix: string): Writer {
  const writing = startWriting(pod, server, prefix, Number.MAX_SAFE_INTEGER, 0);
  // Whoever stops it is told.
  writing.catch(() => {});
  const count = async () => {
    const script = `grep -c '^[1-9][0-9]*$' ${outputFile(server, prefix)} || true`;
    return Number((await pod(['sh', '-c', script])).stdout);
  };
  return {
    count,
    async acknowledged(wanted) {
      await poll(
        async () => {
          const seen = await count();
          return seen >= wanted
            ? { done: true, value: undefined }
            : { done: false, saw: `${seen}` };
        },
        { what: `${wanted} acknowledged writes`, limitMs: 60_000, everyMs: 100 },
      );
    },
    async stop() {
      await pod(['touch', `${outputFile(server, prefix)}.stop`]);
      return parseWrites((await writing).stdout);
    },
  };
}

/** Gives each key with the first twelve bytes and the length of its value. */
const readAll = `local r = {}
for _, k in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do
  local v = redis.call('GET', k)
  r[#r + 1] = string.sub(k, #ARGV[1] + 2) .. ' ' .. string.sub(v, 1, 12) .. ' ' .. #v
end
return r`;

/** The numbers among the acknowledged ones that are not there, or not with what was written. */
export async function missing(
  ask: Ask,
  server: Server,
  prefix: string,
  acknowledged: readonly number[],
  pad: number,
): Promise<number[]> {
  const lines = new Set((await ask(server, 'EVAL', readAll, '0', prefix)).split('\n'));
  return acknowledged.filter((number) => {
    const value = `v${number}${'x'.repeat(Math.min(pad, 12))}`.slice(0, 12);
    return !lines.has(`${number} ${value} ${`v${number}`.length + pad}`);
  });
}
