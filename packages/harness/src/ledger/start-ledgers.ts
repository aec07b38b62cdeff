import { randomInt } from 'node:crypto';
import type { LoadedDriver, Scene } from '../disrupt/scene.ts';
import { secrets } from '../disrupt/resources.ts';
import { placesIn, readMembers } from '../disrupt/snapshot.ts';
import { podContainer } from '../kube/exec-stream.ts';
import { logTail } from '../kube/logs.ts';
import { admittedLabels } from '../observe/client-labels.ts';
import type { RenderedObject } from '../observe/manifests.ts';
import { appLedger } from './app-ledger.ts';
import { fileLedger, program } from './file-ledger.ts';
import { findCredentials, secretNames, type CredentialFile } from './find-credentials.ts';
import { findService, hasAddress, type Endpoint } from './find-service.ts';
import { templateOf, type PodTemplate } from './pod-template.ts';
import type { RunningLedger } from './running-ledger.ts';
import { startWriter } from './start-writer.ts';
import { writerName, writerPaths, type WriterParts } from './writer-pod.ts';

/** How an application is reached that another chart installs than the one that the driver was written for. */
export interface LedgerOverrides {
  service?: string;
  port?: number;
  secrets?: readonly CredentialFile[];
}

/** What ledgers are started from. */
export interface LedgerParts {
  scene: Scene;
  /** The release's rendered objects. */
  objects: readonly RenderedObject[];
  release: string;
  overrides?: LedgerOverrides;
  /** Tells ledgers of the same application apart: each has data and a writer of its own. */
  tag?: string;
}

/** Writes in a second: of one writer, and of all files together. */
const rate = 300;
const fileRate = 50;
const allFilesRate = 120;

function newSalt(): number {
  return randomInt(2 ** 32);
}

/** The keys of Secrets, of those that exist. */
async function existingKeys(
  { client, namespace }: Scene,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  const keys = new Map<string, string[]>();
  for (const name of new Set(names)) {
    const found = await client.get(secrets, name, namespace);
    if (found) keys.set(name, Object.keys(found.data ?? {}));
  }
  return keys;
}

/** An application and how it is reached. */
export interface Reached extends Endpoint {
  template: PodTemplate;
  credentials: CredentialFile[];
}

/**
 * Finds out how a driver's application is reached.
 *
 * @throws HoldfastError (badInput) where its Service or a credential can't be found
 */
export async function reach(
  { scene, objects, release, overrides = {} }: LedgerParts,
  driver: LoadedDriver,
): Promise<Reached> {
  const template = templateOf(objects, scene.sets, driver.set);
  const port = overrides.port ?? driver.port ?? 0;
  const service = overrides.service ?? driver.service;
  const endpoint = findService(objects, template, port, service, release);
  const given = overrides.secrets ?? [];
  const named = [...secretNames(template), ...given.map(({ secret }) => secret)];
  const existing = await existingKeys(scene, named);
  const credentials = findCredentials(driver.credentials, template, existing, given);
  return { ...endpoint, template, credentials };
}

async function startAppLedger(
  parts: LedgerParts,
  driver: LoadedDriver,
  ledger: NonNullable<LoadedDriver['ledger']>,
): Promise<RunningLedger> {
  const { scene, objects } = parts;
  const { client, namespace, clusterDomain, control, limits } = scene;
  const { service, port, template, credentials } = await reach(parts, driver);
  const salt = newSalt();
  const { tag } = parts;
  const pod = writerName(tag);
  const writer: WriterParts = {
    name: pod,
    labels: admittedLabels(objects),
    template,
    ...(ledger.image === undefined ? {} : { image: ledger.image }),
    ...(control === undefined ? {} : { node: control.server }),
    scripts: { ...driver.scripts, 'writer.sh': await program('writer.sh') },
    credentials,
    env: {
      HOST: `${service}.${namespace}.svc.${clusterDomain}`,
      PORT: String(port),
      LEDGER: [service, port, ...(tag === undefined ? [] : [tag])].join('-'),
      CREDENTIALS: writerPaths.credentials,
      HOME: '/tmp',
      WRITE: `${writerPaths.scripts}/${ledger.write}`,
      READ: `${writerPaths.scripts}/${ledger.read}`,
      LEDGER_DIR: writerPaths.ledger,
      RATE: String(rate),
      SALT: String(salt),
    },
  };
  const name = [`${service}:${port}`, ...(tag === undefined ? [] : [tag])].join(' ');
  const target = await startWriter(client, namespace, writer, limits.readyMs);
  const podPort = parts.overrides?.port ?? driver.port ?? port;
  const said = () => logTail(client, target, 3);
  const reached = hasAddress(objects, service) ? 'address' : 'names';
  return appLedger(podContainer(client, target), { name, salt, podPort, reached, said });
}

/**
 * A ledger in a file for each place: the claims, and the driver's folder where it is on none of them, so
 * that its loss is seen; not where the driver says that nothing is kept.
 */
async function startFileLedgers({ scene, tag }: LedgerParts): Promise<RunningLedger[]> {
  const { client, namespace, driver } = scene;
  const { members } = await readMembers(scene);
  const places = members
    .flatMap((member) => placesIn(scene, member))
    .filter(({ claim }) => claim !== undefined || driver?.claims !== 'none');
  const each = Math.min(fileRate, allFilesRate / places.length);
  const suffix = tag === undefined ? '' : `-${tag}`;
  return Promise.all(
    places.map(({ pod, container, directory }) =>
      fileLedger(podContainer(client, { namespace, pod, container }), {
        name: `${pod}:${directory}`,
        file: `${directory}/.holdfast-ledger-${pod}${suffix}`,
        salt: newSalt(),
        everyMs: 1000 / each,
      }),
    ),
  );
}

/**
 * Begins to write: through the application where the driver has programs for it, else into files of
 * every claim.
 *
 * @throws HoldfastError (badInput) where the application's Service or a credential can't be found;
 *   (environment) where the writer does not run
 */
export async function startLedgers(parts: LedgerParts): Promise<RunningLedger[]> {
  const { driver } = parts.scene;
  if (driver?.ledger === undefined) return startFileLedgers(parts);
  return [await startAppLedger(parts, driver, driver.ledger)];
}
