import { camelCase } from './camel-case.ts';
import type { Definition, FilesDefinition, RoleDefinition } from './definition.ts';
import { seconds } from './durations.ts';
import type { MountedFiles, Port, Role, Volume } from './model.ts';
import { probesOf } from './probes.ts';

/** The longest name that leaves room for the revision hash that Kubernetes appends in a label. */
const workloadNameLimit = 52;

/** The names of the volumes that features bring. */
const volumeNames = ['configuration', 'scripts', 'credentials', 'tls'];

function portsOf(role: RoleDefinition): Port[] {
  const http = Object.values(role.probes ?? {}).flatMap((probe) => probe.http?.port ?? []);
  return Object.entries(role.ports ?? {}).map(([name, port], index) => ({
    name,
    key: camelCase(name),
    port: typeof port === 'number' ? port : port.port,
    protocol: typeof port === 'number' ? 'TCP' : (port.protocol ?? 'TCP'),
    first: index === 0,
    http: http.includes(name) || /^http(-|$)/.test(name),
  }));
}

function volumesOf(role: RoleDefinition, values: string, prefix: string): Volume[] {
  const entries = Object.entries(role.volumes ?? {});
  return entries.map(([name, volume]) => {
    const key = entries.length === 1 ? '' : camelCase(name);
    const setting = key === '' ? 'persistence' : `persistence.${key}`;
    return {
      name,
      mountPath: volume.mountPath,
      size: String(volume.size),
      accessModes: volume.accessModes ?? ['ReadWriteOnce'],
      values: `${values}.${setting}`,
      setting: prefix + setting,
      key,
    };
  });
}

const defaultResources: NonNullable<RoleDefinition['resources']> = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { memory: '256Mi' },
};

/** What a definition says stands for itself: a limit of ours could be less than its request. */
function resourcesOf(role: RoleDefinition): Role['resources'] {
  const given = Object.entries(role.resources ?? defaultResources);
  const named = given.map(([kind, amounts]): [string, Record<string, string>] => [
    kind,
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)])),
  ]);
  return Object.fromEntries(named.filter(([, amounts]) => Object.keys(amounts).length > 0));
}

/** What YAML would not take for the text that a volume's name is. */
const notText = /^([0-9]|(y|n|yes|no|on|off|true|false|null)$)/;

function scratchOf(role: RoleDefinition): Role['scratch'] {
  const taken = new Set([...Object.keys(role.volumes ?? {}), ...volumeNames]);
  const paths = [
    ...(role.writable ?? ['/tmp']).map((path) => ({ path, inMemory: false })),
    ...(role.inMemory ?? []).map((path) => ({ path, inMemory: true })),
  ];
  return paths.map(({ path, inMemory }) => {
    const plain = path
      .slice(1)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40);
    const own = plain.replaceAll(/^-|-$/g, '') || 'scratch';
    let name = notText.test(own) ? `dir-${own}` : own;
    while (taken.has(name)) name = `${name}-scratch`;
    taken.add(name);
    return { name, path, inMemory };
  });
}

/** Pairs of a map of environment variables. */
export function variablesOf(env: Record<string, string> = {}): Role['env'] {
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}

function filesOf(given: FilesDefinition | undefined, folder: string): MountedFiles {
  const files = Object.entries(given?.files ?? {});
  return {
    path: given?.mountPath ?? '',
    folder,
    inline: files.map(([name, text]) => ({ name, text: text.replace(/\n*$/, '\n') })),
  };
}

/** Helm's condition for the modes of a role; "" where it is in all of them. */
function modeCondition({ modes }: RoleDefinition): string {
  const names = (modes ?? []).map((name) => JSON.stringify(name));
  if (names.length < 2) return names.map((name) => `eq .Values.mode ${name}`).join('');
  return `has .Values.mode (list ${names.join(' ')})`;
}

/** Fills in a role. The one with the application's name keeps its place when others join it. */
export function roleOf(role: RoleDefinition, definition: Definition): Role {
  const { name: app, roles, metrics } = definition;
  const key = camelCase(role.name);
  const atRoot = roles.length === 1 || role.name === app;
  const values = atRoot ? '.Values' : `.Values.${key}`;
  const prefix = atRoot ? '' : `${key}.`;
  const ports = portsOf(role);
  const suffix = atRoot ? '' : `-${role.name}`;
  const { workload } = role;
  const replicated = workload === 'StatefulSet' || workload === 'Deployment';
  const folder = atRoot ? 'files' : `files/${role.name}`;
  return {
    name: role.name,
    workload,
    stateful: workload === 'StatefulSet',
    daemon: workload === 'DaemonSet',
    deployment: workload === 'Deployment',
    job: workload === 'Job',
    replicated,
    several: replicated && role.maxReplicas !== 1,
    atRoot,
    modes: role.modes ?? [],
    modeCondition: modeCondition(role),
    present: '',
    values,
    prefix,
    key,
    helpers: atRoot ? app : `${app}.${role.name}`,
    suffix,
    file: atRoot ? '' : `${role.name}-`,
    nameLimit: workloadNameLimit - suffix.length,
    replicas: role.replicas ?? 1,
    maxReplicas: role.maxReplicas ?? 0,
    gracePeriodSeconds: seconds(role.gracePeriod ?? '30s'),
    podManagementPolicy: role.podManagementPolicy ?? 'OrderedReady',
    user: role.user ?? 1001,
    command: role.command ?? [],
    args: role.args ?? [],
    init: role.init ?? [],
    preStop: role.preStop ?? [],
    env: variablesOf(role.env),
    ports,
    hasServices: workload === 'StatefulSet' || ports.length > 0,
    tcpPorts: ports.filter(({ protocol }) => protocol === 'TCP'),
    scratch: scratchOf(role),
    configuration: filesOf(role.configuration, `${folder}/config`),
    scripts: filesOf(role.scripts, `${folder}/scripts`),
    exporter: metrics !== undefined && role.name === (metrics.role ?? roles[0]?.name),
    volumes: volumesOf(role, values, prefix),
    manyVolumes: Object.keys(role.volumes ?? {}).length > 1,
    probes: probesOf(role.probes ?? {}),
    resources: resourcesOf(role),
  };
}
