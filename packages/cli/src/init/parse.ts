import { badInput } from '@holdfast/core';

export interface Image {
  registry?: string;
  repository: string;
  tag?: string;
}

export interface NamedPort {
  name: string;
  number: number;
  protocol: string;
}

export interface NamedVolume {
  name: string;
  mountPath: string;
  size: string;
}

export type Ready = { tcp: string } | { http: { port: string; path: string } };

/** What an image looks like, where one is shown. */
export const exampleImage = 'my-org/my-app:1.4.2';

function refusal(option: string, form: string, text: string, example: string) {
  return badInput(`--${option} takes ${form}`, {
    object: `--${option} ${text}`,
    hint: `for example: --${option} ${example}`,
  });
}

/**
 * An image's parts. As for Docker, a first part with a dot or a colon is a registry, and an image of one
 * word stands below "library".
 *
 * @throws HoldfastError (badInput) for what is no image, or has a digest
 */
export function parseImage(text: string): Image {
  if (text.includes('@')) {
    throw badInput('--image takes no digest', {
      object: `--image ${text}`,
      hint: 'give the tag; the digest is a value of the chart, image.digest',
    });
  }
  const [, path = '', tag] = /^(.+?)(?::([^/:]+))?$/.exec(text) ?? [];
  const parts = path.split('/');
  if (parts.includes('') || /\s/.test(text)) {
    throw refusal('image', '[REGISTRY/]REPOSITORY[:TAG]', text, exampleImage);
  }
  const [first = ''] = parts;
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const own = hasRegistry ? parts.slice(1) : parts;
  const isHub = !hasRegistry || first === 'docker.io';
  const repository = isHub && own.length === 1 ? `library/${own.join('/')}` : own.join('/');
  return {
    ...(isHub ? {} : { registry: first }),
    repository,
    ...(tag === undefined ? {} : { tag }),
  };
}

/** @throws HoldfastError (badInput) for what is not NAME=NUMBER */
export function parsePort(text: string): NamedPort {
  const [, name, number, protocol = 'TCP'] = /^([^=\s]+)=(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  if (name === undefined) throw refusal('port', 'NAME=NUMBER', text, 'http=8080');
  return { name, number: Number(number), protocol: protocol.toUpperCase() };
}

/** @throws HoldfastError (badInput) for what is not NAME=PATH:SIZE */
export function parseVolume(text: string): NamedVolume {
  const [, name, mountPath = '', size = ''] = /^([^=\s]+)=([^:]+):([^:]+)$/.exec(text) ?? [];
  if (name === undefined) throw refusal('volume', 'NAME=PATH:SIZE', text, 'data=/var/lib/data:1Gi');
  return { name, mountPath, size };
}

/**
 * How a pod says that it serves; a port may be given by its name or its number.
 *
 * @throws HoldfastError (badInput) for what is neither tcp:PORT nor http:PORT/PATH, and for a number that
 *   is no port's
 */
export function parseReady(text: string, ports: readonly NamedPort[]): Ready {
  const [, kind, given = '', path] = /^(tcp|http):([^/\s]+)(\/\S*)?$/.exec(text) ?? [];
  if (kind === undefined || (kind === 'tcp' && path !== undefined)) {
    throw refusal('ready', 'tcp:PORT or http:PORT/PATH', text, 'http:http/healthz');
  }
  const numbered = ports.find(({ number }) => String(number) === given);
  if (/^\d+$/.test(given) && numbered === undefined) {
    throw badInput(`no --port has the number ${given}`, {
      object: `--ready ${text}`,
      hint: `add it: --port main=${given}`,
    });
  }
  const port = numbered?.name ?? given;
  return kind === 'tcp' ? { tcp: port } : { http: { port, path: path ?? '/' } };
}

/** @throws HoldfastError (badInput) when a name stands twice, for a map would keep the last alone */
export function assertNamedOnce(option: string, entries: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) {
      const hint = 'give each a name of its own';
      throw badInput(`--${option} names "${name}" twice`, {
        object: `--${option} ${name}=…`,
        hint,
      });
    }
    seen.add(name);
  }
}
