import type { Volume } from './objects.ts';

/** One mount as the kernel lists it, `/proc/PID/mountinfo` in proc(5). */
export interface MountRecord {
  mountPoint: string;
  /** The part of the file system that is mounted. */
  root: string;
  type: string;
  /** The device or remote that the file system is on. */
  source: string;
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
}

/** The mounts of a process; lines of another form are passed over. */
export function parseMountinfo(text: string): MountRecord[] {
  return text.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ');
    const [, , , root, mountPoint] = left?.split(' ') ?? [];
    const [type, source] = right?.split(' ') ?? [];
    if (!root || !mountPoint || !type || !source) return [];
    return {
      mountPoint: unescape(mountPoint),
      root: unescape(root),
      type,
      source: unescape(source),
    };
  });
}

/** What is mounted exactly at a path; a later mount covers an earlier one. */
export function mountAt(mounts: readonly MountRecord[], path: string): MountRecord | undefined {
  const wanted = path.length > 1 ? path.replace(/\/+$/, '') : path;
  return mounts.findLast((mount) => mount.mountPoint === wanted);
}

/** How a mount is written in a report. */
export function describeMount(mount: MountRecord | undefined): string {
  return mount ? `${mount.type} ${mount.source} ${mount.root}` : 'no mount at this path';
}

/**
 * Whether two mounts show the same place of the same file system. A block device may come back
 * under another name when its volume is attached again, so its name is not compared.
 */
export function sameMount(a: MountRecord, b: MountRecord): boolean {
  const devices = a.source.startsWith('/dev/') && b.source.startsWith('/dev/');
  return a.root === b.root && a.type === b.type && (devices || a.source === b.source);
}

/**
 * Why a mount can't be the persistent volume; undefined where nothing speaks against it. Only
 * volumes that are a path of the node tell where they are; the others are taken at their word.
 */
export function mismatch(mount: MountRecord, volume: Volume | undefined): string | undefined {
  if (mount.type === 'tmpfs' || mount.type === 'overlay') {
    return `${mount.type} holds nothing beyond the container`;
  }
  const path = volume?.spec.hostPath?.path ?? volume?.spec.local?.path;
  const folder = path?.replace(/\/+$/, '').split('/').at(-1);
  if (folder === undefined || folder === '' || mount.root.split('/').includes(folder))
    return undefined;
  return `${mount.root} is not the volume's path ${path ?? ''}`;
}
