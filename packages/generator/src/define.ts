import { Ajv, type AnySchemaObject } from 'ajv';
import appSchemaJson from './app.schema.json' with { type: 'json' };
import { roleOf, variablesOf } from './define-role.ts';
import type { Definition, ImageDefinition } from './definition.ts';
import featureSchemaJson from './feature.schema.json' with { type: 'json' };
import { errorOf } from './finding.ts';
import type { Image, Metrics, Model, Role } from './model.ts';
import { referenceFindings } from './references.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseSource } from './source-text.ts';

/** A valid definition, and the model that is made of it. */
export interface Defined {
  definition: Definition;
  model: Model;
}

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strictTypes: false,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
});
ajv.addVocabulary(['x-expected']);
ajv.addSchema(featureSchemaJson);
const validate = ajv.compile<Definition>(appSchemaJson);

/** The JSON Schema (draft-07) of app.yaml. */
export function appSchema(): AnySchemaObject {
  return structuredClone(appSchemaJson);
}

function imageOf(image: ImageDefinition, tag: string): Image {
  const { registry = 'docker.io', repository } = image;
  return { registry, repository, tag: image.tag ?? tag };
}

function credentialsOf({ credentials }: Definition): Model['credentials'] {
  const accounts = Object.entries(credentials?.accounts ?? {});
  return {
    path: credentials?.mountPath ?? '',
    accounts: accounts.map(([name, account]) => ({
      name,
      key: account.key,
      value: account.value ?? 'password',
      description: account.description,
    })),
  };
}

function metricsOf(
  { metrics }: Definition,
  roles: readonly Role[],
  files: readonly string[],
): Metrics {
  return {
    helpers: roles.find(({ exporter }) => exporter)?.helpers ?? '',
    image: imageOf(metrics?.image ?? { repository: '' }, 'latest'),
    port: metrics?.port ?? 0,
    path: metrics?.path ?? '/metrics',
    command: metrics?.command ?? [],
    args: metrics?.args ?? [],
    env: variablesOf(metrics?.env),
    alerts: files.includes('files/alerts.yaml'),
    dashboard: files.includes('files/dashboard.json'),
  };
}

/**
 * Validates a definition and fills it in.
 *
 * @param file how to name the file in errors
 * @param text YAML
 * @param files paths of the files that stand beside it
 * @throws HoldfastError (badInput) that names everything that is wrong, by line, column and key
 */
export function define(file: string, text: string, files: readonly string[] = []): Defined {
  const source = parseSource(file, text);
  if (!validate(source.data)) throw errorOf(file, schemaFindings(validate.errors ?? [], source));
  const definition = source.data;
  const findings = referenceFindings(definition, source);
  if (findings.length > 0) throw errorOf(file, findings);
  const { name, description, appVersion } = definition;
  const roles = definition.roles.map((role) => roleOf(role, definition));
  const [main] = roles;
  if (main === undefined) throw new Error('the schema lets no definition without a role pass');
  const model: Model = {
    app: {
      name,
      title: definition.title ?? name,
      description,
      version: definition.version ?? '0.1.0',
      appVersion,
      home: definition.home ?? '',
      icon: definition.icon ?? '',
      sources: definition.sources ?? [],
      keywords: definition.keywords ?? [],
    },
    image: imageOf(definition.image, appVersion),
    features: {},
    modes: definition.modes ?? [],
    mode: definition.modes?.[0]?.name ?? '',
    credentials: credentialsOf(definition),
    tls: { path: definition.tls?.mountPath ?? '' },
    metrics: metricsOf(definition, roles, files),
    roles,
    main,
    keepsData: roles.some(({ volumes }) => volumes.length > 0),
    listens: roles.some(({ ports }) => ports.length > 0),
    listensOnTcp: roles.some(({ tcpPorts }) => tcpPorts.length > 0),
    listensStateful: roles.some(({ stateful, ports }) => stateful && ports.length > 0),
    present: '',
  };
  return { definition, model };
}
