import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { fakeClient } from '../kube/client.fixture.ts';
import type { RunningLedger } from './running-ledger.ts';
import { acknowledgedSince, silentSince, writeForAWhile } from './acknowledged.ts';

const client = fakeClient(() => undefined);
const ledger = (name: string, last: () => number | null) =>
  ({ name, lastAcknowledgedMs: () => Promise.resolve().then(last) }) as unknown as RunningLedger;
const now = () => performance.now();
const unreachable = (): never => {
  throw new HoldfastError({ kind: 'internal', message: 'no connection to the writer' });
};

describe('acknowledgedSince', () => {
  it('is an acknowledgement after a time, not one before', async () => {
    expect(
      await acknowledgedSince(
        client,
        ledger('a', () => 100),
        99,
        0,
      ),
    ).to.equal(100);
    expect(
      await acknowledgedSince(
        client,
        ledger('a', () => 100),
        100,
        0,
      ),
    ).to.equal(null);
    expect(
      await acknowledgedSince(
        client,
        ledger('a', () => null),
        -Infinity,
        0,
      ),
    ).to.equal(null);
  });

  it('waits where the writer is out of reach for a while', async () => {
    let asked = 0;
    const shaky = ledger('a', () => ((asked += 1) < 2 ? unreachable() : 100));
    expect(await acknowledgedSince(client, shaky, 0, 5_000)).to.equal(100);
  });
});

describe('silentSince', () => {
  it('is when the last acknowledgement was, once there was none for a time', async () => {
    const began = now();
    const until = began + 300;
    const stopping = ledger('a', () => Math.min(now(), until));
    expect(await silentSince(client, stopping, began, 300, 5_000)).to.equal(until);
    expect(now() - began).to.be.at.least(600);
  });

  it('counts from the beginning where there was none since', async () => {
    const began = now();
    expect(
      await silentSince(
        client,
        ledger('a', () => began - 9_000),
        began,
        200,
        5_000,
      ),
    ).to.equal(began);
    expect(now() - began).to.be.at.least(200);
  });

  it('is null where acknowledgements go on', async () => {
    expect(await silentSince(client, ledger('a', now), now(), 10_000, 300)).to.equal(null);
  });
});

describe('writeForAWhile', () => {
  it('waits for all, and names those that never were acknowledged', async () => {
    const began = now();
    const silent = await writeForAWhile(client, [ledger('a', now), ledger('b', () => null)], 2_500);
    expect(silent).to.eql(['b']);
    expect(now() - began).to.be.at.least(2_000);
  });
}).timeout(10_000);
