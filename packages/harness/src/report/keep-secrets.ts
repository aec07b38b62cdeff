import type { Helm } from '@holdfast/core';
import type { ProofEvent, ProofOptions } from '../prove-options.ts';
import type { SecretKeeper } from './known-secrets.ts';
import { redactText } from './redact.ts';

/** Commands of Helm by which Secrets come and go. */
const changing = new Set(['install', 'upgrade', 'uninstall']);

/** A Helm around whose changes of a namespace the Secrets in it are learnt. */
function learningHelm(helm: Helm, keeper: SecretKeeper): Helm {
  return {
    ...helm,
    async run(args, options) {
      const [command = ''] = args;
      const at = args.indexOf('--namespace');
      const namespace = args[at + 1];
      if (!changing.has(command) || at < 0 || namespace === undefined) {
        return helm.run(args, options);
      }
      await keeper.learn(namespace);
      const result = await helm.run(args, options);
      await keeper.learn(namespace);
      return result;
    },
  };
}

/** An event without secrets in what it quotes. */
function cleanEvent(event: ProofEvent, values: readonly string[]): ProofEvent {
  if (event.type === 'notice') return { ...event, text: redactText(event.text, values) };
  if (event.type !== 'not done') return event;
  const { entry } = event;
  return { ...event, entry: { ...entry, reason: redactText(entry.reason, values) } };
}

/**
 * The options of a proof with which its secrets become known while it goes on, in whatever namespace it
 * installs the chart, and with which no event tells one that is known.
 */
export function keepSecrets(options: ProofOptions, keeper: SecretKeeper): ProofOptions {
  return {
    ...options,
    helm: learningHelm(options.helm, keeper),
    onEvent: (event) => {
      options.onEvent(cleanEvent(event, keeper.known().values));
    },
  };
}
