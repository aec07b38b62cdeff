import { expect } from 'chai';
import { oneAtATime } from './one-at-a-time.ts';

describe('oneAtATime', () => {
  it('begins a call when the one before it has ended, also where that failed', async () => {
    const seen: string[] = [];
    const work = oneAtATime(async (name: string) => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      if (name === 'bad') throw new Error('bad');
      return name;
    });
    const results = await Promise.allSettled([work('first'), work('bad'), work('last')]);
    expect(results.map(({ status }) => status)).to.eql(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).to.include({ value: 'last' });
    expect(seen).to.eql(['first', 'bad', 'last'].flatMap((n) => [`${n} begins`, `${n} ends`]));
  });
});
