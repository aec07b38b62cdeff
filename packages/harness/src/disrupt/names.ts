import { poll, type Probe, unlessLate } from '@holdfast/core';
import { outputOf, type ClientShell } from '../kube/client-pod.ts';
import { ExecTimeout } from '../kube/exec.ts';
import {
  answersOnly,
  clusterDomain,
  lookupScript,
  lookupsByName,
  podFqdn,
} from '../observe/dns.ts';
import type { SetRecord } from '../observe/identity.ts';
import type { Pod } from '../observe/objects.ts';
import type { DnsRecord } from '../observe/record.ts';
import { pods } from './resources.ts';
import type { Scene } from './scene.ts';

/**
 * The cluster's domain, from the search list that the kubelet gave the client pod.
 *
 * @returns the domain; "cluster.local" where the list has none
 */
export async function findClusterDomain(shell: ClientShell): Promise<string> {
  const resolvConf = outputOf(await shell.sh('cat /etc/resolv.conf', {}), 'cat /etc/resolv.conf');
  return clusterDomain(resolvConf) ?? 'cluster.local';
}

/** What the names are answered with at this moment; what has not been answered in time is left out. */
async function lookUp(scene: Scene, names: readonly string[]): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  try {
    const result = await scene.shell.sh(lookupScript, { NAMES: names.join(' ') });
    return lookupsByName(outputOf(result, 'nslookup'));
  } catch (error) {
    if (error instanceof ExecTimeout) return lookupsByName(error.stdout);
    throw error;
  }
}

function addressesOf(pod: Pod | undefined): string[] {
  const { podIP, podIPs } = pod?.status ?? {};
  if (podIPs !== undefined) return podIPs.map(({ ip }) => ip);
  return podIP === undefined ? [] : [podIP];
}

interface Asked {
  pod: string;
  fqdn: string;
}

/**
 * Asks for every pod's own name, from another pod, until each is answered with the pod's current
 * addresses alone: a resolver may keep the former one for the time of its cache.
 *
 * @param members the pods with their sets
 * @returns one record a pod; `settledMs` is null for those that were not right within the limit
 */
export async function resolvePods(
  scene: Scene,
  members: readonly { pod: Pod; set: SetRecord }[],
): Promise<DnsRecord[]> {
  const began = performance.now();
  const asked: Asked[] = members.map(({ pod, set }) => ({
    pod: pod.metadata.name,
    fqdn: set.serviceName
      ? podFqdn(pod.metadata.name, set.serviceName, scene.namespace, scene.clusterDomain)
      : '',
  }));
  const records = new Map<string, DnsRecord>();
  const probe = async (): Promise<Probe<undefined>> => {
    const answers = await lookUp(
      scene,
      asked.map(({ fqdn }) => fqdn).filter((fqdn) => fqdn !== ''),
    );
    const current = (await scene.client.list(pods, scene.namespace)).items;
    for (const { pod, fqdn } of asked) {
      const ips = addressesOf(current.find((entry) => entry.metadata.name === pod));
      const addresses = answers.get(fqdn) ?? [];
      const right = answersOnly(addresses, ips);
      const before = records.get(pod)?.settledMs ?? Math.round(performance.now() - began);
      records.set(pod, { pod, fqdn, ips, addresses, settledMs: right ? before : null });
    }
    const wrong = [...records.values()].filter((record) => record.settledMs === null);
    if (wrong.every((record) => record.fqdn === '')) return { done: true, value: undefined };
    const saw = wrong.map(
      (r) => `${r.pod} ${r.addresses.join(' ') || 'no answer'}, is ${r.ips.join(' ')}`,
    );
    return { done: false, saw: saw.join('; ') };
  };
  const { dnsMs: limitMs } = scene.limits;
  const options = { what: 'DNS to answer the current addresses', limitMs, everyMs: 500 };
  await unlessLate(poll(probe, { ...options, signal: scene.client.signal }), () => undefined);
  return [...records.values()];
}
