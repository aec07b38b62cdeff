import { expect } from 'chai';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import { fakeClient } from '../kube/client.fixture.ts';
import { newTally } from '../ledger/tally.ts';
import { writingSince } from './silences.ts';

const client = fakeClient(() => undefined);

/** A ledger with acknowledgements every 10 ms of some stretches, and how often it was asked. */
function ledger(stretches: readonly [number, number][]) {
  const tally = newTally(1);
  for (const [from, to] of stretches) {
    for (let at = from; at <= to; at += 10) tally.note(tally.attempted + 1, 'acknowledged', at);
  }
  const counted = { gaps: 0 };
  const running: RunningLedger = {
    name: 'web:80',
    lastAcknowledgedMs: () => Promise.resolve(tally.lastAcknowledgedMs),
    gap: (from, to) => {
      counted.gaps += 1;
      return Promise.resolve(tally.gap(from, to));
    },
    silences: (...span) => {
      counted.gaps += 1;
      return Promise.resolve(tally.silences(...span));
    },
    mark: () => {},
    readBack: () => Promise.resolve(),
    stop: () => Promise.reject(new Error('not here')),
  };
  return { running, counted };
}

describe('writingSince', () => {
  it('finds when acknowledgements stopped and when they went on', async () => {
    const { running, counted } = ledger([
      [0, 10_130],
      [13_020, 15_000],
    ]);
    const { acknowledged, moments } = await writingSince(client, running, 10_000, 15_000);
    expect(moments.map(({ object, event }) => `${object} ${event}`)).to.eql([
      'web:80 last acknowledged',
      'web:80 acknowledged again',
    ]);
    expect(moments[0]?.ms).to.be.closeTo(130, 2);
    expect(moments[1]?.ms).to.be.closeTo(3_020, 2);
    expect(acknowledged).to.have.length(2);
    expect(acknowledged[0]).to.eql({ fromMs: 0, toMs: moments[0]?.ms });
    expect(acknowledged[1]).to.eql({ fromMs: moments[1]?.ms, toMs: 5_000 });
    expect(counted.gaps).to.be.lessThan(500);
  });

  it('keeps several silences apart, and tells the longest', async () => {
    const { running } = ledger([
      [0, 1_000],
      [1_500, 2_000],
      [4_000, 4_300],
      [4_800, 6_000],
    ]);
    const { acknowledged, moments } = await writingSince(client, running, 500, 6_000);
    const found = acknowledged.map(({ fromMs, toMs }) => [fromMs, toMs]);
    const expected = [
      [0, 500],
      [1_000, 1_500],
      [3_500, 3_800],
      [4_300, 5_500],
    ];
    expect(found).to.have.length(expected.length);
    for (const [index, span] of expected.entries()) {
      expect(found[index]?.[0]).to.be.closeTo(span[0] ?? 0, 2);
      expect(found[index]?.[1]).to.be.closeTo(span[1] ?? 0, 2);
    }
    expect(moments[0]?.ms).to.be.closeTo(1_500, 2);
  });

  it('cuts off a silence that was there before', async () => {
    const { running } = ledger([
      [0, 1_000],
      [3_000, 4_000],
    ]);
    const { acknowledged, moments } = await writingSince(client, running, 2_000, 4_000);
    expect(moments[0]?.ms).to.equal(0);
    expect(acknowledged).to.have.length(1);
    expect(acknowledged[0]?.fromMs).to.be.closeTo(1_000, 2);
  });

  it('tells no moment of pauses that any machine makes', async () => {
    const { running } = ledger([
      [0, 1_000],
      [1_150, 2_000],
    ]);
    expect(await writingSince(client, running, 500, 2_005)).to.eql({
      acknowledged: [{ fromMs: 0, toMs: 1_505 }],
      moments: [],
    });
  });

  it('tells that nothing was acknowledged any more', async () => {
    const { running } = ledger([[0, 1_000]]);
    const stopped = (ms: number) => ({ ms, object: 'web:80', event: 'last acknowledged' });
    expect(await writingSince(client, running, 2_000, null)).to.eql({
      acknowledged: [],
      moments: [stopped(0)],
    });
    expect(await writingSince(client, running, 600, null)).to.eql({
      acknowledged: [{ fromMs: 0, toMs: 400 }],
      moments: [stopped(400)],
    });
  });
});
