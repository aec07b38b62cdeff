import { messageOf, type Moment } from '@holdfast/core';
import { recordChanges, type Recording } from '../kube/watch.ts';
import { podEndings } from '../observe/endings.ts';
import type { Holders } from '../observe/holders.ts';
import { podLives, type Lives } from '../observe/lives.ts';
import type { Pod } from '../observe/objects.ts';
import type { DisruptionEvidence } from '../observe/record.ts';
import { timeline, type Timeline } from '../observe/timeline.ts';
import { writesSince } from './acknowledged.ts';
import type { Aimed } from './aim.ts';
import { evidenceOf, recoveryTimes } from './evidence.ts';
import { helpersBack, helpersOn } from './helpers.ts';
import type { PlannedDisruption } from './plan.ts';
import { unsettled, waitUntil } from './recovered.ts';
import { pods } from './resources.ts';
import type { Scene } from './scene.ts';
import type { Outcome } from './strike.ts';
import { aimsOf, slowest } from './targets.ts';

/** Told while a disruption goes on. */
export type OnMoment = (moment: Moment) => void;

/** Watches from its node who has a pod's data open, while the pod is taken away by force. */
export type WatchHolders = (scene: Scene, pod: Pod) => Promise<{ stop(): Promise<Holders> }>;

/** What came of a disruption: what was recorded, or why it could not be done. */
export type Disrupted = { evidence: DisruptionEvidence } | { refused: string };

/** How long the watch may be behind a listing. */
const watchLagMs = 5_000;

function watchFailure({ failure }: Recording, recovered: boolean): string | undefined {
  if (recovered || failure === undefined) return undefined;
  return `the watch was lost: ${messageOf(failure)}`;
}

/**
 * Does a disruption to pods that are all Ready, and waits until each of its targets is back as its kind has it: replaced by a pod
 * with another UID, or the same pod with its containers started anew, and Ready; then until every
 * ledger acknowledges writes again. The times are those of a watch, not of the wait.
 *
 * @param aimed at whom the plan turned out to aim
 * @param onMoment is told each moment of the timeline as it comes
 * @returns what was recorded, or why it was not done; the pods are untouched then
 */
export async function disrupt(
  scene: Scene,
  planned: PlannedDisruption,
  aimed: Aimed,
  onMoment: OnMoment,
  watchHolders?: WatchHolders,
): Promise<Disrupted> {
  const { kind, number } = planned;
  const { client, namespace, limits } = scene;
  const list = async () => (await client.list(pods, namespace)).items;
  const targetsOf = (all: readonly Pod[]) =>
    all.filter(({ metadata }) => aimed.targets.includes(metadata.name));
  const hindered = await kind.awaitPossible?.(scene, targetsOf(await list()));
  if (hindered !== undefined) return { refused: hindered };
  const before = await list();
  const targets = targetsOf(before);
  const aims = aimsOf(kind, targets);
  const helpers = await helpersOn(scene, aimed.nodes, kind.fate);
  const [first] = targets;
  const holders = first && kind.id === 'force' ? await watchHolders?.(scene, first) : undefined;

  const startedAt = new Date().toISOString();
  let line: Timeline | undefined;
  let lives: Lives | undefined;
  const endings = podEndings();
  await using recording = await recordChanges(client, pods, namespace, (change) => {
    lives?.add(change);
    endings.add(change);
    for (const moment of line?.add(change) ?? []) onMoment(moment);
  });
  for (const ledger of scene.ledgers ?? []) ledger.mark(number);
  const beganMs = performance.now();
  const grown = (line = timeline(aims, beganMs));
  const grownLives = (lives = podLives(before, beganMs));
  const leftMs = () => limits.recoveryMs - (performance.now() - beganMs);
  const names = Object.keys(aims);
  const isBack = () => names.every((name) => grown.recoveryMs(name) !== null);
  let samples: Holders | undefined;
  let outcome: Outcome;
  try {
    outcome = await kind.strike({
      scene,
      targets,
      nodes: aimed.nodes,
      beganMs,
      tell: (object, event) => {
        onMoment(grown.tell(object, event, performance.now()));
      },
      reported: () => {
        grown.reported(aimed.targets, performance.now());
      },
    });
    if (outcome.refused === undefined) await waitUntil(scene, isBack, leftMs());
  } finally {
    samples = await holders?.stop();
  }
  if (outcome.refused !== undefined) return { refused: outcome.refused };
  const lacked = await unsettled(scene, aims, leftMs());
  await helpersBack(scene, helpers);
  const after = await list();
  const seen = () => Object.values(recoveryTimes(names, grown, after));
  if (lacked === undefined) await waitUntil(scene, () => !seen().includes(null), watchLagMs);
  const recoveryMs = slowest(seen());
  const back = lacked === undefined && recoveryMs !== null ? beganMs + recoveryMs : null;
  const writes = await writesSince(scene, beganMs, back);
  const lost = lacked ?? watchFailure(recording, recoveryMs !== null) ?? writes?.silent;
  const endMs = writes?.endMs ?? performance.now();
  const spans = {
    untilMs: Math.round(endMs - beganMs),
    pods: grownLives.until(endMs),
    acknowledged: writes?.acknowledged ?? {},
  };
  const came = { outcome, samples, endingOf: endings.of, writes, unsettled: lost, spans };
  const evidence = evidenceOf(
    planned,
    aimed,
    { startedAt, aims, line: grown, before, after },
    came,
  );
  return { evidence };
}
