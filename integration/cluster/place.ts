import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { findHelm, type Helm, helmClient } from '@holdfast/core';
import {
  awaitServiceAccount,
  clientPodName,
  type Cluster,
  connect,
  createNamespace,
  deleteNamespace,
  exec,
  execInContainer,
  type ExecResult,
  type KubeClient,
  sessionLabel,
  sessionVariable,
  startClientPod,
  startK3s,
} from '@holdfast/harness';
import { imageOf, type Testbed } from '../testbed/prepare.ts';

/** A namespace of one test; disposing of it asks for its removal. */
export interface Namespace extends AsyncDisposable {
  name: string;
}

/** A cluster with what tests need to work on it by hand, all of it gone when it is disposed of. */
export interface Place extends AsyncDisposable {
  cluster: Cluster;
  helm: Helm;
  client: KubeClient;
  /** For files, such as values. */
  folder: string;
  /** The reference of one of the test bed's images. */
  image(name: string): string;
  /** Makes a namespace as a proof does: it enforces Pod Security "restricted". */
  namespace(name: string): Promise<Namespace>;
  /** Starts a pod that asks from inside the cluster, in a namespace of its own. */
  clientPod(namespace: string, image: string): Promise<ClientPod>;
  /** Runs a script on a node and gives its standard output and error; throws when it fails. */
  onNode(node: string, script: string, input?: string): Promise<string>;
  /** Runs kubectl on the first node, with a text as its standard input; throws when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** All that is in a namespace except events, as kind/name, sorted. */
  objectsIn(namespace: string): Promise<string[]>;
}

/** Runs a command in the pod, with an environment of its own; the limit is in milliseconds. */
export type ClientPod = (
  command: readonly string[],
  env?: Record<string, string>,
  limitMs?: number,
) => Promise<ExecResult>;

/** How long a pod of the test bed may take to be Ready, in milliseconds. */
export const readyLimitMs = 120_000;

/** Finds the container of one of the session's nodes. */
async function nodeContainer(docker: Docker, node: string): Promise<Docker.Container> {
  const label = `${sessionLabel}=${process.env[sessionVariable] ?? ''}`;
  const all = await docker.listContainers({ filters: { label: [label] } });
  const found = all.find(({ Names }) => Names.some((name) => name.endsWith(`-${node}`)));
  if (found === undefined) throw new Error(`there is no node ${node}`);
  return docker.getContainer(found.Id);
}

/**
 * Boots a cluster and brings the images to it.
 *
 * @param signal aborts what goes on in it, not its removal
 */
export async function startPlace(
  testbed: Testbed,
  images: readonly string[],
  signal: AbortSignal,
): Promise<Place> {
  const docker = new Docker();
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-place-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const cluster = made.use(
    await startK3s({ nodeImage: testbed.node, nodes: 2, say: () => {}, signal }),
  );
  const helm = helmClient(await findHelm(), cluster.kubeconfigPath);
  const client = connect(cluster.kubeconfigPath, undefined, signal);
  const place: Place = {
    cluster,
    helm,
    client,
    folder,
    image: (name) => imageOf(testbed, name),
    async namespace(name) {
      await createNamespace(client, name, randomUUID());
      await awaitServiceAccount(client, name);
      return { name, [Symbol.asyncDispose]: () => deleteNamespace(client, name, 0) };
    },
    async clientPod(namespace, image) {
      await place.namespace(namespace);
      await startClientPod(client, namespace, image, {}, readyLimitMs);
      const target = { namespace, pod: clientPodName, container: 'client' };
      return (command, env = {}, limitMs) => {
        const pairs = Object.entries(env).map(([key, value]) => `${key}=${value}`);
        return exec(client, target, ['env', ...pairs, ...command], limitMs);
      };
    },
    async onNode(node, script, input) {
      const container = await nodeContainer(docker, node);
      const command = ['sh', '-c', script];
      const stream = input === undefined ? undefined : Readable.from([input]);
      const { exitCode, output } = await execInContainer(container, command, stream);
      if (exitCode === 0) return output;
      throw new Error(`on ${node}: exit code ${exitCode}: ${output}`);
    },
    kubectl(args, input) {
      const quoted = args.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`).join(' ');
      const script = `kubectl --kubeconfig=/etc/rancher/k3s/k3s.yaml ${quoted}`;
      return place.onNode('server', script, input);
    },
    async objectsIn(namespace) {
      const kinds = await place.kubectl([
        ...['api-resources', '--namespaced', '--verbs=list', '--output=name'],
      ]);
      const wanted = kinds.split('\n').filter((kind) => kind !== '' && !/^events\b/.test(kind));
      const names = await place.kubectl([
        ...[
          'get',
          wanted.join(),
          `--namespace=${namespace}`,
          '--output=name',
          '--ignore-not-found',
        ],
      ]);
      return names
        .split('\n')
        .filter((line) => /^[a-z.0-9]+\//.test(line))
        .sort();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
  await cluster.provideImages([testbed.client, ...images.map((name) => place.image(name))]);
  const all = made.move();
  return place;
}
