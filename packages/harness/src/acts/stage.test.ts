import { expect } from 'chai';
import { badInput, environmentError, poll } from '@holdfast/core';
import { ActSkipped, ActStopped, attempt } from './stage.ts';

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

  it('says why an act was not done, for bad input too', async () => {
    const twice = await attempt(() => Promise.reject(new ActSkipped('once only')));
    expect(twice).to.eql({ state: 'skipped', reason: 'once only' });
    const unknown = badInput('no Secret has the key', { object: 'password', hint: 'name another' });
    const reason = 'no Secret has the key (password); name another';
    expect(await attempt(() => Promise.reject(unknown))).to.eql({ state: 'skipped', reason });
    const plain = await attempt(() => Promise.reject(badInput('no such thing')));
    expect(plain).to.eql({ state: 'skipped', reason: 'no such thing' });
  });

  it('does not blame the chart for anything else', async () => {
    for (const error of [environmentError('no image'), new Error('typo')]) {
      const thrown = await attempt(() => Promise.reject(error)).catch((reason: unknown) => reason);
      expect(thrown).to.equal(error);
    }
  });
});
