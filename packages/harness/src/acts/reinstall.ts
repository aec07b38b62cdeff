import { HoldfastError, messageOf, poll, type Probe, unlessLate } from '@holdfast/core';
import { randomBytes } from 'node:crypto';
import { writeMark } from '../disrupt/data-files.ts';
import { install } from '../disrupt/install.ts';
import { secrets } from '../disrupt/resources.ts';
import type { Scene } from '../disrupt/scene.ts';
import { observe, placesIn, readMembers } from '../disrupt/snapshot.ts';
import { inventory } from '../kube/inventory.ts';
import { uninstallRelease } from '../kube/release.ts';
import type { Outcome, ReinstallRecord, SeenPods, UninstallRecord } from '../observe/acts.ts';
import type { SetRecord } from '../observe/identity.ts';
import { leftovers } from '../observe/leftovers.ts';
import type { DataMark } from '../observe/record.ts';
import { digests, secretsOfPods } from './credentials.ts';
import { readAgain } from './read-again.ts';
import { ActStopped, attempt, type Stage } from './stage.ts';

/**
 * When the release was installed, by the Secret in which Helm keeps its first revision; '' where Helm
 * keeps it elsewhere.
 */
async function installedAt({ scene, spec }: Stage): Promise<string> {
  const name = `sh.helm.release.v1.${spec.release}.v1`;
  const secret = await scene.client.get(secrets, name, scene.namespace);
  return secret?.metadata.creationTimestamp ?? '';
}

/** What nothing says of that it stays. */
function unexplained({ left }: UninstallRecord): string[] {
  return left.filter(({ because }) => because === undefined).map(({ object }) => object);
}

/** How long after the limit a look may yet come that sees everything, in milliseconds. */
const lastLooksMs = 10_000;

/**
 * Uninstalls the release, and waits until all that does not stay is gone; what is left then is left. Where
 * a kind of the API server itself can't be looked for, and nothing else is wrong, nothing was shown.
 *
 * @param extraMs how long to look again past the limit, where the API server fails to list a kind then
 */
export async function uninstall(
  stage: Stage,
  sets: readonly SetRecord[],
  extraMs = lastLooksMs,
): Promise<Outcome<UninstallRecord>> {
  const { scene, helm, spec } = stage;
  const { client, namespace, limits } = scene;
  let record: UninstallRecord = { left: [], unread: [] };
  let unseen: string[] = [];
  const outcome = await attempt(async () => {
    const since = await installedAt(stage);
    await uninstallRelease(helm, spec).catch((error: unknown) => {
      client.signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      throw new ActStopped(`helm uninstall: ${messageOf(error)}`);
    });
    const deadline = performance.now() + limits.recoveryMs;
    const look = async (): Promise<Probe<undefined>> => {
      const isLast = performance.now() >= deadline;
      const { objects, unread } = await inventory(client, namespace);
      const what = unread.map((kind) => kind.what);
      record = { left: leftovers(objects, sets, since), unread: what };
      const builtIn = unread.filter((kind) => kind.builtIn);
      unseen = builtIn.map((kind) => kind.what);
      const isSettled =
        unexplained(record).length > 0 ? isLast : builtIn.every(({ forbidden }) => forbidden);
      if (isSettled) return { done: true, value: undefined };
      return { done: false, saw: [...unexplained(record), ...unseen].join(', ') };
    };
    const what = 'the release to be gone';
    const limitMs = limits.recoveryMs + extraMs;
    const options = { what, limitMs, everyMs: 1_000, signal: client.signal };
    await unlessLate(poll(look, options), () => undefined);
    return record;
  });
  const shown = unseen.length === 0 || unexplained(record).length > 0;
  if (outcome.state !== 'done' || shown) return outcome;
  return { state: 'skipped', reason: `not looked for: ${unseen.join(', ')}` };
}

/** Names are asked for only where the identity program needs them to be right: that takes up to 30 s. */
async function look(scene: Scene): Promise<SeenPods> {
  const asked = scene.driver?.identity === undefined ? [] : undefined;
  const { pods, data, identities } = await observe(scene, 0, asked);
  return { pods, data, identities };
}

/** What came of uninstalling, and of installing again. */
export interface Reinstalled {
  uninstall: Outcome<UninstallRecord>;
  reinstall?: Outcome<ReinstallRecord>;
}

/**
 * Uninstalls the release and looks at all that is left of it; then installs it again under the same name,
 * and looks whether its pods have their claims, marks, credentials, identities and writes.
 *
 * @param marks those of the proof; where there are none yet they are written, and added
 */
export async function reinstall(stage: Stage, marks: DataMark[]): Promise<Reinstalled> {
  const { scene, helm, spec, objects } = stage;
  const { client, namespace, sets, limits } = scene;
  const { sets: records, members } = await readMembers(scene);
  if (marks.length === 0) {
    for (const member of members) {
      for (const place of placesIn(scene, member)) marks.push(await writeMark(scene, place));
    }
  }
  const before = await look(scene);
  const key = randomBytes(32).toString('hex');
  const credentials = async () =>
    digests(await secretsOfPods(client, namespace, objects, sets), key);
  const known = await credentials();
  const uninstalled = await uninstall(stage, records);
  if (uninstalled.state === 'stopped') return { uninstall: uninstalled };
  const again = await attempt(async (): Promise<ReinstallRecord> => {
    const findings = await install(client, helm, spec, sets, limits);
    const failed = findings.find(({ ok }) => !ok);
    if (failed) throw new ActStopped(`${failed.object}: ${failed.text}`);
    const after = await look(scene);
    const ledgers = await Promise.all(stage.ledgers.map(readAgain));
    return { before, after, secrets: { before: known, after: await credentials() }, ledgers };
  });
  return { uninstall: uninstalled, reinstall: again };
}
