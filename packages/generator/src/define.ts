import { Ajv, type AnySchemaObject } from 'ajv';
import appSchemaJson from './app.schema.json' with { type: 'json' };
import type { Definition, RoleDefinition } from './definition.ts';
import { errorOf } from './finding.ts';
import type { Model, Port, Role, Volume } from './model.ts';
import { probesOf } from './probes.ts';
import { referenceFindings } from './references.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseSource } from './source-text.ts';

/** A valid definition, and the model that is made of it. */
export interface Defined {
  definition: Definition;
  model: Model;
}

/** The longest name that leaves room for the revision hash that Kubernetes appends in a label. */
const workloadNameLimit = 52;

const ajv = new Ajv({ allErrors: true, verbose: true, strictTypes: false, allowUnionTypes: true });
ajv.addVocabulary(['x-expected']);
const validate = ajv.compile<Definition>(appSchemaJson);

/** The JSON Schema (draft-07) of app.yaml. */
export function appSchema(): AnySchemaObject {
  return structuredClone(appSchemaJson);
}

function camelCase(name: string): string {
  return name.replaceAll(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function seconds(duration: string): number {
  const [, hours, minutes, rest] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
}

function portsOf(role: RoleDefinition): Port[] {
  const http = Object.values(role.probes ?? {}).flatMap((probe) => probe.http?.port ?? []);
  return Object.entries(role.ports ?? {}).map(([name, port]) => ({
    name,
    key: camelCase(name),
    port: typeof port === 'number' ? port : port.port,
    protocol: typeof port === 'number' ? 'TCP' : (port.protocol ?? 'TCP'),
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

function scratchOf(role: RoleDefinition): Role['scratch'] {
  const taken = new Set(Object.keys(role.volumes ?? {}));
  return (role.writable ?? ['/tmp']).map((path) => {
    const plain = path
      .slice(1)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 50);
    let name = plain.replaceAll(/^-|-$/g, '') || 'scratch';
    while (taken.has(name)) name = `${name}-scratch`;
    taken.add(name);
    return { name, path };
  });
}

function roleOf(role: RoleDefinition, app: string, sole: boolean): Role {
  const key = camelCase(role.name);
  const values = sole ? '.Values' : `.Values.${key}`;
  const prefix = sole ? '' : `${key}.`;
  const ports = portsOf(role);
  const suffix = sole || role.name === app ? '' : `-${role.name}`;
  return {
    name: role.name,
    workload: role.workload,
    sole,
    values,
    prefix,
    key,
    helpers: sole ? app : `${app}.${role.name}`,
    suffix,
    file: sole ? '' : `${role.name}-`,
    nameLimit: workloadNameLimit - suffix.length,
    replicas: role.replicas ?? 1,
    gracePeriodSeconds: seconds(role.gracePeriod ?? '30s'),
    podManagementPolicy: role.podManagementPolicy ?? 'OrderedReady',
    user: role.user ?? 1001,
    command: role.command ?? [],
    args: role.args ?? [],
    env: Object.entries(role.env ?? {}).map(([name, value]) => ({ name, value })),
    ports,
    tcpPorts: ports.filter(({ protocol }) => protocol === 'TCP'),
    scratch: scratchOf(role),
    volumes: volumesOf(role, values, prefix),
    manyVolumes: Object.keys(role.volumes ?? {}).length > 1,
    probes: probesOf(role.probes ?? {}),
    resources: resourcesOf(role),
  };
}

/**
 * Validates a definition and fills it in.
 *
 * @param file how to name the file in errors
 * @param text YAML
 * @throws HoldfastError (badInput) that names everything that is wrong, by line, column and key
 */
export function define(file: string, text: string): Defined {
  const source = parseSource(file, text);
  if (!validate(source.data)) throw errorOf(file, schemaFindings(validate.errors ?? [], source));
  const definition = source.data;
  const findings = referenceFindings(definition, source);
  if (findings.length > 0) throw errorOf(file, findings);
  const { name, description, appVersion, image } = definition;
  const sole = definition.roles.length === 1;
  const roles = definition.roles.map((role) => roleOf(role, name, sole));
  const [main] = roles;
  if (main === undefined) throw new Error('the schema lets no definition without a role pass');
  const model: Model = {
    app: {
      name,
      description,
      version: definition.version ?? '0.1.0',
      appVersion,
      home: definition.home ?? '',
      icon: definition.icon ?? '',
      sources: definition.sources ?? [],
      keywords: definition.keywords ?? [],
    },
    image: {
      registry: image.registry ?? 'docker.io',
      repository: image.repository,
      tag: image.tag ?? appVersion,
    },
    roles,
    main,
    keepsData: roles.some(({ volumes }) => volumes.length > 0),
    listens: roles.some(({ ports }) => ports.length > 0),
    listensOnTcp: roles.some(({ tcpPorts }) => tcpPorts.length > 0),
  };
  return { definition, model };
}
