import { HoldfastError, messageOf } from '@holdfast/core';
import { randomBytes } from 'node:crypto';
import { exec, ExecTimeout } from '../kube/exec.ts';
import { describePlace, type DataPlace, type DataReading } from '../observe/data.ts';
import { parseReading, readCommand, writeCommand } from '../observe/data-script.ts';
import { podFqdn } from '../observe/dns.ts';
import type { Claim, Volume } from '../observe/objects.ts';
import { mismatch } from '../observe/mountinfo.ts';
import type { DataMark } from '../observe/record.ts';
import type { Scene } from './scene.ts';

/** Runs a command in a place's container; a failure of any kind becomes the returned error. */
async function inPlace(
  scene: Scene,
  place: DataPlace,
  command: readonly string[],
): Promise<{ output: string } | { error: string }> {
  const target = { namespace: scene.namespace, pod: place.pod, container: place.container };
  try {
    const result = await exec(scene.client, target, command);
    if (result.exitCode === 0) return { output: result.stdout };
    const said = result.stderr.trim().split('\n').slice(-3).join(' ');
    const how = result.exitCode === null ? 'no shell in the container' : `exit ${result.exitCode}`;
    return { error: `${how}: ${said}` };
  } catch (error) {
    scene.client.signal.throwIfAborted();
    if (!(error instanceof HoldfastError)) throw error;
    return { error: messageOf(error) };
  }
}

/** Writes a nonce of its own, and the other files, to a place. */
export async function writeMark(scene: Scene, place: DataPlace): Promise<DataMark> {
  const nonce = randomBytes(16).toString('hex');
  const content = randomBytes(512).toString('hex');
  const tried = await inPlace(scene, place, writeCommand(place, nonce, content));
  const mark = { pod: place.pod, directory: place.directory, nonce, content };
  return 'error' in tried ? { ...mark, error: tried.error } : mark;
}

/** Asks the application itself for the nonce, by the driver's script in the client pod. */
async function readServed(scene: Scene, place: DataPlace, service: string): Promise<string> {
  const { driver, shell } = scene;
  const host = podFqdn(place.pod, service, scene.namespace, scene.clusterDomain);
  const env = {
    HOST: host,
    POD: place.pod,
    ORDINAL: String(place.ordinal),
    FILE: place.file,
    ...(driver?.port === undefined ? {} : { PORT: String(driver.port) }),
  };
  try {
    const script = driver?.scripts[driver.served?.script ?? ''] ?? '';
    const result = await shell.sh(script, env);
    if (result.exitCode === 0) return result.stdout.trim().slice(0, 200);
    return `no answer: ${result.stderr.trim().split('\n').at(-1) ?? ''}`;
  } catch (error) {
    if (error instanceof ExecTimeout) return `no answer: ${error.message}`;
    throw error;
  }
}

/** Reads a place: the files, what is mounted there, and the nonce through the application. */
export async function readPlace(
  scene: Scene,
  place: DataPlace,
  service: string,
  objects: { claims: readonly Claim[]; volumes: readonly Volume[] },
): Promise<DataReading> {
  const tried = await inPlace(scene, place, readCommand(place));
  if ('error' in tried) return { place, error: `${describePlace(place)}: ${tried.error}` };
  const reading = parseReading(place, tried.output);
  const claim = objects.claims.find((entry) => entry.metadata.name === place.claim);
  const volume = objects.volumes.find((entry) => entry.metadata.name === claim?.spec.volumeName);
  const wrong = reading.mount && claim ? mismatch(reading.mount, volume) : undefined;
  return {
    ...reading,
    ...(wrong === undefined ? {} : { mismatch: wrong }),
    ...(place.served ? { served: await readServed(scene, place, service) } : {}),
  };
}
