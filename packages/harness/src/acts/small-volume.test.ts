import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import { fakeClient, type Asked } from '../kube/client.fixture.ts';
import { ApiFailure } from '../kube/failure.ts';
import { smallVolume } from './small-volume.ts';

const wanted = {
  ...{ set: 'web', pod: 'web-0', claim: 'data-web-0', replicas: 1, claims: 1 },
  ...{ size: '8Gi', mountPath: '/data' },
  ...{ accessModes: ['ReadWriteOnce'], storageClass: undefined as string | undefined },
};

/** A node and an API server that say what they were asked. */
function place({ agents = ['agent-1'], refuses = false, busy = false } = {}) {
  const scripts: string[] = [];
  const asked: Asked[] = [];
  const client = fakeClient((request) => {
    asked.push(request);
    if (request.line.startsWith('POST') && refuses) {
      throw new ApiFailure(403, 'Forbidden', 'you may not', request.line);
    }
    const mark = 'storageclass.kubernetes.io/is-default-class';
    return [
      { metadata: { name: 'slow' } },
      { metadata: { name: 'local-path', annotations: { [mark]: 'true' } } },
    ];
  });
  const run = (node: string, script: string) => {
    scripts.push(`${node}: ${script}`);
    const failing = busy && script.startsWith('umount');
    const error = new HoldfastError({ kind: 'internal', message: 'target is busy' });
    return failing ? Promise.reject(error) : Promise.resolve('');
  };
  const control = { server: 'server', agents, run } as unknown as NodeControl;
  const make = (claim = wanted, namespace = 'ns') => smallVolume(client, control, namespace, claim);
  return { scripts, asked, make };
}

describe('smallVolume', () => {
  it('is on an agent, for the one claim, of the class and size that it will have', async () => {
    const { scripts, asked, make } = place();
    expect(await make()).to.include({ node: 'agent-1' });
    expect(scripts[0]).to.match(
      /^agent-1: mkdir -p (\S+) && mount -t tmpfs -o size=256m\S* holdfast \1$/,
    );
    const object = asked.find(({ line }) => line.startsWith('POST'))?.body as { spec: object };
    expect(object.spec).to.deep.include({
      capacity: { storage: '8Gi' },
      storageClassName: 'local-path',
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'ns',
        name: 'data-web-0',
      },
      local: { path: '/var/lib/holdfast-full/ns' },
    });
    expect(JSON.stringify(object)).to.contain('"values":["agent-1"]');
  });

  it('has a name of its own in every namespace, however long', async () => {
    const { asked, make } = place();
    const long = 'n'.repeat(58);
    for (const end of ['-full', '-null']) await make(wanted, long + end);
    const bodies = asked.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);
    const names = bodies.map((body) => (body as { metadata: { name: string } }).metadata.name);
    expect(names).to.eql([`holdfast-full-${long}-full`, `holdfast-full-${long}-null`]);
  });

  it('is on the server where there is no agent, and has the class that the chart names', async () => {
    const { asked, make } = place({ agents: [] });
    expect(await make({ ...wanted, storageClass: '' })).to.include({ node: 'server' });
    const body = asked.find(({ line }) => line.startsWith('POST'))?.body;
    expect(body).to.have.nested.property('spec.storageClassName', '');
  });

  it('is filled by one file, emptied of it, and removed', async () => {
    const { scripts, asked, make } = place();
    const volume = await make();
    await volume.fill();
    expect(scripts.at(-1))
      .to.contain('dd if=/dev/zero')
      .and.contain('/holdfast-full/ns/holdfast-full');
    await volume.empty();
    expect(scripts.at(-1)).to.equal('agent-1: rm -f /var/lib/holdfast-full/ns/holdfast-full');
    expect(await volume.remove()).to.eql([]);
    expect(scripts.at(-1)).to.contain('umount /var/lib/holdfast-full/ns');
    expect(asked.at(-1)?.line).to.equal('DELETE /api/v1/persistentvolumes/holdfast-full-ns');
  });

  it('says what of it stays', async () => {
    const volume = await place({ busy: true }).make();
    expect(await volume.remove()).to.eql([
      'folder /var/lib/holdfast-full/ns on agent-1 is left behind: target is busy',
    ]);
  });

  it('leaves no folder where the object is refused', async () => {
    const { scripts, make } = place({ refuses: true });
    const error = await make().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ApiFailure);
    expect(scripts.at(-1)).to.contain('umount');
  });
});
