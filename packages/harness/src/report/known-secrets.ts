import { messageOf } from '@holdfast/core';
import { secrets } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import { secretValues } from './redact.ts';

/** The values of secrets, to be taken out of everything that is written. */
export interface KnownSecrets {
  values: string[];
  /** Why some of them may not be known. */
  unread?: string;
}

/**
 * What stands in place of what programs have printed, where not all secrets are known.
 *
 * @param unread why they are not
 */
export function leftOut(unread: string): string {
  return `what was printed is left out: it may hold secrets that could not be read (${unread})`;
}

/** Comes to know the secrets of a proof all the while: what was replaced is nowhere to be read at its end. */
export interface SecretKeeper {
  /** Takes down what the Secrets of a namespace hold now; after an abort it does nothing. */
  learn(namespace: string): Promise<void>;
  /** All that was known until now. A reading that failed is not made good by a later one. */
  known(): KnownSecrets;
}

/**
 * A keeper that knows the Secrets that the chart renders.
 *
 * @param rendered the rendered objects
 */
export function secretKeeper(client: KubeClient, rendered: readonly unknown[]): SecretKeeper {
  const values = new Set(secretValues(rendered));
  let unread: string | undefined;
  const isAborted = () => client.signal.aborted;
  return {
    async learn(namespace) {
      if (isAborted()) return;
      try {
        const { items } = await client.list(secrets, namespace);
        const found = secretValues(items.map((item) => ({ ...item, kind: 'Secret' })));
        for (const value of found) values.add(value);
      } catch (error) {
        if (!isAborted()) unread ??= `namespace ${namespace}: ${messageOf(error)}`;
      }
    },
    known() {
      // A value may be a part of another one.
      const longestFirst = [...values].sort((a, b) => b.length - a.length);
      return unread === undefined ? { values: longestFirst } : { values: longestFirst, unread };
    },
  };
}
