import { readdir, readFile } from 'node:fs/promises';

/** The environment variable that the processes of a session inherit. */
export const sessionVariable = 'HOLDFAST_SESSION';

/** This process' environment without the mark of a session, for processes that outlive it. */
export function unmarkedEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  Reflect.deleteProperty(environment, sessionVariable);
  return environment;
}

/**
 * Ends the processes that carry a session's mark in their environment: Helm, compilers and whatever
 * else a session that was killed has left running. Where there is no /proc, nothing is found.
 */
export async function killSession(session: string): Promise<void> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const id of ids) {
    if (Number(id) === process.pid) continue;
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`${sessionVariable}=${session}`)) continue;
    try {
      process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended by itself in between.
    }
  }
}
