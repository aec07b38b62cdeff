import { HoldfastError, PollTimeout, type Helm } from '@holdfast/core';
import type { LoadedDriver, Scene } from '../disrupt/scene.ts';
import type { ReleaseSpec } from '../kube/release.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import type { Reached } from '../ledger/start-ledgers.ts';
import type { Outcome } from '../observe/acts.ts';
import type { RenderedObject } from '../observe/manifests.ts';

/** A release with what it was rendered to. */
export interface Rendered {
  scene: Scene;
  spec: ReleaseSpec;
  objects: readonly RenderedObject[];
}

/** Where acts happen: the release of a proof, and what it takes to make another beside it. */
export interface Stage extends Rendered {
  helm: Helm;
  /** The ledgers of the disruptions: their writers have stopped, and can still read. */
  ledgers: readonly RunningLedger[];
  /**
   * Starts ledgers on a release.
   *
   * @param tag tells them from others of the same release
   */
  startLedgers(release: Rendered, tag?: string): Promise<RunningLedger[]>;
  /** Finds out how the application of a release is reached, as its ledgers reach it. */
  reach(release: Rendered, driver: LoadedDriver): Promise<Reached>;
  /** Told what went wrong beside the proof, such as a namespace that stays. */
  notice(text: string): void;
}

/** Thrown by an act that can't go on for a reason that lies in the chart: a finding, not an error. */
export class ActStopped extends HoldfastError {
  constructor(message: string) {
    super({ kind: 'internal', message });
    this.name = 'ActStopped';
  }
}

/** Thrown by an act that turns out not to apply to the chart; the message is the reason. */
export class ActSkipped extends HoldfastError {
  constructor(message: string) {
    super({ kind: 'internal', message });
    this.name = 'ActSkipped';
  }
}

/** What bad input is a reason for; undefined for any other error. */
export function badInputReason(error: unknown): string | undefined {
  if (!(error instanceof HoldfastError) || error.kind !== 'badInput') return undefined;
  const { message, object, hint } = error;
  const where = object === undefined ? '' : ` (${object})`;
  return `${message}${where}${hint === undefined ? '' : `; ${hint}`}`;
}

/**
 * A step of an act for which the driver may be no match, as one whose Service can't be told: the chart is
 * not to blame, and what the proof has seen by then stands.
 *
 * @throws ActSkipped for bad input; whatever else the step throws
 */
export async function elseSkipped<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    const reason = badInputReason(error);
    throw reason === undefined ? error : new ActSkipped(reason);
  }
}

/**
 * What comes of an act: a wait that ran into its limit, or Helm's refusal, is a finding, and an act that
 * says itself that it does not apply is skipped. Any other error says nothing about the chart, and is
 * thrown: bad input too, so that no check is left out by it unnoticed.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { state: 'done', seen: await work() };
  } catch (error) {
    if (error instanceof ActSkipped) return { state: 'skipped', reason: error.message };
    if (!(error instanceof PollTimeout || error instanceof ActStopped)) throw error;
    return { state: 'stopped', reason: error.message };
  }
}
