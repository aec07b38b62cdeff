import type { Definition, ProbeDefinition, RoleDefinition } from './definition.ts';
import { checkApplication, checkWorkload } from './workload-references.ts';
import type { Finding } from './finding.ts';
import type { KeyPath, Report, SourceText } from './source-text.ts';
import { isMaskable } from './mask.ts';
import { suggest } from './suggest.ts';

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
  const found = ports[port];
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

function checkPaths(
  role: RoleDefinition,
  path: KeyPath,
  shared: readonly [KeyPath, string, string][],
  report: Report,
): void {
  const seen = new Map<string, string>();
  const volumes = Object.entries(role.volumes ?? {});
  const mounts: [KeyPath, string, string][] = [
    ...volumes.map(([name, { mountPath }]): [KeyPath, string, string] => [
      [...path, 'volumes', name, 'mountPath'],
      mountPath,
      `the volume "${name}"`,
    ]),
    ...(['writable', 'inMemory'] as const).flatMap((list) =>
      (role[list] ?? []).map((at, index): [KeyPath, string, string] => [
        [...path, list, index],
        at,
        list,
      ]),
    ),
    ...(['configuration', 'scripts'] as const).flatMap((files): [KeyPath, string, string][] => {
      const at = role[files]?.mountPath;
      return at === undefined ? [] : [[[...path, files, 'mountPath'], at, `the ${files}`]];
    }),
    ...shared,
  ];
  for (const [at, mountPath, owner] of mounts) {
    const other = seen.get(mountPath);
    if (other !== undefined)
      report(at, 'value', `${mountPath} is also mounted by ${other}`, 'leave one of them out');
    seen.set(mountPath, owner);
  }
}

/** Names that YAML 1.1, which Helm reads, takes for something else than text. */
const reserved = /^(y|n|yes|no|on|off|true|false|null)$/;

function checkNames(definition: Definition, report: Report): void {
  const check = (name: string, path: KeyPath, at: 'key' | 'value') => {
    if (reserved.test(name)) {
      report(path, at, `"${name}" cannot be a name: in YAML it is not text`, 'choose another name');
    }
  };
  check(definition.name, ['name'], 'value');
  const alike = (names: string[], path: KeyPath) => {
    const seen = new Map<string, string>();
    for (const name of names) {
      const other = seen.get(name.replaceAll('-', ''));
      if (other !== undefined) {
        report(
          [...path, name],
          'key',
          `"${name}" and "${other}" differ by dashes only`,
          'rename one of them',
        );
      }
      seen.set(name.replaceAll('-', ''), name);
    }
  };
  const seen = new Map<string, string>();
  definition.roles.forEach((role, index) => {
    const path = ['roles', index];
    check(role.name, [...path, 'name'], 'value');
    for (const list of ['ports', 'volumes'] as const) {
      const names = Object.keys(role[list] ?? {});
      for (const name of names) check(name, [...path, list, name], 'key');
      alike(names, [...path, list]);
    }
    const other = seen.get(role.name.replaceAll('-', ''));
    if (other === role.name) {
      report(
        [...path, 'name'],
        'value',
        `another role is named "${role.name}" already`,
        'rename one of them',
      );
    } else if (other !== undefined) {
      report(
        [...path, 'name'],
        'value',
        `"${role.name}" and "${other}" differ by dashes only`,
        'rename one of them',
      );
    }
    seen.set(role.name.replaceAll('-', ''), role.name);
  });
}

/** Text that would turn into directives once it stands in a template. */
function checkText(value: unknown, path: KeyPath, report: Report): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) {
      report(
        path,
        'value',
        '"{{" cannot stand in a definition: Helm would run it',
        'leave it out: values, such as extraEnvVars, take templates when the chart is installed',
      );
    } else if (!isMaskable(value)) {
      report(
        path,
        'value',
        'the characters U+E000 to U+E00F cannot stand in a definition',
        'remove them',
      );
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkText(item, [...path, index], report);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) checkText(item, [...path, key], report);
  }
}

/**
 * What no schema can say: names that refer to one another, names and paths that stand twice, text
 * that Helm would run.
 */
export function referenceFindings(definition: Definition, source: SourceText): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (...args) => findings.push(source.finding(...args));
  checkText(definition, [], report);
  checkNames(definition, report);
  checkApplication(definition, report);
  const shared = (['credentials', 'tls'] as const).flatMap((key): [KeyPath, string, string][] => {
    const at = definition[key]?.mountPath;
    return at === undefined ? [] : [[[key, 'mountPath'], at, `the ${key}`]];
  });
  definition.roles.forEach((role, index) => {
    const path = ['roles', index];
    checkPorts(role, path, report);
    checkPaths(role, path, shared, report);
    checkWorkload(role, path, report);
    for (const [kind, probe] of Object.entries(role.probes ?? {})) {
      checkProbe(probe, [...path, 'probes', kind], role.ports ?? {}, report);
    }
  });
  return findings;
}
