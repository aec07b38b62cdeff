/**
 * A process of its own that outlives its session by seconds: it waits until standard input ends,
 * which the kernel sees to however the session dies, then removes all that carries the session's
 * label and the session's folder.
 *
 * Arguments: the session's id, its folder. A line "orderly" on standard input says that no request
 * to the engine is under way any more.
 */
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { removeSession } from './remove.ts';

/** A container whose creation was under way when the session died appears within this time. */
const quietMs = 1500;
const limitMs = 60_000;

const [session, folder] = process.argv.slice(2);
if (session === undefined || folder === undefined) {
  process.stderr.write('usage: reaper SESSION FOLDER\n');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const orderly = (await text(process.stdin).catch(() => '')).includes('orderly');
const docker = new Docker();
const deadline = performance.now() + limitMs;
let quietSince: number | undefined;
while (performance.now() < deadline) {
  const nothingLeft = await removeSession(docker, session).catch(() => false);
  if (nothingLeft) {
    quietSince ??= performance.now();
    if (orderly || performance.now() - quietSince >= quietMs) break;
  } else {
    quietSince = undefined;
  }
  await delay(100);
}
await rm(folder, { recursive: true, force: true });
