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

/** Why an act was not done; undefined where that is not what was thrown. */
function skipReason(error: unknown): string | undefined {
  if (error instanceof ActSkipped) return error.message;
  if (!(error instanceof HoldfastError) || error.kind !== 'badInput') return undefined;
  const { message, object, hint } = error;
  const where = object === undefined ? '' : ` (${object})`;
  return `${message}${where}${hint === undefined ? '' : `; ${hint}`}`;
}

/**
 * What comes of an act: a wait that ran into its limit, or Helm's refusal, is a finding. For bad input, as
 * a driver whose Service can't be told, the act was not done: the chart is not to blame, and what the proof
 * has seen by then stands. Any other error says nothing about the chart, and is thrown.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { state: 'done', seen: await work() };
  } catch (error) {
    const reason = skipReason(error);
    if (reason !== undefined) return { state: 'skipped', reason };
    if (!(error instanceof PollTimeout || error instanceof ActStopped)) throw error;
    return { state: 'stopped', reason: error.message };
  }
}
