import type { Helm } from '@holdfast/core';
import type { ProofEvent, ProofOptions } from '../prove-options.ts';
import { leftOut, type KnownSecrets, type SecretKeeper } from './known-secrets.ts';
import { redactText } from './redact.ts';

/** Commands of Helm by which Secrets come and go: those that run hooks, too. */
const changing = new Set(['install', 'upgrade', 'test', 'uninstall']);

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

/** A notice says what is so, and after a colon why: there it may quote Helm. */
function bareNotice(text: string, unread: string): string {
  return text.replace(/: .*/s, () => `: ${leftOut(unread)}`);
}

/** An event without secrets in what it quotes. */
function cleanEvent(event: ProofEvent, { values, unread }: KnownSecrets): ProofEvent {
  if (event.type === 'notice') {
    const text = unread === undefined ? event.text : bareNotice(event.text, unread);
    return { ...event, text: redactText(text, values) };
  }
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
      options.onEvent(cleanEvent(event, keeper.known()));
    },
  };
}
