import { poll, type Probe, unlessLate } from '@holdfast/core';
import { evict } from '../kube/evict.ts';
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

function refusal(pod: Pod, said: string): string {
  return `the eviction of ${pod.metadata.name} is refused: ${said}`;
}

/**
 * Waits, by dry runs, until the budgets allow the eviction of a pod: one that lags behind the pods is
 * none of the time that the eviction takes.
 *
 * @returns the refusal, where they allow none
 */
export async function awaitBudget(
  { client, namespace, limits }: Scene,
  [pod]: readonly Pod[],
): Promise<string | undefined> {
  if (pod === undefined) return 'there is no pod';
  const probe = async (): Promise<Probe<string | undefined>> => {
    const answer = await evict(client, namespace, identityOf(pod), true);
    if (answer.evicted) return { done: true, value: undefined };
    if (!answer.passing) return { done: true, value: answer.said };
    return { done: false, saw: answer.said };
  };
  const limitMs = Math.min(budgetLagMs, limits.recoveryMs);
  const options = { what: 'a budget to allow it', limitMs, everyMs: 500, signal: client.signal };
  const said = await unlessLate(poll(probe, options), (saw) => saw);
  return said === undefined ? undefined : refusal(pod, said);
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
  tell(pod.metadata.name, 'eviction requested');
  const answer = await evict(scene.client, scene.namespace, identityOf(pod));
  if (!answer.evicted) return { refused: refusal(pod, answer.said) };
  return { eviction: await beyond(scene, pod) };
}
