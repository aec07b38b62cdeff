import { HoldfastError, messageOf, poll, type Probe, unlessLate } from '@holdfast/core';
import { exec, type ExecResult } from '../kube/exec.ts';
import { writerName, writerPaths } from '../ledger/writer-pod.ts';
import { podFqdn } from '../observe/dns.ts';
import { parseIdentity, type IdentityReading } from '../observe/identities.ts';
import { ordinalOf, type SetRecord } from '../observe/identity.ts';
import type { Pod } from '../observe/objects.ts';
import type { Scene } from './scene.ts';

/** A pod with its set. */
interface Asked {
  pod: Pod;
  set: SetRecord;
}

/** How long it is asked again, in milliseconds: an application may be Ready and not answer at once. */
const retryMs = 15_000;

/** Runs the identity program: where the ledger's writer has it, with its client and its credentials. */
function runProgram(scene: Scene, name: string, env: Record<string, string>): Promise<ExecResult> {
  const { client, namespace, driver, shell } = scene;
  if (driver?.ledger === undefined) return shell.sh(driver?.scripts[name] ?? '', env);
  const target = { namespace, pod: writerName(), container: 'writer' };
  const pairs = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return exec(client, target, ['env', ...pairs, 'sh', `${writerPaths.scripts}/${name}`]);
}

async function readIdentity(scene: Scene, name: string, member: Asked): Promise<IdentityReading> {
  const pod = member.pod.metadata.name;
  const { namespace, clusterDomain, driver, client } = scene;
  const env = {
    HOST: podFqdn(pod, member.set.serviceName, namespace, clusterDomain),
    POD: pod,
    ORDINAL: String(ordinalOf(pod)),
    // The pod's own port, which a Service's need not be.
    ...(driver?.port === undefined ? {} : { PORT: String(driver.port) }),
  };
  const ask = async (): Promise<Probe<IdentityReading>> => {
    try {
      const { exitCode, stdout, stderr } = await runProgram(scene, name, env);
      if (exitCode === 0) {
        const reading = parseIdentity(pod, stdout);
        if (reading.error === undefined) return { done: true, value: reading };
        return { done: false, saw: reading.error };
      }
      return { done: false, saw: `exit code ${exitCode ?? 'unknown'}: ${stderr.trim()}` };
    } catch (error) {
      client.signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      return { done: false, saw: messageOf(error) };
    }
  };
  const what = `the identity of ${pod}`;
  const options = { what, limitMs: retryMs, everyMs: 500, signal: client.signal };
  const late = (saw: string) => ({ pod, values: {}, error: `its identity can't be asked: ${saw}` });
  return unlessLate(poll(ask, options), late);
}

/**
 * Asks the application of every pod who it is, by the driver's identity program; nobody where the driver
 * has none.
 */
export async function readIdentities(
  scene: Scene,
  members: readonly Asked[],
): Promise<IdentityReading[]> {
  const name = scene.driver?.identity;
  if (name === undefined) return [];
  return Promise.all(members.map((member) => readIdentity(scene, name, member)));
}
