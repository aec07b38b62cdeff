import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { fakeClient } from '../kube/client.fixture.ts';
import type { RunningLedger } from './running-ledger.ts';
import { acknowledgedSince, silentSince, untilWritten, writeForAWhile } from './acknowledged.ts';

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

  it('takes a writer that can’t be asked for no silence', async () => {
    const began = now();
    expect(await silentSince(client, ledger('a', unreachable), began, 100, 400)).to.equal(null);
    let asked = 0;
    const shaky = ledger('a', () => ((asked += 1) < 4 ? unreachable() : began));
    expect(await silentSince(client, shaky, began, 100, 5_000)).to.equal(began);
    expect(asked).to.equal(4);
  });

  it('is null where acknowledgements go on', async () => {
    expect(await silentSince(client, ledger('a', now), now(), 10_000, 300)).to.equal(null);
  });
});

describe('untilWritten', () => {
  it('waits for the first acknowledgement of each, and names those without one', async () => {
    const began = now();
    const late = ledger('b', () => (now() - began < 300 ? null : began));
    const never = ledger('c', () => null);
    expect(await untilWritten(client, [ledger('a', now), late], 5_000)).to.eql([]);
    expect(now() - began).to.be.at.least(300);
    expect(await untilWritten(client, [late, never], 100)).to.eql(['c']);
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
