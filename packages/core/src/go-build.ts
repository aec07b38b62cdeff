import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runToSuccess } from './process.ts';

/** A build of a Go program into a file. */
export interface GoBuild {
  /** `install` with a module's main package at its version, or `build` with a folder's. */
  args: readonly string[];
  /** The folder that it is run in; it matters for `build`. */
  cwd: string;
  /** The name that Go gives the program. */
  program: string;
  /** The linker's flags. */
  flags: string;
  /** Where the program is moved when it is whole. */
  target: string;
  /** What to do where there is no Go. */
  installHint: string;
  signal?: AbortSignal;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what builds that were killed have left. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    const pid = /^\.(\d+)\..*unfinished$/.exec(entry)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(join(folder, entry), { recursive: true, force: true });
  }
}

/**
 * Builds a Go program, statically linked, and moves it to its place only when it is whole: two builds
 * at once, or one that is killed, leave nothing broken behind.
 *
 * @throws HoldfastError with Go's last lines when it fails; (environment) where there is no Go
 */
export async function goBuild(build: GoBuild): Promise<void> {
  const folder = dirname(build.target);
  await mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  const unfinished = join(folder, `.${process.pid}.${basename(build.target)}.unfinished`);
  const work = join(unfinished, 'work');
  await mkdir(work, { recursive: true });
  const [verb = 'build', ...rest] = build.args;
  const out = verb === 'build' ? ['-o', join(unfinished, build.program)] : [];
  try {
    await runToSuccess(
      'go',
      [verb, '-trimpath', '-buildvcs=false', '-ldflags', build.flags, ...out, ...rest],
      {
        cwd: build.cwd,
        env: { GOBIN: unfinished, GOTMPDIR: work, CGO_ENABLED: '0' },
        installHint: build.installHint,
        ...(build.signal === undefined ? {} : { signal: build.signal }),
      },
    );
    await rename(join(unfinished, build.program), build.target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
