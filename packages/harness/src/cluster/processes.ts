import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variable that the processes of a session inherit. */
export const sessionVariable = 'HOLDFAST_SESSION';

/** This process' environment without the mark of a session, for processes that outlive it. */
export function unmarkedEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  Reflect.deleteProperty(environment, sessionVariable);
  return environment;
}

/** Ends the processes that carry the mark now; answers how many there were. */
async function killMarked(session: string): Promise<number> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  let found = 0;
  for (const id of ids) {
    if (Number(id) === process.pid) continue;
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`${sessionVariable}=${session}`)) continue;
    found += 1;
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended by itself in between.
    }
  }
  return found;
}

const limitMs = 5_000;

/**
 * Ends the processes that carry a session's mark in their environment: Helm, compilers and whatever
 * else a session that was killed has left running. Looks again until there is none, because they may
 * have started others meanwhile. Where there is no /proc, nothing is found.
 */
export async function killSession(session: string): Promise<void> {
  const deadline = performance.now() + limitMs;
  while ((await killMarked(session)) > 0 && performance.now() < deadline) await delay(50);
}
