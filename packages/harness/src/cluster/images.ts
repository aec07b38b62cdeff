import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { badInput, environmentError, messageOf } from '@holdfast/core';
import { inspectImage, pullImage } from './engine-images.ts';
import { execInContainer } from './exec.ts';

const importCommand = ['ctr', '-n', 'k8s.io', 'images', 'import', '-'];

/** As containerd writes it: "app" is "docker.io/library/app:latest". */
export function fullReference(reference: string): string {
  const [path = '', digest] = reference.split('@');
  const first = path.split('/')[0] ?? '';
  const hasRegistry = path.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const named = hasRegistry ? path : `docker.io/${path.includes('/') ? path : `library/${path}`}`;
  if (digest !== undefined) return `${named}@${digest}`;
  return /:[^/]+$/.test(named) ? named : `${named}:latest`;
}

/** Writes and, where the reader is behind, waits for it. */
async function writeChunk(input: PassThrough, chunk: string | Buffer): Promise<void> {
  if (!input.write(chunk)) await once(input, 'drain');
}

/** Feeds one image archive to the container runtimes of all nodes at once. */
async function importArchive(
  nodes: readonly Docker.Container[],
  archive: NodeJS.ReadableStream,
  name: string,
): Promise<void> {
  const inputs = nodes.map(() => new PassThrough());
  const imports = nodes.map(async (node, index) => {
    const result = await execInContainer(node, importCommand, inputs[index]);
    if (result.exitCode !== 0) {
      throw environmentError(`the image could not be imported: ${result.output.trim()}`, {
        object: name,
        hint: 'give an archive that `docker save` wrote',
      });
    }
  });
  const feed = async () => {
    for await (const chunk of archive) {
      await Promise.all(inputs.map((input) => writeChunk(input, chunk)));
    }
    for (const input of inputs) input.end();
  };
  await Promise.all([feed(), ...imports]);
}

/**
 * Imports every archive of a folder into every node.
 *
 * @throws HoldfastError (badInput) when the folder is not there or holds no *.tar
 */
export async function importFolder(
  nodes: readonly Docker.Container[],
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw badInput('the folder of image archives can not be read', {
      object: `--images ${folder}`,
      hint: 'give a folder with archives (*.tar) that `docker save` wrote',
      cause,
    });
  });
  const archives = files.filter((file) => file.endsWith('.tar')).sort();
  if (archives.length === 0) {
    throw badInput('this folder holds no image archive (*.tar)', {
      object: `--images ${folder}`,
      hint: 'write one with: docker save --output FOLDER/NAME.tar IMAGE',
    });
  }
  for (const archive of archives) {
    say(`importing ${archive} into ${nodes.length} nodes`);
    const file = join(folder, archive);
    await importArchive(nodes, createReadStream(file), file).catch((cause: unknown) => {
      throw badInput(messageOf(cause), {
        object: file,
        hint: 'give an archive that `docker save` wrote',
        cause,
      });
    });
  }
}

async function referencesOn(node: Docker.Container): Promise<Set<string>> {
  const list = await execInContainer(node, ['ctr', '-n', 'k8s.io', 'images', 'list', '-q']);
  return new Set(list.output.split('\n').map((line) => line.trim()));
}

async function pull(docker: Docker, reference: string): Promise<void> {
  await pullImage(docker, reference).catch((cause: unknown) => {
    throw environmentError(`the image can not be had: ${messageOf(cause).trim()}`, {
      object: reference,
      hint: 'check its name; where no registry answers, `docker load` it or give its archive with --images DIR',
      cause,
    });
  });
}

/**
 * Makes images available on every node: what the nodes lack comes from the local engine, which
 * pulls what it lacks itself. An image named by digest is left to the nodes to pull, because an
 * archive does not carry that name.
 *
 * @throws HoldfastError (environment) that names the image that can't be had
 */
export async function importImages(
  docker: Docker,
  nodes: readonly Docker.Container[],
  references: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const [first] = nodes;
  if (first === undefined) return;
  const there = await referencesOn(first);
  const missing = [...new Set(references)].filter(
    (reference) => !reference.includes('@') && !there.has(fullReference(reference)),
  );
  for (const reference of missing) {
    if ((await inspectImage(docker, reference)) === undefined) {
      say(`pulling ${reference}`);
      await pull(docker, reference);
    }
    say(`importing ${reference} into ${nodes.length} nodes`);
    await importArchive(nodes, await docker.getImage(reference).get(), reference);
  }
}
