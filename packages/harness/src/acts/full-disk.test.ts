import { expect } from 'chai';
import type { LoadedDriver, Scene } from '../disrupt/scene.ts';
import { fakeClient, notFound } from '../kube/client.fixture.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import { fine } from '../ledger/running-ledger.fixture.ts';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import { assertBound, fillAndEmpty, isConcerned } from './full-disk.ts';

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

describe('fillAndEmpty', () => {
  const times = { silenceMs: 150, fullForMs: 400 };

  /** Fills the volume of a release with so many replicas, whose ledger stops while it is full, or goes on. */
  async function filled(replicas: number, stops: boolean) {
    const done: string[] = [];
    let stoppedMs: number | undefined;
    const note = (what: string) => {
      done.push(what);
      stoppedMs = stops && what === 'full' ? performance.now() : undefined;
      return Promise.resolve();
    };
    const client = fakeClient(({ line }) => {
      if (line.endsWith('/statefulsets')) return [setObject()];
      if (line.endsWith('/pods')) return [podObject()];
      return { metadata: { name: wanted.claim }, spec: { volumeName: 'small' } };
    });
    const limits = { readyMs: 1_000, recoveryMs: 3_000, dnsMs: 1_000, helmMs: 1_000 };
    const scene = { client, namespace: 'ns', sets: ['web'], limits, driver: writes };
    const volume = { name: 'small', fill: () => note('full'), empty: () => note('empty') };
    const ledger = {
      name: 'web:80',
      lastAcknowledgedMs: () => Promise.resolve(stoppedMs ?? performance.now()),
      stop: () => Promise.resolve({ ...fine, name: 'web:80', acknowledged: 9 }),
    } as unknown as RunningLedger;
    const release = { scene } as unknown as Parameters<typeof fillAndEmpty>[0];
    const claim = { ...wanted, replicas };
    const small = volume as unknown as Parameters<typeof fillAndEmpty>[1];
    const seen = await fillAndEmpty(release, small, claim, [ledger], times);
    expect(done).to.eql(['full', 'empty']);
    return seen;
  }

  it('waits until what needs the volume is silent', async () => {
    const { fullMs, ledgers } = await filled(1, true);
    expect(fullMs).to.be.at.least(times.silenceMs);
    expect(ledgers[0]).to.deep.include({ concerned: true, silentAfterMs: 0 });
    expect(ledgers[0]?.resumedAfterMs).to.be.at.least(0);
  });

  it('leaves it full for a while where writes may go elsewhere', async () => {
    const { fullMs, ledgers } = await filled(2, false);
    expect(fullMs).to.be.at.least(times.fullForMs);
    expect(ledgers[0]).to.deep.include({ concerned: false, silentAfterMs: null });
  });
}).timeout(20_000);
