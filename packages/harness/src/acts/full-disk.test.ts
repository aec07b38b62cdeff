import { expect } from 'chai';
import type { LoadedDriver, Scene } from '../disrupt/scene.ts';
import { fakeClient, notFound } from '../kube/client.fixture.ts';
import { assertBound, isConcerned } from './full-disk.ts';

const wanted = {
  ...{ set: 'web', pod: 'web-0', claim: 'data-web-0', replicas: 1, claims: 1, size: '1Gi' },
  ...{ mountPath: '/data' as string | undefined, accessModes: [], storageClass: '' },
};
const writes = { ledger: { write: 'w', read: 'r' } } as LoadedDriver;

describe('a ledger is concerned by a full volume', () => {
  it('where its file is on that volume', () => {
    const files = ['web-0:/data', 'web-0:/data/files', 'web-0:/data-log', 'web-1:/data'];
    const concerned = files.filter((name) => isConcerned(name, wanted, undefined));
    expect(concerned).to.eql(['web-0:/data', 'web-0:/data/files']);
    const unmounted = { ...wanted, mountPath: undefined };
    expect(isConcerned('web-0:/data', unmounted, undefined)).to.equal(false);
  });

  it('where the application has nowhere else to write', () => {
    expect(isConcerned('web:80', wanted, writes)).to.equal(true);
    expect(isConcerned('web:80', { ...wanted, replicas: 3 }, writes)).to.equal(false);
    expect(isConcerned('web:80', { ...wanted, claims: 2 }, writes)).to.equal(false);
    const there = { ...writes, path: '/data/db' };
    expect(isConcerned('web:80', { ...wanted, claims: 2 }, there)).to.equal(true);
  });
});

describe('assertBound', () => {
  const scene = (volumeName: string | undefined) => {
    const client = fakeClient(({ line }) => {
      if (volumeName === undefined) throw notFound();
      expect(line).to.equal('GET /api/v1/namespaces/ns/persistentvolumeclaims/data-web-0');
      return { metadata: { name: 'data-web-0' }, spec: { volumeName } };
    });
    return { client, namespace: 'ns' } as unknown as Scene;
  };
  const thrown = (volumeName: string | undefined) =>
    assertBound(scene(volumeName), 'data-web-0', 'small').then(
      () => undefined,
      (error: unknown) => error,
    );

  it('takes the volume alone that is filled', async () => {
    expect(await thrown('small')).to.equal(undefined);
    for (const other of ['pvc-1', undefined]) {
      const error = await thrown(other);
      expect(error).to.have.property('name', 'ActSkipped');
      expect(error)
        .to.have.property('message')
        .that.contains(`bound to ${other ?? 'none'}`);
    }
  });
});
