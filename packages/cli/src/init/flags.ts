/** What the options of `holdfast init` say of an application, as text. */
export interface Flags {
  name?: string;
  description?: string;
  image?: string;
  appVersion?: string;
  workload?: string;
  replicas?: string;
  port?: string[];
  volume?: string[];
  user?: string;
  ready?: string;
}

export interface InitOptions extends Flags {
  yes?: true;
  json?: true;
}

/** Where the errors of a definition point to, and the option that said so. */
function origins(flags: Flags): [string, string][] {
  const option = (name: string, value: string | undefined) =>
    value === undefined ? `--${name}` : `--${name} ${value}`;
  const each = (name: string, values: readonly string[] = []) =>
    values.map((value): [string, string] => [value.split('=')[0] ?? '', `--${name} ${value}`]);
  const role = 'roles[0]';
  return [
    ['name', option('name', flags.name)],
    [`${role}.name`, option('name', flags.name)],
    ['description', option('description', flags.description)],
    ['appVersion', option('app-version', flags.appVersion)],
    ['image', option('image', flags.image)],
    [`${role}.workload`, option('workload', flags.workload)],
    [`${role}.replicas`, option('replicas', flags.replicas)],
    [`${role}.user`, option('user', flags.user)],
    [`${role}.ports`, '--port'],
    ...each('port', flags.port).map(([name, text]): [string, string] => [
      `${role}.ports.${name}`,
      text,
    ]),
    [`${role}.volumes`, '--volume'],
    ...each('volume', flags.volume).map(([name, text]): [string, string] => [
      `${role}.volumes.${name}`,
      text,
    ]),
    [`${role}.probes`, option('ready', flags.ready)],
  ];
}

/** A place in the definition, as the generator's errors name it, with its key path. */
const place = /[^\s]*app\.yaml:\d+:\d+(?: ([^\s:]+))?/g;

/**
 * Words about places in a definition that nobody has seen, as words about the options that it was made
 * of.
 */
export function nameFlags(text: string, flags: Flags): string {
  const byLength = origins(flags).sort(([a], [b]) => b.length - a.length);
  return text.replaceAll(place, (whole: string, path: string | undefined) => {
    const found = byLength.find(
      ([prefix]) => path === prefix || path?.startsWith(`${prefix}.`) === true,
    );
    return found?.[1] ?? whole;
  });
}
