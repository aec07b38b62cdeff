import { parse } from 'yaml';
import type { Definition, RoleDefinition } from './definition.ts';
import type { Finding } from './finding.ts';
import type { KeyPath, Report, SourceText } from './source-text.ts';
import { checkApplication, checkWorkload } from './workload-references.ts';

function checkPaths(
  role: RoleDefinition,
  path: KeyPath,
  shared: readonly [KeyPath, string, string][],
  report: Report,
): void {
  const seen = new Map<string, string>();
  const volumes = Object.entries(role.volumes ?? {});
  const standard = role.writable === undefined ? ['/tmp'] : [];
  const mounts: [KeyPath, string, string][] = [
    ...standard.map((at): [KeyPath, string, string] => [path, at, 'writable, if it is not given']),
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

/** Does YAML 1.1, which Helm reads, take the name for text? */
function isText(name: string): boolean {
  return parse(name, { version: '1.1', logLevel: 'silent' }) === name;
}

function checkNames(definition: Definition, report: Report): void {
  const check = (name: string, path: KeyPath, at: 'key' | 'value') => {
    if (!isText(name)) {
      report(path, at, `"${name}" cannot be a name: in YAML it is not text`, 'choose another name');
    }
  };
  check(definition.name, ['name'], 'value');
  (definition.modes ?? []).forEach(({ name }, index) => {
    check(name, ['modes', index, 'name'], 'value');
  });
  for (const [name, { key }] of Object.entries(definition.credentials?.accounts ?? {})) {
    check(name, ['credentials', 'accounts', name], 'key');
    check(key, ['credentials', 'accounts', name, 'key'], 'value');
  }
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

/** What YAML can't hold or takes for the end of a line, and the characters that masking needs. */
const foreign =
  /[^\t\n\r\x20-\x7E\xA0-\u2027\u202A-\uD7FF\uE010-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Text that would turn into directives, or change, once it stands in a template. */
function checkText(value: unknown, path: KeyPath, report: Report): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) {
      report(
        path,
        'value',
        '"{{" cannot stand in a definition: Helm would run it',
        'leave it out: values, such as extraEnvVars, take templates when the chart is installed',
      );
    }
    const code = foreign.exec(value)?.[0].codePointAt(0);
    if (code === undefined) return;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    report(path, 'value', `the character ${name} cannot stand in a definition`, 'remove it');
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
  const report: Report = (...args) => {
    const one = source.finding(...args);
    // Roles that share a key share its mistake.
    const same = ({ object, message }: Finding) => object === one.object && message === one.message;
    if (!findings.some(same)) findings.push(one);
  };
  checkText(definition, [], report);
  checkNames(definition, report);
  checkApplication(definition, report);
  const shared = (['credentials', 'tls'] as const).flatMap((key): [KeyPath, string, string][] => {
    const at = definition[key]?.mountPath;
    return at === undefined ? [] : [[[key, 'mountPath'], at, `the ${key}`]];
  });
  definition.roles.forEach((role, index) => {
    const path = ['roles', index];
    checkPaths(role, path, shared, report);
    checkWorkload(role, path, report);
  });
  return findings;
}
