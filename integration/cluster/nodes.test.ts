import { expect } from 'chai';
import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { isThere, poll, seconds } from '@holdfast/core';
import {
  awaitServiceAccount,
  claims,
  type Cluster,
  connect,
  createNamespace,
  exec,
  isReady,
  type KubeClient,
  type Pod,
  pods,
  type Resource,
  sessionLabel,
  sessionVariable,
  startK3s,
  statefulSets,
} from '@holdfast/harness';
import { readyLimitMs } from './place.ts';
import { imageOf } from '../testbed/prepare.ts';
import { preparedTestbed } from './testbed-images.ts';

const namespace = 'nodes';
const names = ['spread-0', 'spread-1', 'spread-2'];
const port = 8080;

interface Named {
  metadata: { name: string; uid: string };
}

const nodeObjects: Resource<
  Named & { status: { addresses: { type: string; address: string }[] } }
> = { base: '/api/v1', plural: 'nodes', namespaced: false };

const leases: Resource<Named & { spec: { renewTime?: string } }> = {
  base: '/apis/coordination.k8s.io/v1',
  plural: 'leases',
  namespaced: true,
};

const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

/** One pod on each node, with a page to ask for, a program that asks, and a claim. */
function spreadSet(nginx: string, client: string) {
  const labels = { app: 'spread' };
  const term = { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' };
  return {
    metadata: { name: 'spread' },
    spec: {
      serviceName: 'spread',
      replicas: names.length,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          automountServiceAccountToken: false,
          affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_534,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'web',
              image: nginx,
              securityContext: restricted,
              readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
            },
            {
              name: 'client',
              image: client,
              command: ['sleep', '100000'],
              securityContext: restricted,
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
        },
      ],
    },
  };
}

/** What a node's trouble must not change, and what it may: the restarts of each container. */
interface Seen {
  uid: string;
  node: string;
  restarts: number[];
}

describe('the nodes of a cluster in containers', () => {
  const testbed = preparedTestbed();
  const docker = new Docker();
  const abort = new AbortController();
  let cluster: Cluster;
  let client: KubeClient;
  /** The addresses of the nodes by name, as they were at first. */
  let addresses: Record<string, string>;
  /** The UIDs of the claims by name. */
  let claimed: Record<string, string>;
  /** What the pods' files hold. */
  const written: Record<string, string> = {};
  /** Whether there is a cluster to dispose of. */
  let booted = false;

  function control() {
    if (cluster.control === undefined) throw new Error('the nodes are out of reach');
    return cluster.control;
  }

  async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await work();
    process.stdout.write(`      ${what}: ${seconds(performance.now() - began)}\n`);
  }

  async function podList(): Promise<Pod[]> {
    const { items } = await client.list(pods, namespace);
    return items.sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  }

  async function podOn(node: string): Promise<Pod> {
    const found = (await podList()).find(({ spec }) => spec.nodeName === node);
    if (found === undefined) throw new Error(`there is no pod on ${node}`);
    return found;
  }

  async function addressOf(node: string): Promise<string> {
    return (await podOn(node)).status.podIP ?? '';
  }

  const seenIn = (list: Pod[]): Record<string, Seen> =>
    Object.fromEntries(
      list.map(({ metadata, spec, status }) => [
        metadata.name,
        {
          uid: metadata.uid,
          node: spec.nodeName ?? '',
          restarts: (status.containerStatuses ?? []).map(({ restartCount }) => restartCount),
        },
      ]),
    );

  /** Waits until pods have been restarted once since, and all are Ready; answers what is then seen. */
  async function restarted(before: Record<string, Seen>, nodes: readonly string[]) {
    const expected = Object.fromEntries(
      Object.entries(before).map(([name, { restarts, ...seen }]) => {
        const more = nodes.includes(seen.node) ? 1 : 0;
        return [name, { ...seen, restarts: restarts.map((count) => count + more) }];
      }),
    );
    await poll(
      async () => {
        const list = await podList();
        const seen = JSON.stringify(seenIn(list));
        const all = list.length === names.length && list.every(isReady);
        const ready = `${list.filter(isReady).length} Ready`;
        return all && seen === JSON.stringify(expected)
          ? { done: true, value: undefined }
          : { done: false, saw: `${ready}, ${seen}` };
      },
      {
        what: `pods to be ${JSON.stringify(expected)}`,
        limitMs: readyLimitMs,
        everyMs: 250,
        signal: abort.signal,
      },
    );
  }

  async function nodeAddresses(): Promise<Record<string, string>> {
    const { items } = await client.list(nodeObjects);
    return Object.fromEntries(
      items.map(({ metadata, status }) => [
        metadata.name,
        status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '',
      ]),
    );
  }

  async function claimUids(): Promise<Record<string, string>> {
    const { items } = await client.list(claims, namespace);
    return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.uid]));
  }

  async function inPod(pod: string, script: string): Promise<string> {
    const target = { namespace, pod, container: 'client' };
    const { exitCode, stdout, stderr } = await exec(client, target, ['sh', '-c', script]);
    expect(exitCode, stderr).to.equal(0);
    return stdout;
  }

  /** What every trouble of a node must leave as it was. */
  async function expectNothingLost(): Promise<void> {
    expect(await nodeAddresses()).to.deep.equal(addresses);
    expect(await claimUids()).to.deep.equal(claimed);
    for (const name of names) {
      expect(await inPod(name, 'cat /data/mark'), name).to.equal(written[name]);
    }
  }

  /**
   * What a pod on a node gets when it asks an address. It is run by the node's container runtime, not
   * through the API server, which does not reach a node that is cut off.
   */
  async function asked(node: string, address: string, at = port): Promise<string> {
    const { status } = await podOn(node);
    const id = status.containerStatuses?.find(({ name }) => name === 'client')?.containerID;
    const task = `ctr -n k8s.io tasks exec --exec-id ${randomUUID()} ${id?.split('//')[1] ?? ''}`;
    return control().run(
      node,
      `${task} wget -T 2 -q -O - http://${address}:${at}/ 2>&1 || echo "exit code $?"`,
    );
  }

  const page = /nginx/i;
  const nothing = /timed out/;

  const renewals = async () => {
    const { items } = await client.list(leases, 'kube-node-lease');
    return new Map(items.map(({ metadata, spec }) => [metadata.name, spec.renewTime]));
  };

  /** Waits until nodes have renewed their leases that many times. */
  async function renewed(nodes: readonly string[], times: number): Promise<void> {
    let last = await renewals();
    const left = new Map(nodes.map((node) => [node, times]));
    await poll(
      async () => {
        const now = await renewals();
        for (const [node, count] of left) {
          if (now.get(node) !== last.get(node)) left.set(node, count - 1);
        }
        last = now;
        const saw = [...left].map(([node, count]) => `${node}: ${count} to come`).join();
        return [...left.values()].every((count) => count <= 0)
          ? { done: true, value: undefined }
          : { done: false, saw };
      },
      { what: `${nodes.join()} to report`, limitMs: 60_000, everyMs: 500, signal: abort.signal },
    );
  }

  before(async () => {
    cluster = await startK3s({
      nodeImage: testbed.node,
      nodes: 3,
      say: () => {},
      signal: abort.signal,
    });
    booted = true;
    client = connect(cluster.kubeconfigPath, undefined, abort.signal);
    const nginx = imageOf(testbed, 'nginx');
    await cluster.provideImages([nginx, testbed.client]);
    await createNamespace(client, namespace, randomUUID());
    await awaitServiceAccount(client, namespace);
    await client.create(statefulSets, spreadSet(nginx, testbed.client), namespace);
    await poll(
      async () => {
        const list = await podList();
        return list.length === names.length && list.every(isReady)
          ? { done: true, value: undefined }
          : { done: false, saw: list.map(({ status }) => status.phase).join() };
      },
      { what: 'three pods to be Ready', limitMs: readyLimitMs, signal: abort.signal },
    );
    for (const name of names) {
      written[name] = randomUUID();
      await inPod(name, `printf %s ${written[name]} >/data/mark && sync`);
    }
    addresses = await nodeAddresses();
    claimed = await claimUids();
  });

  after(async () => {
    abort.abort();
    if (booted) await cluster[Symbol.asyncDispose]();
  });

  it('are known by name, and run scripts', async () => {
    expect(control().server).to.equal('server');
    expect(control().agents).to.deep.equal(['agent-1', 'agent-2']);
    expect(await control().run('agent-1', 'echo out; echo err >&2')).to.equal('out\n');
    const failed = await control()
      .run('agent-1', 'echo out; echo err >&2; exit 3')
      .catch((error: unknown) => error as Error);
    // The engine may send the one stream before the other.
    expect(failed)
      .to.have.property('message')
      .that.matches(/code 3: (out\s+err|err\s+out)$/);
  });

  it('an agent that was stopped and started comes back with its address, pods and data', async () => {
    const before = seenIn(await podList());
    await timed('stopped', () => control().stop('agent-1'));
    await timed('started, until it reported', () => control().start('agent-1'));
    await timed('until its pod was Ready again', () => restarted(before, ['agent-1']));
    await expectNothingLost();
  });

  it('an agent that is cut off reaches nobody and is reached by nobody, and so are its pods', async () => {
    const before = seenIn(await podList());
    const [own, other] = [await addressOf('agent-1'), await addressOf('agent-2')];
    const far = addresses['agent-2'] ?? '';
    const kubelet = 10_250;
    expect(await asked('agent-1', other), 'out, before').to.match(page);
    expect(await asked('agent-2', own), 'in, before').to.match(page);
    expect(await asked('agent-1', far, kubelet), 'to a node, before').not.to.match(nothing);

    await timed('cut off', () => control().cutOff('agent-1'));
    const last = (await renewals()).get('agent-1');
    expect(await asked('agent-1', own), 'a pod itself').to.match(page);
    const tries = await Promise.all([
      asked('agent-1', other),
      asked('agent-2', own),
      asked('agent-1', far, kubelet),
      asked('agent-2', addresses['agent-1'] ?? '', kubelet),
    ]);
    for (const [index, saw] of tries.entries()) expect(saw, `try ${index}`).to.match(nothing);
    // An answer takes both ways: here each has dropped packets of its own.
    for (const chain of ['HOLDFAST-IN', 'HOLDFAST-OUT']) {
      const rules = await control().run('agent-1', `iptables -t mangle -nvxL ${chain}`);
      expect(Number(/^\s*(\d+).*DROP/m.exec(rules)?.[1]), rules).to.be.greaterThan(3);
    }
    await timed('until the others had reported twice', () => renewed(['agent-2', 'server'], 2));
    expect((await renewals()).get('agent-1'), 'last report of the one cut off').to.equal(last);

    await timed('reconnected', () => control().reconnect('agent-1'));
    await timed('until it reported', () => renewed(['agent-1'], 1));
    expect(await asked('agent-1', other), 'out, after').to.match(page);
    expect(await asked('agent-2', own), 'in, after').to.match(page);
    await control().reconnect('agent-1');
    await restarted(before, []);
    await expectNothingLost();
  });

  it('a server that is cut off is still reached by its published port, and by no node', async () => {
    const server = addresses['server'] ?? '';
    const apiPort = 6443;
    expect(await asked('agent-2', server, apiPort), 'before').to.match(/400/);
    await control().cutOff('server');
    try {
      expect(await nodeAddresses()).to.deep.equal(addresses);
      expect(await asked('agent-2', server, apiPort), 'cut off').to.match(nothing);
    } finally {
      await control().reconnect('server');
    }
    expect(await asked('agent-2', server, apiPort), 'after').to.match(/400/);
  });

  it('a cluster that was restarted comes back with all addresses, pods and data', async () => {
    const before = seenIn(await podList());
    await timed('stopped and started, until all reported', () => control().restartAll());
    const all = [control().server, ...control().agents];
    await timed('until all pods were Ready again', () => restarted(before, all));
    await expectNothingLost();
  });

  it('leave nothing behind when one is stopped, one cut off, and the work is aborted', async () => {
    const filters = { label: [`${sessionLabel}=${process.env[sessionVariable] ?? ''}`] };
    const containers = await docker.listContainers({ all: true, filters });
    expect(containers).to.have.length(3);
    const used = containers.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => Name ?? []));
    expect(used).not.to.have.length(0);
    await control().stop('agent-1');
    await control().cutOff('agent-2');
    const work = control().start('agent-1');
    abort.abort(new Error('aborted by the test'));
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'aborted by the test');
    booted = false;
    await timed('disposed of', async () => cluster[Symbol.asyncDispose]());
    expect(await docker.listContainers({ all: true, filters })).to.deep.equal([]);
    expect(await docker.listNetworks({ filters })).to.deep.equal([]);
    const volumes = (await docker.listVolumes()).Volumes.map(({ Name }) => Name);
    expect(volumes.filter((name) => used.includes(name))).to.deep.equal([]);
    expect(await isThere(dirname(cluster.kubeconfigPath))).to.equal(false);
  });
});
