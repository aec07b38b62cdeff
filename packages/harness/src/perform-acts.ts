import { runActs, type ActStep } from './acts/run-acts.ts';
import type { Rendered, Stage } from './acts/stage.ts';
import type { Check } from './checks/conclude.ts';
import type { Scene } from './disrupt/scene.ts';
import type { RunningLedger } from './ledger/running-ledger.ts';
import { reach, startLedgers, type LedgerParts } from './ledger/start-ledgers.ts';
import { actNames, type ActName } from './observe/acts.ts';
import type { Proof } from './prepare.ts';
import type { ProofOptions } from './prove-options.ts';

/** The acts that the chosen checks need. */
export function actsFor(chosen: readonly Check[]): Set<ActName> {
  const needs = new Set<string>(chosen.map((check) => check.needs));
  return new Set(actNames.filter((name) => needs.has(name)));
}

/** Whether an act reads what was written before it. */
export function readsLedgers(acts: ReadonlySet<ActName>): boolean {
  return acts.has('copies') || acts.has('reinstall') || acts.has('outside');
}

/** What the ledgers of a release are started from. */
export function ledgerParts(
  { reach: overrides }: ProofOptions,
  { scene, objects, spec }: Rendered,
): LedgerParts {
  const parts = { scene, objects, release: spec.release };
  return overrides === undefined ? parts : { ...parts, overrides };
}

/**
 * Does the acts after the disruptions; the record takes what comes of them.
 *
 * @param ledgers those of the disruptions, whose writers have stopped
 */
export async function performActs(
  proof: Proof,
  scene: Scene,
  ledgers: readonly RunningLedger[],
  acts: ReadonlySet<ActName>,
  step: ActStep,
): Promise<void> {
  const { options, spec, objects, record } = proof;
  const stage: Stage = {
    scene,
    spec,
    objects,
    helm: options.helm,
    ledgers,
    startLedgers: (release, tag) =>
      startLedgers({ ...ledgerParts(options, release), ...(tag === undefined ? {} : { tag }) }),
    reach: (release, driver) => reach(ledgerParts(options, release), driver),
    notice: (text) => {
      options.onEvent({ type: 'notice', text });
    },
  };
  await runActs(stage, acts, record, step);
}
