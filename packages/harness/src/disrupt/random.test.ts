import { expect } from 'chai';
import { maxSeed, pick, seededRandom } from './random.ts';

const first = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

describe('seededRandom', () => {
  it('is the same for the same seed', () => {
    expect(first(5, 20)).to.eql(first(5, 20));
    expect(first(5, 20)).to.not.eql(first(6, 20));
    expect(first(0, 5)).to.not.eql(first(maxSeed, 5));
  });

  it('is spread from 0 to 1', () => {
    const numbers = first(1, 4_000);
    expect(numbers.every((number) => number >= 0 && number < 1)).to.equal(true);
    const tenths = new Map<number, number>();
    for (const number of numbers) {
      const tenth = Math.floor(number * 10);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    expect([...tenths.values()].every((count) => count > 300 && count < 500)).to.equal(true);
  });
});

describe('pick', () => {
  it('takes from the first to the last, and nothing from nothing', () => {
    expect(pick(() => 0, ['a', 'b'])).to.equal('a');
    expect(pick(() => 0.999_999, ['a', 'b'])).to.equal('b');
    expect(pick<string>(() => 0, [])).to.equal(undefined);
  });
});
