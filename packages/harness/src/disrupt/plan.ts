/** One disruption to be done. */
export interface PlannedDisruption {
  /** Counted from 1. */
  number: number;
  kind: DisruptionKind;
  /** The pods that it aims at. */
  targets: string[];
}

/** As they stand in the catalogue of disruptions. */
export type DisruptionKind = 'graceful delete' | 'all at once';

/**
 * The disruptions of a proof: in every round each pod by itself, in the order of the ordinals, then
 * all of them at once.
 *
 * @param pods the pods' names, in the order of their ordinals
 */
export function planDisruptions(pods: readonly string[], rounds: number): PlannedDisruption[] {
  const round: Omit<PlannedDisruption, 'number'>[] = [
    ...pods.map((pod) => ({ kind: 'graceful delete' as const, targets: [pod] })),
    ...(pods.length > 1 ? [{ kind: 'all at once' as const, targets: [...pods] }] : []),
  ];
  return Array.from({ length: rounds }, () => round)
    .flat()
    .map((entry, index) => ({ ...entry, number: index + 1 }));
}
