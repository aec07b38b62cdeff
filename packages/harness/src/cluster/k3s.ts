import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedK3sContainer } from '@testcontainers/k3s';
import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import { poll, unlessAborted } from '@holdfast/core';
import { connect } from '../kube/client.ts';
import type { Cluster } from './cluster.ts';
import { assertDiskSpace, assertPortFree, connectEngine, freePort } from './engine.ts';
import { imageLabel } from './engine-images.ts';
import { execInContainer } from './exec.ts';
import { importFolder, importImages } from './images.ts';
import { sessionLabel, standInLabel } from './labels.ts';
import { createNodeNetwork } from './network.ts';
import { nodeControl } from './node-control.ts';
import {
  apiServerPort,
  assertRunning,
  nodeFailure,
  type NodeSpec,
  startAgent,
  startServer,
} from './nodes.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { startSession } from './session.ts';

/** The node image where none is named. */
export const defaultNodeImage = 'docker.io/rancher/k3s:v1.34.4-k3s1';

export interface K3sOptions {
  nodeImage: string;
  /** How many nodes; the first one is the server. */
  nodes: number;
  /** A folder of image archives for every node. */
  imagesDir?: string;
  /** The port of this machine that the API is published on; without it a free one. */
  apiPort?: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

const bootLimitMs = 120_000;

/**
 * Starts work with another folder for temporary files: testcontainers leaves a lock file in it.
 *
 * The former folder is back when all of the work has settled, which an abort does not wait for.
 */
function inFolder<T extends readonly unknown[]>(
  folder: string,
  start: () => { [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const former = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  const work = start();
  void Promise.allSettled(work).then(() => {
    if (former === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = former;
  });
  return Promise.all(work);
}

/** Waits until all nodes are Ready; answers their names, sorted. */
async function waitForNodes(
  nodes: readonly [server: Docker.Container, ...agents: Docker.Container[]],
  signal: AbortSignal,
): Promise<string[]> {
  const count = nodes.length;
  const columns = 'custom-columns=N:.metadata.name,R:.status.conditions[?(@.type=="Ready")].status';
  const names = await poll(
    async () => {
      await Promise.all(nodes.map(assertRunning));
      const { output } = await execInContainer(nodes[0], [
        'kubectl',
        '--kubeconfig=/etc/rancher/k3s/k3s.yaml',
        'get',
        'nodes',
        '--no-headers',
        '--request-timeout=5s',
        '-o',
        columns,
      ]);
      const rows = output
        .trim()
        .split('\n')
        .map((row) => row.trim().split(/\s+/));
      const ready = rows.filter((row) => row[1] === 'True').map((row) => row[0] ?? '');
      if (ready.length === count) return { done: true, value: ready };
      const seen = rows.map((row) => row.join(' ')).join(', ');
      return { done: false, saw: `${ready.length} Ready of ${seen}` };
    },
    { what: `${count} nodes to be Ready`, limitMs: bootLimitMs, everyMs: 300, signal },
  );
  return names.sort();
}

/**
 * Boots k3s, or an image that keeps its container contract, as containers of the local engine.
 *
 * @throws HoldfastError (environment) when the engine, disk space, a privilege, a port or the image
 *   is missing; nothing is left behind then
 */
export async function startK3s(options: K3sOptions): Promise<Cluster> {
  const { nodeImage, say, signal } = options;
  // The harness removes what it started by itself: no helper image has to be had for that. Ports are
  // published on this machine's loopback, unless somebody knows better.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  if (!(process.env['DOCKER_HOST'] ?? '').startsWith('tcp')) {
    process.env['TESTCONTAINERS_HOST_OVERRIDE'] ??= '127.0.0.1';
  }
  const docker = await connectEngine();
  await assertDiskSpace(docker);
  if (options.apiPort !== undefined) await assertPortFree(options.apiPort);
  // A port that the engine chooses is another one after each start of the container.
  const apiPort = options.apiPort ?? (await freePort());
  const session = await startSession();
  try {
    const began = performance.now();
    const log: string[] = [];
    const labels = { [sessionLabel]: session.id };
    const named = { name: `holdfast-${session.id}`, labels };
    const network = await createNodeNetwork(docker, named, options.nodes);
    const token = randomBytes(16).toString('hex');
    const spec = (name: string, index: number): NodeSpec => ({
      session: session.id,
      name,
      image: nodeImage,
      token,
      network: network.name,
      address: network.addresses[index] ?? '',
      log,
    });
    say(`starting ${options.nodes} node${options.nodes === 1 ? '' : 's'} from ${nodeImage}`);
    const agentNames = Array.from(
      { length: options.nodes - 1 },
      (_, index) => `agent-${index + 1}`,
    );
    const starts = inFolder<[StartedK3sContainer, ...StartedTestContainer[]]>(
      session.folder,
      () => [
        startServer(spec('server', 0), apiPort),
        ...agentNames.map((name, index) => startAgent(spec(name, index + 1))),
      ],
    );
    const failed = (cause: unknown): never => {
      signal.throwIfAborted();
      throw nodeFailure(cause, nodeImage, log);
    };
    const [server, ...agents] = await unlessAborted(starts, signal).catch(failed);
    const first = docker.getContainer(server.getId());
    const others = agents.map((agent) => docker.getContainer(agent.getId()));
    const nodes = [first, ...others] as const;
    const names = await waitForNodes(nodes, signal).catch(failed);
    const bootMs = Math.round(performance.now() - began);
    const kubeconfigPath = join(session.folder, 'kubeconfig');
    await writeFile(kubeconfigPath, server.getKubeConfig(), { mode: 0o600 });
    const standIn = await imageLabel(docker, nodeImage, standInLabel);
    if (options.imagesDir !== undefined) {
      await unlessAborted(importFolder(nodes, options.imagesDir, say), signal);
    }
    const control = nodeControl(
      {
        server: { name: 'server', address: network.addresses[0] ?? '', container: first },
        agents: others.map((container, index) => ({
          name: agentNames[index] ?? '',
          address: network.addresses[index + 1] ?? '',
          container,
        })),
        network,
        published: apiServerPort,
      },
      connect(kubeconfigPath, undefined, signal),
    );
    // containerd waits forever for itself where it takes in the same image twice at once.
    const provide = oneAtATime((references: readonly string[]) =>
      importImages(docker, nodes, references, say),
    );
    return {
      facts: { kind: standIn ?? 'k3s', nodes: names, nodeImage, bootMs },
      kubeconfigPath,
      provideImages: (references) => unlessAborted(provide(references), signal),
      control,
      async [Symbol.asyncDispose]() {
        session.settled();
        await session[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    try {
      await session[Symbol.asyncDispose]();
    } catch (cleanUp) {
      throw new SuppressedError(cleanUp, error);
    }
    throw error;
  }
}
