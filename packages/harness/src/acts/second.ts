import { randomBytes, randomUUID } from 'node:crypto';
import type { Helm } from '@holdfast/core';
import { install } from '../disrupt/install.ts';
import { removeRelease } from '../kube/clean-up.ts';
import type { KubeClient } from '../kube/client.ts';
import { discovery } from '../kube/discovery.ts';
import { awaitServiceAccount, createNamespace } from '../kube/namespace.ts';
import { renderChart, type ReleaseSpec } from '../kube/release.ts';
import { WriterRefused } from '../ledger/start-writer.ts';
import { ofKind, parseManifests, type RenderedObject } from '../observe/manifests.ts';
import { sharedReason, withoutFolders, type Installation } from '../observe/shared.ts';
import { ActSkipped, ActStopped, elseSkipped, type Rendered, type Stage } from './stage.ts';

/** The longest name of a namespace, as DNS has it. */
const longestName = 63;

/**
 * The namespace of a release beside the proof's: its name with a word behind, and a few letters that are
 * others each time, so that what a killed proof has left is in nobody's way.
 */
export function besideName(namespace: string, word: string): string {
  const end = `-${word}-${randomBytes(2).toString('hex')}`;
  return `${namespace.slice(0, longestName - end.length).replace(/-+$/, '')}${end}`;
}

/** How a release beside the proof's differs from it. */
export interface Beside {
  /** Its namespace, as {@link besideName} makes it. */
  namespace: string;
  /** Values beyond those of the proof, `KEY=VALUE` each. */
  set?: readonly string[];
  /** Done in the namespace before the release is installed. */
  prepare?: (release: Rendered) => Promise<void>;
}

/** Those of the objects that stand in no namespace; a kind that the API server does not know has none. */
async function clusterScoped(
  client: KubeClient,
  objects: readonly RenderedObject[],
): Promise<Set<RenderedObject>> {
  const discover = discovery(client);
  const found = new Set<RenderedObject>();
  for (const object of objects) {
    const resource = await discover(object.apiVersion, object.kind);
    if (resource?.namespaced === false) found.add(object);
  }
  return found;
}

/**
 * Sees that the chart can be installed beside the proof's release.
 *
 * @throws ActSkipped naming what both releases would have
 */
async function assertApart({ scene, objects }: Stage, second: Installation): Promise<void> {
  const first = { objects, namespace: scene.namespace };
  const global = await clusterScoped(scene.client, [...objects, ...second.objects]);
  const reason = sharedReason(first, second, (object) => global.has(object));
  if (reason !== undefined) throw new ActSkipped(reason);
}

/** The release's documents and objects. */
async function render(helm: Helm, spec: ReleaseSpec) {
  const text = await renderChart(helm, spec);
  return { text, objects: parseManifests(text) };
}

/**
 * Installs the chart once more, in a namespace of its own, which is removed with all that is in it when
 * the work is done, also where that fails.
 *
 * @throws ActSkipped where both releases can't stand in one cluster, there is no StatefulSet to follow, or
 *   the driver does not tell how to write through it; ActStopped when it does not become Ready
 */
export async function withRelease<T>(
  stage: Stage,
  { namespace, set = [], prepare = () => Promise.resolve() }: Beside,
  work: (release: Rendered) => Promise<T>,
): Promise<T> {
  const { helm, scene } = stage;
  const { client, limits } = scene;
  const spec = { ...stage.spec, namespace, set: [...stage.spec.set, ...set] };
  const { text, objects } = await elseSkipped(render(helm, spec));
  await assertApart(stage, { objects: withoutFolders(text), namespace });
  const sets = ofKind(objects, 'StatefulSet').map(({ metadata }) => metadata.name);
  if (sets.length === 0) throw new ActSkipped('with these values the chart renders no StatefulSet');
  // The proof's own ledgers are of no concern there.
  const release: Rendered = { scene: { ...scene, namespace, sets, ledgers: [] }, spec, objects };
  const owner = randomUUID();
  await createNamespace(client, namespace, owner);
  try {
    await awaitServiceAccount(client, namespace);
    await prepare(release);
    const findings = await install(client, helm, spec, sets, limits);
    const failed = findings.find(({ ok }) => !ok);
    if (failed) throw new ActStopped(`${namespace}: ${failed.object}: ${failed.text}`);
    return await elseSkipped(work(release));
  } catch (error) {
    const ofThis = error instanceof WriterRefused && error.target.namespace === namespace;
    throw ofThis ? error.withoutLog() : error;
  } finally {
    for (const text of await removeRelease(client, helm, spec, owner)) stage.notice(text);
  }
}
