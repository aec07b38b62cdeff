import type { Check, Need } from './checks/conclude.ts';
import { watchHolders } from './disrupt/holders.ts';
import { dryRunFindings } from './disrupt/inspect.ts';
import { install, runTests } from './disrupt/install.ts';
import { selectKinds } from './disrupt/kinds.ts';
import type { Course } from './disrupt/plan.ts';
import { runRounds, type RoundsListener } from './disrupt/rounds.ts';
import { setScene } from './disrupt/set-scene.ts';
import { awaitServiceAccount } from './kube/namespace.ts';
import { writeForAWhile } from './ledger/acknowledged.ts';
import { startLedgers } from './ledger/start-ledgers.ts';
import { hooksOf } from './observe/manifests.ts';
import { actsFor, ledgerParts, performActs, readsLedgers } from './perform-acts.ts';
import type { Proof } from './prepare.ts';
import type { ProofOptions } from './prove-options.ts';

/** Does one step of a proof, and tells when it begins and ends. */
export async function step<T>(
  options: ProofOptions,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  options.signal.throwIfAborted();
  const began = performance.now();
  options.onEvent({ type: 'step', title, state: 'started' });
  const value = await work();
  const ms = Math.round(performance.now() - began);
  options.onEvent({ type: 'step', title, state: 'finished', ms });
  return value;
}

/** Whether any of the chosen checks can't do without one of these. */
function need(chosen: readonly Check[], needs: readonly Need[]): boolean {
  return chosen.some((check) => needs.includes(check.needs));
}

/**
 * What is to be disrupted.
 *
 * @throws HoldfastError (badInput) for a kind of disruption that there is not
 */
export function courseOf({ rounds, disrupt, mixed }: ProofOptions): Course {
  return { kinds: selectKinds(disrupt), rounds, ...(mixed === undefined ? {} : { mixed }) };
}

/** Passes on what the disruptions tell. */
function listenerOf({ onEvent }: ProofOptions): RoundsListener {
  return {
    plan: (total, notDone) => {
      onEvent({ type: 'plan', total, notDone: [...notDone] });
    },
    planned: ({ number, kind }, targets, total) => {
      onEvent({ type: 'disruption', number, total, kind: kind.title, targets: [...targets] });
    },
    moment: (disruption, moment) => {
      onEvent({ type: 'moment', disruption, moment });
    },
    notDone: (entry) => {
      onEvent({ type: 'not done', entry });
    },
    done: (record) => {
      onEvent({ type: 'recovery', record });
    },
  };
}

/** The steps in the namespace, as far as the chosen checks need them; the record holds what came of them. */
export async function perform(proof: Proof, chosen: readonly Check[]): Promise<void> {
  const { options, spec, client, objects, sets, limits, record } = proof;
  const { namespace, helm } = options;
  await awaitServiceAccount(client, namespace);
  record.dryRun = await step(options, 'dry run', () => dryRunFindings(client, namespace, objects));
  const acts = actsFor(chosen);
  const disrupts = need(chosen, ['pods', 'disruption', 'recovery']);
  if (!disrupts && acts.size === 0 && !need(chosen, ['install'])) return;
  record.install = await step(options, 'install', () => install(client, helm, spec, sets, limits));
  if (!record.install.every((finding) => finding.ok)) return;
  const tests = objects
    .filter((object) => hooksOf(object).some((hook) => hook.startsWith('test')))
    .map((object) => object.metadata.name);
  const tested = await step(options, 'test', () => runTests(client, helm, spec, tests, limits));
  record.install.push(tested);
  if (!disrupts && acts.size === 0) return;
  const scene = await step(options, 'client pod', () => setScene(client, proof, options));
  const ledgers =
    disrupts || readsLedgers(acts)
      ? await step(options, 'writers', () =>
          startLedgers(ledgerParts(options, { scene, objects, spec })),
        )
      : [];
  if (disrupts) {
    await step(options, 'disruptions', () =>
      runRounds(
        { ...scene, ledgers },
        courseOf(options),
        record,
        listenerOf(options),
        watchHolders,
      ),
    );
  } else {
    // Where no disruption is written through, there is something to read back all the same.
    await writeForAWhile(client, ledgers, limits.recoveryMs);
  }
  record.ledgers = await step(options, 'reading back', () =>
    Promise.all(ledgers.map((ledger) => ledger.stop())),
  );
  await performActs(proof, scene, ledgers, acts, (title, work) => step(options, title, work));
}
