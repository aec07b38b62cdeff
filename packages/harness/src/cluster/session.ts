import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentError } from '@holdfast/core';
import { sessionLabel } from './labels.ts';
import { sessionVariable, unmarkedEnvironment } from './processes.ts';

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
 * Processes that are started meanwhile inherit the session's mark, and end with it.
 *
 * The reaper runs in a process group of its own: Ctrl-C does not reach it, and it notices the
 * session's death by the end of its standard input.
 *
 * @throws HoldfastError (environment) when disposed of and something could not be removed
 */
export async function startSession(): Promise<Session> {
  const id = randomBytes(4).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const reaper = spawn(process.execPath, [reaperFile, id, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: unmarkedEnvironment(),
  });
  const { stdin } = reaper;
  stdin.on('error', () => {});
  reaper.unref();
  const exited = once(reaper, 'exit');
  exited.catch(() => {});
  const outer = process.env[sessionVariable];
  process.env[sessionVariable] = id;
  let orderly = false;
  return {
    id,
    folder,
    settled: () => {
      orderly = true;
    },
    async [Symbol.asyncDispose]() {
      if (outer === undefined) Reflect.deleteProperty(process.env, sessionVariable);
      else process.env[sessionVariable] = outer;
      reaper.ref();
      stdin.end(orderly ? 'orderly\n' : '');
      if (reaper.exitCode === null && reaper.signalCode === null) await exited;
      if (reaper.exitCode === 0) return;
      throw environmentError('what this run has created could not all be removed', {
        object: `label ${sessionLabel}=${id}, folder ${folder}`,
        hint: `see what is left: docker ps --all --filter label=${sessionLabel}=${id}`,
      });
    },
  };
}
