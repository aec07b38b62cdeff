import { statfs } from 'node:fs/promises';
import { environmentError } from './errors.ts';

const mebibytes = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MiB`;

/**
 * Checks that the file system that a folder lies on has room. A folder that can't be asked is not
 * judged.
 *
 * @param needed in bytes
 * @param purpose what it is needed for: "a cluster"
 * @throws HoldfastError (environment) with the space that there is and the space that is needed
 */
export async function assertSpace(
  folder: string,
  needed: number,
  purpose: string,
  hint: string,
): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  if (free >= needed) return;
  throw environmentError(
    `too little disk space for ${purpose}: ${mebibytes(free)} free, ${mebibytes(needed)} needed`,
    { object: folder, hint },
  );
}
