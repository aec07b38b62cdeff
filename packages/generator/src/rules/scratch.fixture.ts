import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Calls a function once. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const scratch = once(() => mkdtemp(join(tmpdir(), 'holdfast-rules-')));
let used = false;

/** A new folder, which is removed after all tests. */
export async function newFolder(): Promise<string> {
  used = true;
  return mkdtemp(join(await scratch(), 'x-'));
}

after(async () => {
  if (used) await rm(await scratch(), { recursive: true });
});

/** Writes files, and the folders that they stand in. */
export async function writeFiles(dir: string, files: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}
