import { expect } from 'chai';
import { environmentError, poll } from '@holdfast/core';
import { ActStopped, attempt } from './stage.ts';

describe('attempt', () => {
  it('keeps what an act has seen', async () => {
    expect(await attempt(() => Promise.resolve(3))).to.eql({ state: 'done', seen: 3 });
  });

  it('takes a wait that ends in vain, and a refusal, for findings', async () => {
    const never = () =>
      poll(() => Promise.resolve({ done: false, saw: 'Pending' }), { what: 'it', limitMs: 0 });
    expect(await attempt(never)).to.include({ state: 'stopped' });
    const refused = await attempt(() => Promise.reject(new ActStopped('helm says no')));
    expect(refused).to.eql({ state: 'stopped', reason: 'helm says no' });
  });

  it('does not blame the chart for anything else', async () => {
    for (const error of [environmentError('no image'), new Error('typo')]) {
      const thrown = await attempt(() => Promise.reject(error)).catch((reason: unknown) => reason);
      expect(thrown).to.equal(error);
    }
  });
});
