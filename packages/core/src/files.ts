import { access } from 'node:fs/promises';

/** Whether there is a file or folder at a path, and this user can see it. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
