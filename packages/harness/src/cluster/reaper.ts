/**
 * A process of its own that outlives its session by seconds: it waits until standard input ends,
 * which the kernel sees to however the session dies, then ends the session's processes and removes
 * its folder and all that carries its label.
 *
 * Arguments: the session's id, its folder. A line "orderly" on standard input says that no request
 * to the engine is under way any more. Exits with 1 when something could not be removed.
 */
import { rm } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { killSession } from './processes.ts';
import { removeSession } from './remove.ts';

/** A container whose creation was under way when the session died appears within this time. */
const quietMs = 2_000;
/** An engine that was started for the session may end before it. */
const goneMs = 2_000;
const limitMs = 60_000;

const [session, folder] = process.argv.slice(2);
if (session === undefined || folder === undefined) {
  process.stderr.write('usage: reaper SESSION FOLDER\n');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

type Seen = 'nothing' | 'something' | 'no engine';

async function look(docker: Docker, id: string): Promise<Seen> {
  return removeSession(docker, id).then(
    (nothing) => (nothing ? 'nothing' : 'something'),
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ECONNREFUSED' || code === 'ENOENT' ? 'no engine' : 'something';
    },
  );
}

/** Looks until nothing was seen for as long as it takes to be sure. */
async function removeAll(docker: Docker, id: string, orderly: boolean): Promise<boolean> {
  const enough = { nothing: orderly ? 0 : quietMs, 'no engine': goneMs, something: Infinity };
  const deadline = performance.now() + limitMs;
  let last: Seen = 'something';
  let since = performance.now();
  while (performance.now() < deadline) {
    const seen = await look(docker, id);
    if (seen !== last) since = performance.now();
    last = seen;
    if (performance.now() - since >= enough[seen]) return true;
    await delay(100);
  }
  return false;
}

const orderly = (await text(process.stdin).catch(() => '')).includes('orderly');
await rm(folder, { recursive: true, force: true }).catch(() => {});
await killSession(session);
const clean = await removeAll(new Docker(), session, orderly);
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
process.exit(clean ? 0 : 1);
