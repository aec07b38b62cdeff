import type { Definition } from './definition.ts';
import type { Report } from './source-text.ts';

/** What a chart gives the name of a role to as well; undefined where the name is free. */
function ownerOf(index: number, definition: Definition): string | undefined {
  const { name: app, roles, credentials, metrics } = definition;
  const suffix = (name: string) => (roles.length === 1 || name === app ? '' : `-${name}`);
  const name = roles[index]?.name ?? '';
  const others = roles.map((role) => suffix(role.name));
  const exporter = suffix(metrics?.role ?? roles[0]?.name ?? '');
  const owners: [boolean, string][] = [
    [name === 'test', 'the pods of helm test'],
    [name === 'credentials' && credentials !== undefined, 'the Job that makes passwords'],
    [name === 'metrics' && metrics !== undefined, 'the container that tells metrics'],
    [name === 'init' && roles[index]?.init !== undefined, 'the container that runs first'],
    [others.some((other) => `${other}-headless` === suffix(name)), 'a headless Service'],
    [metrics !== undefined && `${exporter}-metrics` === suffix(name), 'the Service of metrics'],
  ];
  return owners.find(([is]) => is)?.[1];
}

/** Keys below `auth` in the values of every chart that has accounts. */
const authKeys = ['enabled', 'existingSecret', 'secretKeys', 'secretRevision', 'create', 'job'];
const ownValues = [...authKeys, 'externalSecret'];

/** What a chart's own Secrets are named after its release with. */
const ownSecrets = ['auth', 'tls'];

/** Names that charts give to objects, containers, volumes, labels and values of their own. */
export function checkTaken(definition: Definition, report: Report): void {
  const { roles, credentials, tls } = definition;
  roles.forEach(({ name, volumes = {}, configuration, scripts }, index) => {
    const owner = ownerOf(index, definition);
    if (owner !== undefined) {
      const message = `"${name}" is also the name of ${owner}`;
      report(['roles', index, 'name'], 'value', message, 'give the role another name');
    }
    for (const [taken, by] of Object.entries({ configuration, scripts, credentials, tls })) {
      if (by === undefined || !Object.hasOwn(volumes, taken)) continue;
      const message = `the pods have a volume "${taken}" already, for the key "${taken}"`;
      report(['roles', index, 'volumes', taken], 'key', message, 'give the volume another name');
    }
  });
  for (const [name, { value = '' }] of Object.entries(credentials?.accounts ?? {})) {
    const path = ['credentials', 'accounts', name];
    if (ownSecrets.includes(name)) {
      const message = `the chart has a Secret of the name "${name}" itself`;
      report(path, 'key', message, 'give the account another name');
    }
    if (ownValues.includes(value)) {
      const message = `auth.${value} is a value of every chart`;
      report([...path, 'value'], 'value', message, 'choose another key');
    }
  }
}
