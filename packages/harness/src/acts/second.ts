import { randomUUID } from 'node:crypto';
import { install } from '../disrupt/install.ts';
import { removeRelease } from '../kube/clean-up.ts';
import { awaitServiceAccount, createNamespace } from '../kube/namespace.ts';
import { renderChart } from '../kube/release.ts';
import { hooksOf, parseManifests } from '../observe/manifests.ts';
import { ActStopped, type Rendered, type Stage } from './stage.ts';

/** The longest name of a namespace, as DNS has it. */
const longestName = 63;

/** The namespace of a release beside the proof's: its name with a word behind. */
export function besideName(namespace: string, word: string): string {
  return `${namespace.slice(0, longestName - word.length - 1).replace(/-+$/, '')}-${word}`;
}

/** How a release beside the proof's differs from it. */
export interface Beside {
  /** What its namespace's name ends with. */
  word: string;
  /** Values beyond those of the proof, `KEY=VALUE` each. */
  set?: readonly string[];
  /** Done in the namespace before the release is installed. */
  prepare?: (release: Rendered) => Promise<void>;
}

/**
 * Installs the chart once more, in a namespace of its own, which is removed with all that is in it when
 * the work is done, also where that fails.
 *
 * @throws ActStopped when it does not become Ready
 */
export async function withRelease<T>(
  stage: Stage,
  { word, set = [], prepare = () => Promise.resolve() }: Beside,
  work: (release: Rendered) => Promise<T>,
): Promise<T> {
  const { helm, scene } = stage;
  const { client, limits } = scene;
  const namespace = besideName(scene.namespace, word);
  const spec = { ...stage.spec, namespace, set: [...stage.spec.set, ...set] };
  const objects = parseManifests(await renderChart(helm, spec));
  const sets = objects
    .filter((object) => object.kind === 'StatefulSet' && hooksOf(object).length === 0)
    .map(({ metadata }) => metadata.name);
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
    return await work(release);
  } finally {
    for (const text of await removeRelease(client, helm, spec, owner)) stage.notice(text);
  }
}
