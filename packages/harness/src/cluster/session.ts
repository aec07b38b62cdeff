import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder and an id whose end is seen to by the reaper, however this process ends. */
export interface Session extends AsyncDisposable {
  readonly id: string;
  /** For files of this run; removed with the session. */
  readonly folder: string;
  /** Says that nothing more is being created, which makes the clean-up quicker. */
  settled(): void;
}

const reaperFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './reaper.ts' : './reaper.js', import.meta.url),
);

/**
 * Starts a session with its reaper; disposing of it waits until the reaper has removed everything.
 *
 * The reaper runs in a process group of its own: Ctrl-C does not reach it, and it notices the
 * session's death by the end of its standard input.
 */
export async function startSession(): Promise<Session> {
  const id = randomBytes(4).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const reaper = spawn(process.execPath, [reaperFile, id, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  const { stdin } = reaper;
  stdin.on('error', () => {});
  reaper.unref();
  const exited = once(reaper, 'exit');
  exited.catch(() => {});
  let orderly = false;
  return {
    id,
    folder,
    settled: () => {
      orderly = true;
    },
    async [Symbol.asyncDispose]() {
      reaper.ref();
      stdin.end(orderly ? 'orderly\n' : '');
      if (reaper.exitCode === null && reaper.signalCode === null) await exited;
    },
  };
}
