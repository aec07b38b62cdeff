import { expect } from 'chai';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClient } from '../kube/client.fixture.ts';
import { knownSecrets, withoutLogs, writeFailureFolder } from './failure-folder.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
const disruption = {
  number: 1,
  kind: 'graceful delete',
  targets: ['web-0'],
  startedAt,
  recoveryMs: 10,
  recoveryMsByPod: { 'web-0': 10 },
  timeline: [{ ms: 10, object: 'web-0', event: 'Ready' }],
};
const rendered = { kind: 'Secret', stringData: { password: 'rendered-one' } };

describe('the failure folder', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-failure-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const empty = fakeClient(() => []);
  const scene = (secrets: { values: string[]; unread?: string }) => ({
    client: empty,
    namespace: 'ns',
    objects: [rendered],
    secrets,
    disruptions: [disruption],
  });
  const files = () => readdir(join(folder, 'failure')).then((names) => names.sort());

  it('holds objects, logs and what was done until then', async () => {
    await writeFailureFolder(scene({ values: ['rendered-one'] }), folder);
    expect(await files()).to.include.members(['logs', 'manifests.yaml', 'timeline.json']);
    const text = await readFile(join(folder, 'failure', 'timeline.json'), 'utf8');
    expect(JSON.parse(text)).to.eql([disruption]);
  });

  it('holds neither logs nor objects where the secrets are not known', async () => {
    const unread = { values: [], unread: 'you may not' };
    const error = await writeFailureFolder(scene(unread), folder).catch((e: unknown) => e);
    expect(error).to.have.property('message').that.contains('you may not');
    expect(await files()).to.eql(['timeline.json']);
  });
});

describe('knownSecrets', () => {
  it('are those rendered and those in the namespace', async () => {
    const client = fakeClient(() => [{ metadata: {}, stringData: { key: 'live-one' } }]);
    const { values, unread } = await knownSecrets(client, 'ns', [rendered]);
    expect(values).to.have.members(['rendered-one', 'live-one']);
    expect(unread).to.equal(undefined);
  });

  it('say why they are not all', async () => {
    const client = fakeClient(() => {
      throw new Error('you may not');
    });
    expect(await knownSecrets(client, 'ns', [rendered])).to.eql({
      values: ['rendered-one'],
      unread: 'you may not',
    });
  });

  it('are not asked for any more after an abort', async () => {
    const stopped = new Error('stopped');
    const client = fakeClient(() => {
      throw new Error('aborted');
    }, AbortSignal.abort(stopped));
    const error = await knownSecrets(client, 'ns', []).catch((e: unknown) => e);
    expect(error).to.equal(stopped);
  });
});

describe('withoutLogs', () => {
  const finding = { object: 'web-0', ok: false, text: 'crashed', log: 'the password is live-one' };

  it('leaves logs out where the secrets are not known', () => {
    expect(withoutLogs([finding], { values: [] })).to.eql([finding]);
    const [bare] = withoutLogs([finding], { values: [], unread: 'you may not' });
    expect(bare).to.include({ text: 'crashed' });
    expect(bare?.log).to.not.contain('live-one');
  });
});
