import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DisruptionRecord, LedgerRecord } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import { fakeClient } from '../kube/client.fixture.ts';
import type { KubeClient } from '../kube/client.ts';
import { podObject } from '../observe/objects.fixture.ts';
import { writeFailureFolder, type FailureScene } from './failure-folder.ts';
import type { KnownSecrets } from './known-secrets.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
const disruption: DisruptionRecord = {
  number: 1,
  kind: 'graceful delete',
  targets: ['web-0'],
  startedAt,
  recoveryMs: 1_250,
  recoveryMsByPod: { 'web-0': 1_250 },
  timeline: [{ ms: 1_250, object: 'web-0', event: 'Ready' }],
};
const ledger: LedgerRecord = {
  name: 'web:80',
  acknowledged: 3,
  failed: 0,
  unknown: 0,
  durationMs: 10,
  lost: { count: 1, first: [{ seq: 2, at: startedAt, disruption: 1 }] },
  altered: { count: 0, first: [] },
  foreign: 0,
  failedButThere: 0,
  error: 'AUTH rendered-one failed',
};
const rendered = { kind: 'Secret', stringData: { password: 'rendered-one' } };

/** A namespace with a pod that was restarted, its claim, and what its containers printed. */
function namespace(): KubeClient {
  const pod = podObject('web-0', 'u0');
  pod.spec.initContainers = [{ name: 'init', image: 'i' }];
  const claim = {
    metadata: { name: 'data-web-0', uid: 'c0', resourceVersion: '1' },
    spec: { volumeName: 'pvc-1' },
    status: { phase: 'Bound' },
  };
  const volume = (name: string) => ({ metadata: { name }, spec: {} });
  const event = { metadata: {}, involvedObject: { uid: 'u0' }, message: 'with rendered-one' };
  return fakeClient(({ line, query = {} }) => {
    if (line.endsWith('/log')) {
      const { container = '', previous = '' } = query;
      return `${container} ${previous === 'true' ? 'before' : 'now'}: rendered-one`;
    }
    if (line.endsWith('/pods')) return [pod];
    if (line.endsWith('/persistentvolumeclaims')) return [claim];
    if (line.endsWith('/persistentvolumes')) return [volume('pvc-1'), volume('pvc-2')];
    return line.endsWith('/events') ? [event] : [];
  });
}

const control = {
  server: 'server',
  agents: ['agent-1'],
  log: (node: string) => Promise.resolve(`${node} says rendered-one`),
} as unknown as NodeControl;

describe('the failure folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-failure-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const scene = (known: KnownSecrets = { values: ['rendered-one'] }): FailureScene => ({
    client: namespace(),
    namespace: 'ns',
    objects: [rendered],
    secrets: known,
    disruptions: [disruption],
    ledgers: [ledger],
    control,
  });
  const files = async () =>
    (await readdir(join(folder, 'failure'), { recursive: true })).sort().map(String);
  const textOf = (file: string) => readFile(join(folder, 'failure', file), 'utf8');

  it('holds all that a failure can be understood from, and no secret', async () => {
    await writeFailureFolder(scene(), folder);
    const all = await files();
    expect(all).to.eql([
      'claims.yaml',
      'describe.txt',
      'events.yaml',
      'ledgers.json',
      'logs',
      'logs/web-0.init.log',
      'logs/web-0.init.previous.log',
      'logs/web-0.web.log',
      'logs/web-0.web.previous.log',
      'manifests.yaml',
      'nodes',
      'nodes/agent-1.log',
      'nodes/server.log',
      'pods.yaml',
      'statefulsets.yaml',
      'timeline.json',
      'timeline.txt',
      'volumes.yaml',
    ]);
    for (const file of all.filter((name) => name.includes('.'))) {
      expect(await textOf(file), file).to.not.contain('rendered-one');
    }
    expect(JSON.parse(await textOf('timeline.json'))).to.eql([disruption]);
    expect(await textOf('timeline.txt')).to.equal(
      ' 1. graceful delete of web-0\n    1.3 s  web-0  Ready\n',
    );
    const [written] = JSON.parse(await textOf('ledgers.json')) as LedgerRecord[];
    expect(written?.lost.first).to.eql(ledger.lost.first);
    expect(await textOf('logs/web-0.init.previous.log')).to.contain('init before: <redacted>');
    expect(await textOf('nodes/server.log')).to.equal('server says <redacted>\n');
    expect(await textOf('describe.txt')).to.contain('Pod web-0: Ready');
    expect(await textOf('volumes.yaml'))
      .to.contain('pvc-1')
      .and.not.contain('pvc-2');
  });

  it('has no folder of nodes where these are out of reach', async () => {
    const { control: out, ...apart } = scene();
    expect(out).to.equal(control);
    await writeFailureFolder(apart, folder);
    expect(await files()).to.not.include('nodes');
  });

  it('holds the rest where some of it can’t be had, and says what is missing', async () => {
    const broken = { ...control, log: () => Promise.reject(new Error('no engine')) };
    const error = await writeFailureFolder({ ...scene(), control: broken }, folder).catch(
      (e: unknown) => e,
    );
    expect(error).to.have.property('message', 'nodes: no engine');
    expect(await files()).to.include.members(['pods.yaml', 'volumes.yaml', 'logs/web-0.web.log']);
  });

  it('holds neither logs nor objects where the secrets are not known', async () => {
    const unread = { values: [], unread: 'you may not' };
    const error = await writeFailureFolder(scene(unread), folder).catch((e: unknown) => e);
    expect(error).to.have.property('message').that.contains('you may not');
    expect(await files()).to.eql(['ledgers.json', 'timeline.json', 'timeline.txt']);
    expect(await textOf('ledgers.json')).to.not.contain('rendered-one');
  });
});
