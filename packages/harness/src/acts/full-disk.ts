import { claims } from '../disrupt/resources.ts';
import type { LoadedDriver, Scene } from '../disrupt/scene.ts';
import { pause } from '../disrupt/pause.ts';
import { lackingAfter } from '../disrupt/settle.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import type { FullDiskRecord, FullLedger, Outcome } from '../observe/acts.ts';
import { isWithin } from '../observe/data.ts';
import { firstClaim, type FirstClaim } from '../observe/first-claim.ts';
import { acknowledgedSince, silentSince, writeForAWhile } from '../ledger/acknowledged.ts';
import { besideName, withRelease } from './second.ts';
import { smallVolume, type SmallVolume } from './small-volume.ts';
import { ActSkipped, ActStopped, attempt, type Rendered, type Stage } from './stage.ts';

/** Times in milliseconds. */
const fullTimes = {
  /** How long no acknowledgement counts as a silence. */
  silenceMs: 3_000,
  /** How long a volume stays full that not all writes need. */
  fullForMs: 15_000,
};

/**
 * Whether all that a ledger writes goes to the full volume: its file is there, or the application has one
 * member only, with no other volume for its data.
 */
export function isConcerned(
  ledger: string,
  { pod, replicas, claims, mountPath }: FirstClaim,
  driver: LoadedDriver | undefined,
): boolean {
  const within = (path: string) => mountPath !== undefined && isWithin(path, mountPath);
  if (driver?.ledger === undefined) {
    return ledger.startsWith(`${pod}:`) && within(ledger.slice(pod.length + 1));
  }
  return replicas === 1 && (claims === 1 || (driver.path !== undefined && within(driver.path)));
}

/**
 * Sees that a claim is bound to a volume: what is written elsewhere says nothing of a full one.
 *
 * @throws ActSkipped where it is bound to another, or is not there
 */
export async function assertBound(
  { client, namespace }: Scene,
  claim: string,
  volume: string,
): Promise<void> {
  const bound = (await client.get(claims, claim, namespace))?.spec.volumeName ?? 'none';
  if (bound === volume) return;
  throw new ActSkipped(`claim ${claim} is bound to ${bound}, and not to the volume to be filled`);
}

/**
 * Has ledgers written to a release, fills its volume, waits until they are silent, makes room again, and
 * reads back what was acknowledged once they go on.
 *
 * @throws ActSkipped where the claim is not bound to the volume; ActStopped where nothing was acknowledged
 */
export async function fillAndEmpty(
  { scene }: Rendered,
  volume: SmallVolume,
  wanted: FirstClaim,
  ledgers: readonly RunningLedger[],
  { silenceMs, fullForMs } = fullTimes,
): Promise<FullDiskRecord> {
  const { client, namespace, sets, limits } = scene;
  await assertBound(scene, wanted.claim, volume.name);
  const silent = await writeForAWhile(client, ledgers, limits.recoveryMs);
  if (silent.length > 0) throw new ActStopped(`${silent.join(', ')}: nothing was acknowledged`);
  await volume.fill();
  const fullMs = performance.now();
  const concerned = ledgers.filter(({ name }) => isConcerned(name, wanted, scene.driver));
  const silences = new Map<RunningLedger, number | null>();
  for (const ledger of concerned) {
    const last = await silentSince(client, ledger, fullMs, silenceMs, limits.recoveryMs);
    silences.set(ledger, last === null ? null : last - fullMs);
  }
  // Whoever needs the volume for some of its work is to meet it full.
  if (concerned.length === 0) await pause(fullForMs, client.signal);
  await volume.empty();
  const roomMs = performance.now();
  const unsettled = await lackingAfter(client, namespace, sets, limits.recoveryMs);
  const ends = ledgers.map(async (ledger): Promise<FullLedger> => {
    const again = await acknowledgedSince(client, ledger, roomMs, limits.recoveryMs);
    return {
      concerned: concerned.includes(ledger),
      silentAfterMs: silences.get(ledger) ?? null,
      resumedAfterMs: again === null ? null : again - roomMs,
      record: await ledger.stop(),
    };
  });
  const seen = {
    pod: wanted.pod,
    claim: wanted.claim,
    silenceMs,
    fullMs: Math.round(roomMs - fullMs),
    ledgers: await Promise.all(ends),
  };
  return unsettled === undefined ? seen : { ...seen, unsettled };
}

/**
 * Runs a release whose first claim is a small volume, fills it to the last byte from its node, waits until
 * nothing is acknowledged any more, makes room again, and waits until writes are acknowledged anew; then
 * all of them are read back.
 */
export async function fullDisk(stage: Stage): Promise<Outcome<FullDiskRecord>> {
  const { client, control, driver } = stage.scene;
  const wanted = firstClaim(stage.objects, driver);
  if (typeof wanted === 'string') return { state: 'skipped', reason: wanted };
  if (control === undefined) {
    const reason = 'the nodes are out of reach, so there is no small volume to fill';
    return { state: 'skipped', reason };
  }
  let volume: SmallVolume | undefined;
  const prepare = async ({ scene }: Rendered) => {
    volume = await smallVolume(client, control, scene.namespace, wanted);
  };
  try {
    return await attempt(() =>
      withRelease(
        stage,
        { namespace: besideName(stage.scene.namespace, 'full'), prepare },
        async (release) => {
          if (volume === undefined) throw new Error('no volume was made');
          const ledgers = await stage.startLedgers(release);
          return fillAndEmpty(release, volume, wanted, ledgers);
        },
      ),
    );
  } finally {
    for (const text of (await volume?.remove()) ?? []) stage.notice(text);
  }
}
