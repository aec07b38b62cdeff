import { mountAt, parseMountinfo } from './mountinfo.ts';
import type { DataPlace, DataReading } from './data.ts';

/** The files beside the nonce; the nonce's own name is the place's. */
const link = '.holdfast-link';
const file = '.holdfast-file';

/**
 * Writes the three files of a place, each synced to the disk, in any POSIX shell with dd, ln and
 * chmod (busybox and coreutils): the nonce, a symbolic link to it, and a file of mode 0640.
 */
const writeScript = `set -eu
umask 022
cd "$1"
put() { printf '%s\\n' "$2" | dd of="$1" conv=fsync; }
rm -f "$2" ${link} ${file}
put "$2" "$3"
ln -s "$2" ${link}
put ${file} "$4"
chmod 0640 ${file}
`;

/** Prints what stands at a place, one \`key=value\` a line, then the mounts of the container. */
const readScript = `cd "$1" || exit 1
tell() { printf '%s=%s\\n' "$1" "$2"; }
if [ -f "$2" ]; then tell nonce "$(cat "$2")"; fi
if [ -L ${link} ]; then
  tell link "$(readlink ${link})"
  tell linked "$(cat ${link})"
fi
if [ -f ${file} ]; then
  tell content "$(cat ${file})"
  tell bytes "$(wc -c <${file} | tr -d ' ')"
  tell owner "$(stat -c %u:%g ${file})"
  tell mode "$(stat -c %a ${file})"
fi
echo mounts
cat /proc/self/mountinfo
`;

/** The command that writes a nonce and a content, both one line, to a place. */
export function writeCommand(place: DataPlace, nonce: string, content: string): string[] {
  return ['sh', '-c', writeScript, 'sh', place.directory, place.file, nonce, content];
}

/** The command that reads a place. */
export function readCommand(place: DataPlace): string[] {
  return ['sh', '-c', readScript, 'sh', place.directory, place.file];
}

const keys = ['nonce', 'link', 'linked', 'content', 'bytes', 'owner', 'mode'] as const;

/** What the output of {@link readCommand} says. */
export function parseReading(place: DataPlace, output: string): DataReading {
  const [head, mounts] = output.split(/^mounts\n/m);
  const reading: DataReading = { place };
  for (const line of head?.split('\n') ?? []) {
    const at = line.indexOf('=');
    const key = keys.find((name) => name === line.slice(0, at));
    if (key) reading[key] = line.slice(at + 1);
  }
  const mount = mountAt(parseMountinfo(mounts ?? ''), place.mountPath);
  return mount ? { ...reading, mount } : reading;
}
