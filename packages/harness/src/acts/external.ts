import { helmMessage, poll, type Probe, unlessLate } from '@holdfast/core';
import { secrets } from '../disrupt/resources.ts';
import type { Scene } from '../disrupt/scene.ts';
import { settle } from '../disrupt/settle.ts';
import { readMembers } from '../disrupt/snapshot.ts';
import { outputOf } from '../kube/client-pod.ts';
import type { Resource } from '../kube/resource.ts';
import { upgradeChart } from '../kube/release.ts';
import type { ExternalRecord, Outcome } from '../observe/acts.ts';
import { lookupsByName, lookupScript } from '../observe/dns.ts';
import { writeForAWhile } from '../ledger/acknowledged.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import { podsWithClaims } from './claims-of.ts';
import { secretsOfPods } from './credentials.ts';
import { assertEffect } from './effect.ts';
import { readAgain } from './read-again.ts';
import { besideName, withRelease } from './second.ts';
import {
  ActStopped,
  attempt,
  badInputReason,
  elseSkipped,
  type Rendered,
  type Stage,
} from './stage.ts';

interface Service {
  spec: { type?: string; clusterIP?: string; clusterIPs?: string[]; externalName?: string };
}

const services: Resource<Service> = { base: '/api/v1', plural: 'services', namespaced: true };

/** A resolver keeps an answer for 30 s; another one may have asked a little later. */
const dnsLimitMs = 90_000;
const steadyMs = 3_000;

async function lookUp({ shell }: Scene, names: readonly string[]): Promise<Map<string, string[]>> {
  const result = await shell.sh(lookupScript, { NAMES: names.join(' ') });
  return lookupsByName(outputOf(result, 'nslookup'));
}

/**
 * Waits until the name of a Service is answered with where the Service leads now, for some seconds without
 * another answer in between.
 */
async function untilNameLeads(scene: Scene, service: string): Promise<void> {
  const { client, namespace, clusterDomain } = scene;
  const name = `${service}.${namespace}.svc.${clusterDomain}`;
  let since: number | undefined;
  const probe = async (): Promise<Probe<undefined>> => {
    const { spec } = (await client.get(services, service, namespace)) ?? { spec: {} };
    const { externalName, clusterIP = '', clusterIPs = [clusterIP] } = spec;
    const elsewhere = spec.type === 'ExternalName' ? (externalName ?? '') : undefined;
    const answers = await lookUp(scene, elsewhere === undefined ? [name] : [name, elsewhere]);
    const wanted = elsewhere === undefined ? clusterIPs : (answers.get(elsewhere) ?? []);
    const got = answers.get(name) ?? [];
    const right = got.length > 0 && got.every((address) => wanted.includes(address));
    since = right ? (since ?? performance.now()) : undefined;
    if (since !== undefined && performance.now() - since >= steadyMs) {
      return { done: true, value: undefined };
    }
    return { done: false, saw: `${got.join(' ')}, is ${wanted.join(' ')}` };
  };
  const what = `the name ${name} to lead where its Service does`;
  await poll(probe, { what, limitMs: dnsLimitMs, everyMs: 500, signal: client.signal });
}

async function upgrade(stage: Stage, set: readonly string[]): Promise<void> {
  const spec = { ...stage.spec, set: [...stage.spec.set, ...set] };
  const result = await upgradeChart(stage.helm, spec, stage.scene.limits.helmMs);
  if (result.exitCode !== 0) throw new ActStopped(`helm upgrade: ${helmMessage(result)}`);
}

/** Waits until the sets have no pods any more; names those that stay. */
async function untilGone(scene: Scene): Promise<string[]> {
  const { client, limits } = scene;
  let left: string[] = [];
  const probe = async (): Promise<Probe<undefined>> => {
    const { members } = await readMembers(scene);
    left = members.map(({ pod }) => pod.metadata.name);
    return left.length === 0 ? { done: true, value: undefined } : { done: false, saw: left.join() };
  };
  const options = { what: 'the pods to be gone', limitMs: limits.recoveryMs };
  await unlessLate(poll(probe, { ...options, signal: client.signal }), () => undefined);
  return left;
}

/** Gives the server outside the credentials that the clients have, where its chart does not make them. */
async function copyCredentials(stage: Stage, release: Rendered): Promise<void> {
  const { client, namespace, sets } = stage.scene;
  const rendered = release.objects.filter(({ kind }) => kind === 'Secret');
  for (const secret of await secretsOfPods(client, namespace, stage.objects, sets)) {
    const { name, labels = {}, annotations = {} } = secret.metadata;
    if (rendered.some(({ metadata }) => metadata.name === name)) continue;
    const { type, data = {} } = secret;
    const copy = { metadata: { name, labels, annotations }, type, data };
    await client.create(secrets, copy, release.scene.namespace);
  }
}

/**
 * Starts the writers of the release that is outside now. It was reached before it moved: what is missing
 * by now, the move has taken away.
 *
 * @throws ActStopped where a credential is gone
 */
export async function writersOutside(stage: Stage): Promise<RunningLedger[]> {
  try {
    return await stage.startLedgers(stage, 'outside');
  } catch (error) {
    const reason = badInputReason(error);
    throw reason === undefined ? error : new ActStopped(`once outside: ${reason}`);
  }
}

/**
 * Leads the release to the server outside, and back.
 *
 * @param service the Service that is written through
 * @param set the values that lead there
 */
async function moveAndReturn(
  stage: Stage,
  service: string,
  set: readonly string[],
): Promise<ExternalRecord> {
  const { scene } = stage;
  const { client, namespace, sets, limits } = scene;
  const before = await podsWithClaims(scene);
  await upgrade(stage, set);
  const stayed = await untilGone(scene);
  await untilNameLeads(scene, service);
  const writers = await writersOutside(stage);
  await writeForAWhile(client, writers, limits.recoveryMs);
  const written = await Promise.all(writers.map((ledger) => ledger.stop()));
  await upgrade(stage, []);
  await settle(client, namespace, sets, limits.readyMs);
  await untilNameLeads(scene, service);
  return {
    before,
    after: await podsWithClaims(scene),
    stayed,
    outside: written,
    notInside: await Promise.all(writers.map(readAgain)),
    inside: await Promise.all(stage.ledgers.map(readAgain)),
  };
}

/**
 * Installs the same chart beside the release, as the server outside, with the same credentials; leads the
 * release there by the driver's values, and back. While it is outside, a writer of the same programs,
 * credentials and DNS name writes a ledger of its own, which must be there, and not inside; what was
 * written before is read back when the application is inside again, on its former claims.
 */
export async function moveOutside(stage: Stage): Promise<Outcome<ExternalRecord>> {
  const { driver, namespace, clusterDomain } = stage.scene;
  if (driver === undefined || driver.outside.length === 0) {
    const reason = 'the driver names no values (outside) that lead to a server outside';
    return { state: 'skipped', reason };
  }
  if (driver.ledger === undefined) {
    const reason = 'the driver has no programs (ledger) that write through the application';
    return { state: 'skipped', reason };
  }
  return attempt(async () => {
    const beside = besideName(namespace, 'outside');
    const { service } = await elseSkipped(stage.reach(stage, driver));
    const host = `${service}.${beside}.svc.${clusterDomain}`;
    const set = driver.outside.map((pair) => pair.replaceAll('$HOST', host));
    await assertEffect(stage, set, 'outside');
    const prepare = (release: Rendered) => copyCredentials(stage, release);
    return withRelease(stage, { namespace: beside, prepare }, () =>
      moveAndReturn(stage, service, set),
    );
  });
}
