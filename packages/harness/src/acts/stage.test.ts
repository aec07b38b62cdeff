import { expect } from 'chai';
import { badInput, environmentError, poll } from '@holdfast/core';
import { ActSkipped, ActStopped, attempt, elseSkipped } from './stage.ts';

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

  it('says why an act was not done', async () => {
    const twice = await attempt(() => Promise.reject(new ActSkipped('once only')));
    expect(twice).to.eql({ state: 'skipped', reason: 'once only' });
  });

  it('neither blames the chart for anything else, nor skips it', async () => {
    const others = [
      environmentError('no image'),
      badInput('the namespace exists'),
      new Error('typo'),
    ];
    for (const error of others) {
      const thrown = await attempt(() => Promise.reject(error)).catch((reason: unknown) => reason);
      expect(thrown).to.equal(error);
    }
  });
});

describe('elseSkipped', () => {
  const outcome = (error: Error) => attempt(() => elseSkipped(Promise.reject(error)));

  it('skips an act for bad input, in its words', async () => {
    const unknown = badInput('no Secret has the key', { object: 'password', hint: 'name another' });
    const reason = 'no Secret has the key (password); name another';
    expect(await outcome(unknown)).to.eql({ state: 'skipped', reason });
    const plain = await outcome(badInput('no such thing'));
    expect(plain).to.eql({ state: 'skipped', reason: 'no such thing' });
  });

  it('passes on what else comes of a step', async () => {
    expect(await elseSkipped(Promise.resolve(3))).to.equal(3);
    expect(await outcome(new ActStopped('helm says no'))).to.include({ state: 'stopped' });
    const typo = new Error('typo');
    expect(await outcome(typo).catch((thrown: unknown) => thrown)).to.equal(typo);
  });
});
