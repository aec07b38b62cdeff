import type { Definition, RoleDefinition } from './definition.ts';
import type { KeyPath, Report } from './source-text.ts';
import { suggest } from './suggest.ts';

/** Keys of a role that mean nothing to a workload, and why. */
const foreign: Record<RoleDefinition['workload'], [keyof RoleDefinition, string, string][]> = {
  StatefulSet: [],
  DaemonSet: [
    ['replicas', 'a DaemonSet has a pod on every node', 'leave it out'],
    ['maxReplicas', 'a DaemonSet has a pod on every node', 'leave it out'],
    ['volumes', 'a DaemonSet has no claims', 'use a StatefulSet, or extraVolumes of the chart'],
    ['podManagementPolicy', 'only a StatefulSet has an order of its pods', 'leave it out'],
  ],
  Deployment: [
    ['podManagementPolicy', 'only a StatefulSet has an order of its pods', 'leave it out'],
  ],
  Job: [
    ['replicas', 'a Job runs to its end once', 'leave it out'],
    ['maxReplicas', 'a Job runs to its end once', 'leave it out'],
    ['podManagementPolicy', 'only a StatefulSet has an order of its pods', 'leave it out'],
    ['ports', 'a Job runs to its end and serves nobody', 'leave them out, or use a Deployment'],
    ['probes', 'a Job runs to its end and serves nobody', 'leave them out, or use a Deployment'],
  ],
};

/** What a role says that its workload can't have. */
export function checkWorkload(role: RoleDefinition, path: KeyPath, report: Report): void {
  for (const [key, message, hint] of foreign[role.workload]) {
    if (role[key] !== undefined) report([...path, key], 'key', message, hint);
  }
  const { replicas = 1, maxReplicas = replicas } = role;
  if (replicas > maxReplicas) {
    const hint = 'lower the one or raise the other';
    const message = `${replicas} replicas are more than maxReplicas, which is ${maxReplicas}`;
    report([...path, 'replicas'], 'value', message, hint);
  }
}

function checkTwice(
  names: readonly { name: string; path: KeyPath }[],
  what: string,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const { name, path } of names) {
    if (seen.has(name)) report(path, 'value', `${what} "${name}" stands twice`, 'rename one');
    seen.add(name);
  }
}

function checkModes(definition: Definition, report: Report): void {
  const modes = (definition.modes ?? []).map(({ name }) => name);
  const places = modes.map((name, index) => ({ name, path: ['modes', index, 'name'] }));
  checkTwice(places, 'the mode', report);
  definition.roles.forEach((role, index) => {
    (role.modes ?? []).forEach((mode, at) => {
      if (modes.includes(mode)) return;
      const hint = suggest(mode, modes) ?? 'the application has no modes: add them under "modes"';
      report(['roles', index, 'modes', at], 'value', `there is no mode "${mode}"`, hint);
    });
  });
}

/** What the application's own keys say of one another and of its roles. */
export function checkApplication(definition: Definition, report: Report): void {
  checkModes(definition, report);
  const roles = definition.roles.map(({ name }) => name);
  const beside = definition.metrics?.role;
  if (beside !== undefined && !roles.includes(beside)) {
    const message = `there is no role "${beside}"`;
    report(['metrics', 'role'], 'value', message, suggest(beside, roles));
  }
  const accounts = Object.entries(definition.credentials?.accounts ?? {});
  const at = (name: string, key: string): KeyPath => ['credentials', 'accounts', name, key];
  checkTwice(
    accounts.map(([name, { key }]) => ({ name: key, path: at(name, 'key') })),
    'the key',
    report,
  );
  checkTwice(
    accounts.map(([name, { value = 'password' }]) => ({ name: value, path: at(name, 'value') })),
    'the value',
    report,
  );
}
