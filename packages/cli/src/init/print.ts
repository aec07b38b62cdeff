import { Scalar, stringify } from 'yaml';
import { isReplicated, type Draft } from './draft.ts';
import type { Ready } from './parse.ts';

/** Printed YAML on one line: text that would break it stands in JSON, which is YAML as well. */
function onOneLine(printed: string, value: string | number): string {
  const line = printed.replace(/\n$/, '');
  return line.includes('\n') ? JSON.stringify(value) : line;
}

/** A scalar, in quotes where it would not be read back as it is. */
function scalar(value: string | number): string {
  const options = { version: '1.1', lineWidth: 0, singleQuote: true } as const;
  return onOneLine(stringify(value, options), value);
}

/** Text in quotes, whatever it is. */
function quoted(value: string): string {
  const node = new Scalar(value);
  node.type = 'QUOTE_SINGLE';
  return onOneLine(stringify(node, { lineWidth: 0 }), value);
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

function imageLines({ image, appVersion }: Draft): string[] {
  const { registry, repository, tag } = image;
  return [
    'image:',
    ...(registry === undefined ? [] : [`  registry: ${scalar(registry)}`]),
    `  repository: ${scalar(repository)}`,
    ...(tag === undefined || tag === appVersion
      ? ['  # tag: without it, the appVersion']
      : [`  tag: ${quoted(tag)}`]),
  ];
}

function portLines({ ports }: Draft): string[] {
  if (ports.length === 0) return ['# ports: { http: 8080 }'];
  return [
    'ports:',
    ...ports.map(({ name, number, protocol }) =>
      protocol === 'TCP'
        ? `  ${scalar(name)}: ${number}`
        : `  ${scalar(name)}: { port: ${number}, protocol: ${scalar(protocol)} }`,
    ),
  ];
}

function volumeLines({ volumes }: Draft): string[] {
  return [
    '# What these hold outlives the pods: a claim for each replica.',
    ...(volumes.length === 0
      ? ['# volumes: { data: { mountPath: /var/lib/data, size: 1Gi } }']
      : ['volumes:']),
    ...volumes.flatMap(({ name, mountPath, size }) => [
      `  ${scalar(name)}:`,
      `    mountPath: ${scalar(mountPath)}`,
      `    size: ${scalar(size)}`,
    ]),
  ];
}

function writableLines({ volumes }: Draft): string[] {
  const isTaken = volumes.some(({ mountPath }) => mountPath === '/tmp');
  return [
    '# Everything else is read-only; what is written here is gone after a restart.',
    `writable: [${isTaken ? '' : '/tmp'}]`,
  ];
}

function readyLines(ready: Ready): string[] {
  if ('tcp' in ready) return [`tcp: ${scalar(ready.tcp)}`];
  const { port, path } = ready.http;
  return ['http:', `  port: ${scalar(port)}`, `  path: ${scalar(path)}`];
}

function probeLines({ ready }: Draft): string[] {
  return [
    '# How a pod says that it serves; by the same it has started and lives, unless told otherwise.',
    ...(ready === undefined
      ? ['# probes: { ready: { tcp: http } }']
      : ['probes:', '  ready:', ...indented(readyLines(ready), 4)]),
  ];
}

/** A role's name is part of more names than the application's, and may be less long. */
const roleName = /^[a-z][-a-z0-9]{0,29}$/;

function roleLines(draft: Draft): string[] {
  const { name, workload, replicas, user } = draft;
  const serves = workload !== 'Job';
  const keeps = isReplicated(workload);
  return [
    `name: ${roleName.test(name) ? scalar(name) : 'main'}`,
    `workload: ${scalar(workload)}`,
    ...(replicas === undefined ? [] : [`replicas: ${scalar(replicas)}`]),
    '# The time in which it must have stopped before it is killed.',
    'gracePeriod: 30s',
    '# The numeric user and group that the image runs as; none runs as root.',
    `user: ${scalar(user)}`,
    ...(serves || draft.ports.length > 0 ? portLines(draft) : []),
    ...(keeps || draft.volumes.length > 0 ? volumeLines(draft) : []),
    ...writableLines(draft),
    ...(serves || draft.ready !== undefined ? probeLines(draft) : []),
    '# More keys: command, args, env, resources and others, each explained by the schema above.',
  ];
}

/**
 * A definition as an app.yaml to read and to go on with.
 *
 * @param schema where the schema of app.yaml is, as editors find it from the file
 */
export function printDefinition(draft: Draft, schema: string): string {
  const [first = '', ...others] = roleLines(draft);
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    'apiVersion: holdfast.dev/v1',
    'kind: Application',
    `name: ${scalar(draft.name)}`,
    `description: ${scalar(draft.description)}`,
    '# In quotes: without them 1.10 would be 1.1.',
    `appVersion: ${quoted(draft.appVersion)}`,
    ...imageLines(draft),
    'roles:',
    `  - ${first}`,
    ...indented(others, 4),
  ];
  return `${lines.join('\n')}\n`;
}
