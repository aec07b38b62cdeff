import type Docker from 'dockerode';
import { HoldfastError, messageOf, poll, type Probe, unlessAborted } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import { type Lease, nodeLeases } from '../kube/leases.ts';
import type { Resource } from '../kube/resource.ts';
import type { NodeControl } from './cluster.ts';
import { cutOffScript, reconnectScript } from './cut-off.ts';
import { execInContainer } from './exec.ts';
import type { NodeNetwork } from './network.ts';
import { assertRunning, lastOutput } from './nodes.ts';

/** A node as the engine has it. */
export interface ControlledNode {
  /** Its name in Kubernetes. */
  name: string;
  container: Docker.Container;
  /** Its address on the network of the nodes. */
  address: string;
}

/** The nodes of a cluster as the engine has them. */
export interface ControlledNodes {
  /** The node of the control plane. */
  server: ControlledNode;
  agents: readonly ControlledNode[];
  network: Pick<NodeNetwork, 'subnet' | 'gateway'>;
  /** The server's port that is published. */
  published: number;
}

interface Node {
  metadata: { name: string };
  status?: { conditions?: { type: string; status: string; lastHeartbeatTime?: string }[] };
}

const nodeObjects: Resource<Node> = { base: '/api/v1', plural: 'nodes', namespaced: false };

/** How long a node's programs have to end by themselves, in seconds. */
const graceSeconds = 10;

const startLimitMs = 120_000;

/** What the engine answers where a container already is as it should be. */
function isNoChange(error: unknown): boolean {
  return (error as { statusCode?: number }).statusCode === 304;
}

function failure(message: string, node: string, cause: unknown): HoldfastError {
  return new HoldfastError({ kind: 'internal', message, object: `node ${node}`, cause });
}

/** Asks the engine to stop or start a container, which may be so already. */
async function ask(work: Promise<unknown>, what: string, node: string): Promise<void> {
  await work.catch((cause: unknown) => {
    if (isNoChange(cause)) return;
    throw failure(`the node can not be ${what}: ${messageOf(cause)}`, node, cause);
  });
}

const isAfter = (time: string | undefined, since: number) =>
  time !== undefined && Date.parse(time) > since;

/**
 * What a node has not yet reported since its start; undefined when nothing is missing. A lease alone
 * does not do: the state that the API server shows may still be that of before.
 */
function unreported(
  name: string,
  since: number,
  nodes: readonly Node[],
  renewals: readonly Lease[],
): string | undefined {
  const node = nodes.find(({ metadata }) => metadata.name === name);
  const lease = renewals.find(({ metadata }) => metadata.name === name);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!isAfter(lease?.spec?.renewTime, since)) return `${name} has not reported`;
  if (!isAfter(ready?.lastHeartbeatTime, since)) return `${name} has not reported its state`;
  return ready?.status === 'True' ? undefined : `${name} is not Ready`;
}

/** A node that was started, and when: on the clock that its programs have. */
export interface StartedNode extends Pick<ControlledNode, 'name' | 'container'> {
  since: number;
}

/**
 * Waits until nodes have reported to the API server since their containers' start, as Ready.
 *
 * @throws PollTimeout past the limit, with what was missing; HoldfastError (environment) when one of
 *   the containers has ended
 */
export async function awaitReports(
  client: KubeClient,
  started: readonly StartedNode[],
  limitMs = startLimitMs,
): Promise<void> {
  const probe = async (): Promise<Probe<undefined>> => {
    await Promise.all(started.map(({ container }) => assertRunning(container)));
    try {
      const [nodes, renewals] = await Promise.all([client.list(nodeObjects), nodeLeases(client)]);
      const saw = started.flatMap(
        ({ name, since }) => unreported(name, since, nodes.items, renewals) ?? [],
      );
      return saw.length === 0 ? { done: true, value: undefined } : { done: false, saw: saw.join() };
    } catch (error) {
      // The API server itself may be one of those that start.
      client.signal.throwIfAborted();
      return { done: false, saw: messageOf(error) };
    }
  };
  const { signal } = client;
  const what = `${started.map(({ name }) => name).join(', ')} to report again`;
  await poll(probe, { what, limitMs, everyMs: 200, signal });
}

/** Runs a script by `sh` in a node's container; see {@link NodeControl.run}. */
async function runScript({ name, container }: ControlledNode, script: string): Promise<string> {
  const { exitCode, output, stdout } = await execInContainer(container, ['sh', '-c', script]).catch(
    (cause: unknown) => {
      throw failure(`a script could not be run: ${messageOf(cause)}`, name, cause);
    },
  );
  if (exitCode === 0) return stdout;
  throw failure(`a script failed with exit code ${exitCode}: ${output.trim()}`, name, undefined);
}

/**
 * Handles the nodes of a cluster as containers of the engine.
 *
 * @param client asks the API server; its signal aborts every wait
 */
export function nodeControl(controlled: ControlledNodes, client: KubeClient): NodeControl {
  const { server, agents, published } = controlled;
  const { subnet, gateway } = controlled.network;
  const nodes = [server, ...agents];
  const { signal } = client;
  const find = (name: string): ControlledNode => {
    const found = nodes.find((node) => node.name === name);
    if (found) return found;
    throw new HoldfastError({ kind: 'internal', message: 'there is no such node', object: name });
  };
  const stop = ({ name, container }: ControlledNode) =>
    ask(container.stop({ t: graceSeconds }), 'stopped', name);
  const start = async ({ name, container }: ControlledNode): Promise<StartedNode> => {
    await ask(container.start(), 'started', name);
    return { name, container, since: Date.parse((await container.inspect()).State.StartedAt) };
  };
  const control: Omit<NodeControl, 'server' | 'agents'> = {
    run: async (name, script) => runScript(find(name), script),
    log: async (name, lines) => lastOutput(find(name).container, lines),
    stop: async (name) => stop(find(name)),
    async start(name) {
      await awaitReports(client, [await start(find(name))]);
    },
    async cutOff(name) {
      const node = find(name);
      const { address } = node;
      const cut = { address, subnet, gateway, ...(node === server && { published }) };
      await runScript(node, cutOffScript(cut));
    },
    async reconnect(name) {
      const node = find(name);
      // With a node's end its rules have gone.
      if ((await node.container.inspect()).State.Running) await runScript(node, reconnectScript());
    },
    async restartAll() {
      await Promise.all(nodes.map(stop));
      signal.throwIfAborted();
      await awaitReports(client, await Promise.all(nodes.map(start)));
    },
  };
  return {
    server: server.name,
    agents: agents.map(({ name }) => name).sort(),
    run: (name, script) => unlessAborted(control.run(name, script), signal),
    log: (name, lines) => unlessAborted(control.log(name, lines), signal),
    stop: (name) => unlessAborted(control.stop(name), signal),
    start: (name) => unlessAborted(control.start(name), signal),
    cutOff: (name) => unlessAborted(control.cutOff(name), signal),
    reconnect: (name) => unlessAborted(control.reconnect(name), signal),
    restartAll: () => unlessAborted(control.restartAll(), signal),
  };
}
