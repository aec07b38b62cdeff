import { badInput } from '@holdfast/core';
import type { CredentialFile } from '@holdfast/harness';

/** A parser for an option that takes a whole number within limits. */
export function wholeNumber(option: string, least: number, most: number) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw badInput(`${option} takes a whole number from ${least} to ${most}`, {
      object: `${option} ${text}`,
    });
  };
}

/** A parser for an option that may be given more than once. */
export function collect(text: string, former: readonly string[] = []): string[] {
  return [...former, text];
}

/** A parser for `--set KEY=VALUE`, which may be given more than once. */
export function collectPair(text: string, former: readonly string[] = []): string[] {
  if (/^[^=]+=/.test(text)) return [...former, text];
  throw badInput('--set takes KEY=VALUE', {
    object: `--set ${text}`,
    hint: 'for example: --set replicaCount=2',
  });
}

/** A parser for `--driver-secret FILE=SECRET:KEY`, which may be given more than once. */
export function collectSecret(
  text: string,
  former: readonly CredentialFile[] = [],
): CredentialFile[] {
  const [, file = '', secret = '', key = ''] =
    /^([\w.-]+)=([a-z0-9.-]+):([\w.-]+)$/.exec(text) ?? [];
  if (file !== '') return [...former, { file, secret, key }];
  throw badInput('--driver-secret takes FILE=SECRET:KEY', {
    object: `--driver-secret ${text}`,
    hint: 'for example: --driver-secret password=their-app:admin-password; the file is a credential that driver.yaml names',
  });
}

/** A parser for an option that takes a list with commas, and may be given more than once. */
export function list(option: string, example: string) {
  return (text: string, former: readonly string[] = []): string[] => {
    const entries = text.split(',').map((entry) => entry.trim());
    if (entries.every((entry) => entry !== '')) return [...former, ...entries];
    throw badInput(`${option} takes a list with commas`, {
      object: `${option} ${text}`,
      hint: `for example: ${option} ${example}`,
    });
  };
}

/**
 * Checks a name that Kubernetes has to accept.
 *
 * @param most the greatest length
 * @throws HoldfastError (badInput) that names the option which gives another one
 */
export function assertName(option: string, name: string, most: number): void {
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= most) return;
  throw badInput(`this is no name that Kubernetes accepts`, {
    object: `${option} ${name}`,
    hint: `${option} takes at most ${most} lower-case letters, digits and inner dashes`,
  });
}
