import type { Definition, ProbeDefinition, RoleDefinition } from './definition.ts';
import type { KeyPath, Report } from './source-text.ts';
import { suggest } from './suggest.ts';
import { checkTaken } from './taken-names.ts';

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

function portNumber(port: number | { port: number }): number {
  return typeof port === 'number' ? port : port.port;
}

function protocolOf(port: number | { protocol?: string }): string {
  return typeof port === 'number' ? 'TCP' : (port.protocol ?? 'TCP');
}

function checkProbe(
  probe: ProbeDefinition,
  path: KeyPath,
  ports: NonNullable<RoleDefinition['ports']>,
  report: Report,
): void {
  const [port, at] = probe.http
    ? [probe.http.port, [...path, 'http', 'port']]
    : [probe.tcp, [...path, 'tcp']];
  if (port === undefined) return;
  const found = Object.hasOwn(ports, port) ? ports[port] : undefined;
  if (found === undefined) {
    const hint =
      suggest(port, Object.keys(ports)) ?? 'the role has no ports: add them under "ports"';
    report(at, 'value', `the port "${port}" is not defined in this role`, hint);
  } else if (protocolOf(found) !== 'TCP') {
    const message = `the port "${port}" speaks ${protocolOf(found)}, which no probe can ask`;
    report(at, 'value', message, 'probe a TCP port, or run a command: exec');
  }
}

function checkPorts(role: RoleDefinition, path: KeyPath, report: Report): void {
  const seen = new Map<string, string>();
  for (const [name, port] of Object.entries(role.ports ?? {})) {
    const number = `${portNumber(port)}/${protocolOf(port)}`;
    const other = seen.get(number);
    if (other !== undefined) {
      report(
        [...path, 'ports', name],
        'key',
        `port ${number} is also the port "${other}"`,
        'give each port a number of its own',
      );
    }
    seen.set(number, name);
  }
}

/** What a role says that its workload can't have. */
export function checkWorkload(role: RoleDefinition, path: KeyPath, report: Report): void {
  checkPorts(role, path, report);
  for (const [kind, probe] of Object.entries(role.probes ?? {})) {
    checkProbe(probe, [...path, 'probes', kind], role.ports ?? {}, report);
  }
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

/** The container that tells metrics shares the pods of a role, and so their ports and their end. */
function checkMetrics({ metrics, roles }: Definition, report: Report): void {
  if (metrics === undefined) return;
  const names = roles.map(({ name }) => name);
  const { role: beside = names[0] ?? '' } = metrics;
  const index = names.indexOf(beside);
  const role = roles[index];
  const at = metrics.role === undefined ? ['metrics'] : ['metrics', 'role'];
  if (role === undefined) {
    report(at, 'value', `there is no role "${beside}"`, suggest(beside, names));
  } else if (role.workload === 'Job') {
    const message = `the Job "${beside}" could not end beside a container that goes on`;
    report(at, 'value', message, 'name a role of another workload: role');
  }
  for (const [name, port] of Object.entries(role?.ports ?? {})) {
    const sameNumber = portNumber(port) === metrics.port && protocolOf(port) === 'TCP';
    if (name !== 'http-metrics' && !sameNumber) continue;
    const message = `the container that tells metrics has the port http-metrics, ${metrics.port}`;
    report(['roles', index, 'ports', name], 'key', message, 'choose another name and number');
  }
}

/** What the application's own keys say of one another and of its roles. */
export function checkApplication(definition: Definition, report: Report): void {
  checkTaken(definition, report);
  checkModes(definition, report);
  checkMetrics(definition, report);
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
