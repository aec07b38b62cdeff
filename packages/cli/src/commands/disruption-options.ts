import { randomInt } from 'node:crypto';
import { badInput } from '@holdfast/core';
import { maxSeed, selectKinds, type ProofOptions } from '@holdfast/harness';
import type { VerifyOptions } from './verify-options.ts';

type Wanted = Pick<VerifyOptions, 'disrupt' | 'mixed' | 'seed' | 'kubeconfig'>;

/**
 * Checks which disruptions are wanted.
 *
 * @throws HoldfastError (badInput) for a kind that there is not, for kinds of which none can be done
 *   where the nodes are out of reach, and for a seed that nothing is drawn by
 */
export function assertDisruptions({ disrupt, mixed, seed, kubeconfig }: Wanted): void {
  const kinds = selectKinds(disrupt);
  if (seed !== undefined && mixed === undefined) {
    throw badInput('--seed needs --mixed', { object: `--seed ${seed}` });
  }
  if (kubeconfig !== undefined && kinds.every((kind) => kind.fromNode)) {
    throw badInput('the nodes of a cluster that is there are out of reach', {
      object: `--disrupt ${kinds.map((kind) => kind.id).join(',')}`,
      hint: 'leave --kubeconfig out: then a cluster is booted, whose nodes can be stopped',
    });
  }
}

/** How a proof is told of it; a seed is made up where none is given. */
export function courseOf({
  disrupt,
  mixed,
  seed,
}: Wanted): Pick<ProofOptions, 'disrupt' | 'mixed'> {
  return {
    ...(disrupt === undefined ? {} : { disrupt }),
    ...(mixed === undefined
      ? {}
      : { mixed: { count: mixed, seed: seed ?? randomInt(maxSeed + 1) } }),
  };
}

/** Says by which options the same disruptions are drawn again. */
export function drawNotice({ count, seed }: NonNullable<ProofOptions['mixed']>): string {
  return `disruptions are drawn: --mixed ${count} --seed ${seed} draws the same again`;
}
