import { poll, PollTimeout, type Probe } from '@holdfast/core';
import { evict, type EvictionAnswer } from '../kube/evict.ts';
import { ApiFailure } from '../kube/failure.ts';
import type { Resource } from '../kube/resource.ts';
import { isReady, type Metadata, type Pod } from '../observe/objects.ts';
import type { EvictionEvidence } from '../observe/record.ts';
import { selects, type LabelSelector } from '../observe/selector.ts';
import { pods } from './resources.ts';
import type { Scene } from './scene.ts';
import type { Outcome, Strike } from './strike.ts';

interface Budget {
  metadata: Metadata;
  spec: { selector?: LabelSelector };
  status?: { disruptionsAllowed?: number };
}

const budgets: Resource<Budget> = {
  base: '/apis/policy/v1',
  plural: 'poddisruptionbudgets',
  namespaced: true,
};

/** How long the controller of the budgets may be behind the pods' readiness. */
const budgetLagMs = 10_000;

function covers({ spec }: Budget, pod: Pod): boolean {
  return spec.selector !== undefined && selects(spec.selector, pod.metadata.labels ?? {});
}

const identityOf = ({ metadata: { name, uid } }: Pod) => ({ name, uid });

/** Asks until a budget that lags behind has been brought up to date. */
async function evicted(scene: Scene, pod: Pod): Promise<EvictionAnswer> {
  const { client, namespace, limits } = scene;
  const limitMs = Math.min(budgetLagMs, limits.recoveryMs);
  let last: EvictionAnswer | undefined;
  try {
    return await poll(
      async (): Promise<Probe<EvictionAnswer>> => {
        last = await evict(client, namespace, identityOf(pod));
        if (last.evicted || !last.passing) return { done: true, value: last };
        return { done: false, saw: last.said };
      },
      { what: 'a budget to allow it', limitMs, everyMs: 500, signal: client.signal },
    );
  } catch (error) {
    if (error instanceof PollTimeout && last !== undefined) return last;
    throw error;
  }
}

/**
 * Asks for another eviction that the same budget has to refuse: it has just been used up, and the pod
 * that used it up is away. The request is a dry run: a budget that fails here takes no pod down.
 */
async function beyond(scene: Scene, first: Pod): Promise<EvictionEvidence> {
  const { client, namespace } = scene;
  const covering = (await client.list(budgets, namespace)).items.filter((b) => covers(b, first));
  const names = covering.map(({ metadata }) => metadata.name);
  const [budget] = covering;
  if (budget === undefined) return { budgets: names, untried: 'no budget covers it' };
  const left = budget.status?.disruptionsAllowed ?? 0;
  const { name } = budget.metadata;
  if (left > 0) return { budgets: names, untried: `budget ${name} allows ${left} more` };
  const others = (await client.list(pods, namespace)).items.filter(
    (pod) => pod.metadata.name !== first.metadata.name && isReady(pod) && covers(budget, pod),
  );
  const [other] = others;
  if (other === undefined) {
    return { budgets: names, untried: `budget ${name} covers no other pod that is Ready` };
  }
  const answer = await evict(client, namespace, identityOf(other), true).catch((error: unknown) => {
    if (error instanceof ApiFailure) return error.message;
    throw error;
  });
  if (typeof answer === 'string') return { budgets: names, untried: answer };
  const said = answer.evicted ? 'the eviction was allowed' : answer.said;
  const request = { pod: other.metadata.name, budget: name, refused: !answer.evicted, said };
  return { budgets: names, beyond: request };
}

/**
 * Evicts one pod through the API, as a drained node does, and asks right after it for one eviction
 * more than its budget allows.
 *
 * @returns the refusal, where a budget allows none; the pod is untouched then
 */
export async function evictTarget({ scene, targets, tell }: Strike): Promise<Outcome> {
  const [pod] = targets;
  if (pod === undefined) return { refused: 'there is no pod' };
  const { name } = pod.metadata;
  tell(name, 'eviction requested');
  const answer = await evicted(scene, pod);
  if (!answer.evicted) return { refused: `the eviction of ${name} is refused: ${answer.said}` };
  return { eviction: await beyond(scene, pod) };
}
