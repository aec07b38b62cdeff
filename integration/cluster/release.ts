import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { poll } from '@holdfast/core';
import {
  claims,
  exec,
  type ExecResult,
  type KubeClient,
  logTail,
  type Pod,
  pods,
  settle,
} from '@holdfast/harness';
import { decoded, secretObjects } from './objects.ts';
import { type Place, readyLimitMs } from './place.ts';

/** Values of a chart, as far as a test sets them. */
export type Values = Record<string, unknown>;

/** Makes `{ a: { b: value } }` of `a.b=value` pairs; values without commas and types of their own. */
function nested(pairs: readonly string[]): Values {
  const values: Values = {};
  for (const pair of pairs) {
    const [path = '', ...value] = pair.split('=');
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = values;
    for (const key of keys) at = (at[key] ??= {}) as Values;
    at[last] = value.join('=');
  }
  return values;
}

/** What the releases of a chart have in common. */
export interface ChartOnPlace {
  place: Place;
  /** The chart's folder. */
  chart: string;
  /** The name of the pods' main container. */
  container: string;
  /** `KEY=VALUE` pairs of all revisions, such as images. */
  sets: readonly string[];
}

/**
 * A release of a chart whose one StatefulSet has one replica, handled as with Helm by hand: install,
 * upgrade, roll back, with all values in files.
 */
export class Release {
  private readonly common: ChartOnPlace;
  readonly namespace: string;
  /** The release's name, which contains the chart's, and so is the StatefulSet's as well. */
  readonly name: string;
  /** The name of its pod. */
  readonly pod: string;

  constructor(common: ChartOnPlace, namespace: string, name: string) {
    this.common = common;
    this.namespace = namespace;
    this.name = name;
    this.pod = `${name}-0`;
  }

  private get client(): KubeClient {
    return this.common.place.client;
  }

  /** The DNS name of its Service for clients. */
  get host(): string {
    return `${this.name}.${this.namespace}.svc.cluster.local`;
  }

  private async withValues(action: 'install' | 'upgrade', values: Values): Promise<void> {
    const { place, chart, sets } = this.common;
    const files = await Promise.all(
      [nested(sets), values].map(async (content) => {
        const file = join(place.folder, `${randomUUID()}.yaml`);
        await writeFile(file, JSON.stringify(content), { mode: 0o600 });
        return `--values=${file}`;
      }),
    );
    await this.helm(action, this.name, chart, ...files);
  }

  /** Runs Helm in the release's namespace, and throws its message when it fails. */
  helm(...args: string[]): Promise<string> {
    const { helm } = this.common.place;
    const { signal } = this.client;
    return helm.succeed([...args, `--namespace=${this.namespace}`], { signal });
  }

  /** Installs it and waits until it is Ready. */
  async install(values: Values = {}): Promise<void> {
    await this.withValues('install', values);
    await this.ready();
  }

  /** Upgrades it and waits until it is Ready; nothing is kept of the values before. */
  async upgrade(values: Values = {}): Promise<void> {
    await this.withValues('upgrade', values);
    await this.ready();
  }

  /** Upgrades it to values with which it has no pod, and waits until that is gone. */
  async upgradeWithoutPods(values: Values): Promise<void> {
    await this.withValues('upgrade', values);
    await this.gone();
  }

  async rollback(revision: number): Promise<void> {
    await this.helm('rollback', this.name, `${revision}`);
    await this.ready();
  }

  /** Uninstalls it and waits until its pod is gone. */
  async uninstall(): Promise<void> {
    await this.helm('uninstall', this.name);
    await this.gone();
  }

  async ready(): Promise<void> {
    await settle(this.client, this.namespace, [this.name], readyLimitMs);
  }

  private async gone(): Promise<void> {
    const { client } = this;
    await poll(
      async () => {
        const pod = await client.get(pods, this.pod, this.namespace);
        return pod ? { done: false, saw: 'still there' } : { done: true, value: undefined };
      },
      { what: `pod ${this.pod} to be gone`, limitMs: readyLimitMs, signal: client.signal },
    );
  }

  /** Deletes the pod and waits until there is another. */
  async remove({ abruptly = false } = {}): Promise<void> {
    const { client } = this;
    const body = abruptly ? { gracePeriodSeconds: 0 } : undefined;
    const { uid } = (await this.podNow()).metadata;
    await client.remove(pods, this.pod, this.namespace, body);
    await poll(
      async () => {
        const pod = await client.get(pods, this.pod, this.namespace);
        return pod && pod.metadata.uid !== uid
          ? { done: true, value: undefined }
          : { done: false, saw: pod ? 'the former one' : 'none' };
      },
      { what: `another pod ${this.pod}`, limitMs: readyLimitMs, signal: client.signal },
    );
  }

  /** Deletes the pod and waits until its successor is Ready. */
  async replacePod(how = { abruptly: false }): Promise<void> {
    await this.remove(how);
    await this.ready();
  }

  /** The log of the pod's main container, or of its former run. */
  log(previous = false): Promise<string | undefined> {
    const { namespace, pod, common } = this;
    return logTail(this.client, { namespace, pod, container: common.container }, 10_000, previous);
  }

  async podNow(): Promise<Pod> {
    const pod = await this.client.get(pods, this.pod, this.namespace);
    if (pod === undefined) throw new Error(`there is no pod ${this.pod}`);
    return pod;
  }

  /** What tells whether anything was restarted, and whether it is the same claim. */
  async identity() {
    const { metadata, status } = await this.podNow();
    const claim = await this.client.get(claims, `data-${this.pod}`, this.namespace);
    return {
      pod: metadata.uid,
      restarts: Object.fromEntries(
        (status.containerStatuses ?? []).map(({ name, restartCount }) => [name, restartCount]),
      ),
      claim: claim?.metadata.uid,
      volume: claim?.spec.volumeName,
    };
  }

  /** A Secret of its namespace, decoded. */
  async secret(name: string): Promise<{ uid: string; data: Record<string, string> }> {
    const secret = await this.client.get(secretObjects, name, this.namespace);
    if (secret === undefined) throw new Error(`there is no Secret ${name}`);
    return { uid: secret.metadata.uid, data: decoded(secret) };
  }

  /** Runs a command in the pod's main container. */
  exec(...command: string[]): Promise<ExecResult> {
    const target = { namespace: this.namespace, pod: this.pod, container: this.common.container };
    return exec(this.client, target, command);
  }
}
