import type { MountRecord } from './mountinfo.ts';
import type { SetRecord } from './identity.ts';
import type { Container, Pod } from './objects.ts';

/** Where in a pod a proof leaves its files. */
export interface DataPlace {
  pod: string;
  set: string;
  ordinal: number;
  container: string;
  /** Where the claim is mounted; without a claim, the folder that the driver names. */
  mountPath: string;
  /** The folder that the files are written to: the mount itself or a folder in it. */
  directory: string;
  /** The nonce's file name. */
  file: string;
  /** The claim that is mounted there; undefined where the folder is on none. */
  claim: string | undefined;
  /** Whether the driver can read the nonce through the application. */
  served: boolean;
}

/** What was found at a place. Fields stay undefined where there was no such file. */
export interface DataReading {
  place: DataPlace;
  /** Why nothing could be written or read there. */
  error?: string;
  nonce?: string;
  /** The nonce as the application served it. */
  served?: string;
  /** Where the symbolic link points. */
  link?: string;
  /** What is read through it. */
  linked?: string;
  content?: string;
  bytes?: string;
  owner?: string;
  mode?: string;
  mount?: MountRecord;
  /** Why what is mounted can't be the claim's volume. */
  mismatch?: string;
}

/** What a driver says about where an application keeps its data. */
export interface DataDriver {
  path?: string;
  file?: string;
  /** Whether there is a script that reads the nonce through the application. */
  reads: boolean;
}

const defaultFile = '.holdfast-nonce';

/** Whether a path is a folder or in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function mountOf(pod: Pod, volume: string): { container: Container; path: string } | undefined {
  for (const container of pod.spec.containers) {
    const mount = container.volumeMounts?.find((m) => m.name === volume && m.readOnly !== true);
    if (mount) return { container, path: mount.mountPath };
  }
  return undefined;
}

/**
 * The places of a pod: one for each claim template that is mounted writable, and the driver's path
 * where it is on none of them, so that its loss is seen.
 */
export function placesOf(pod: Pod, set: SetRecord, driver?: DataDriver): DataPlace[] {
  const name = pod.metadata.name;
  const ordinal = Number(name.slice(set.name.length + 1));
  const of = { pod: name, set: set.name, ordinal };
  const path = driver?.path;
  const theirs = { file: driver?.file ?? defaultFile, served: driver?.reads ?? false };
  const places = set.claimTemplates.flatMap((template): DataPlace[] => {
    const claim = `${template}-${name}`;
    const volume = pod.spec.volumes?.find((v) => v.persistentVolumeClaim?.claimName === claim);
    const mount = volume && mountOf(pod, volume.name);
    if (!mount) return [];
    const here = path !== undefined && isWithin(path, mount.path);
    const file = here ? theirs : { file: defaultFile, served: false };
    const directory = here ? path : mount.path;
    return [
      { ...of, ...file, container: mount.container.name, mountPath: mount.path, directory, claim },
    ];
  });
  const covered = path === undefined || places.some((place) => isWithin(path, place.mountPath));
  const first = pod.spec.containers[0];
  if (covered || !first) return places;
  const extra = { container: first.name, mountPath: path, directory: path, claim: undefined };
  return [...places, { ...of, ...theirs, ...extra }];
}

/** Names a place in a report. */
export function describePlace(place: DataPlace): string {
  return `${place.pod}:${place.directory}/${place.file}`;
}
