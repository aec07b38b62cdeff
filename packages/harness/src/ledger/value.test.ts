import { expect } from 'chai';
import fc from 'fast-check';
import { run } from '@holdfast/core';
import { valueOf } from './value.ts';

const seq = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const salt = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('valueOf', () => {
  it('is what the shell of writer.sh computes', async () => {
    const pairs = fc.sample(fc.tuple(seq, salt), 300);
    const edges = [
      [1, 0],
      [1, 2 ** 32 - 1],
      [2 ** 31 - 1, 2 ** 32 - 1],
    ];
    const input = [...pairs, ...edges];
    const script =
      'while read -r seq salt; do echo "$(((seq * 2654435761 + salt) & 4294967295))"; done';
    const lines = input.map((pair) => `${pair.join(' ')}\n`).join('');
    const { stdout } = await run('sh', ['-c', script], { input: lines });
    expect(stdout.trim().split('\n').map(Number)).to.eql(
      input.map(([n = 0, s = 0]) => valueOf(n, s)),
    );
  });

  it('is a number below 2^32, another one for the next write and for another salt', () => {
    fc.assert(
      fc.property(seq, salt, (n, s) => {
        const value = valueOf(n, s);
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).to.equal(true);
        expect(valueOf(n + 1, s)).to.not.equal(value);
        expect(valueOf(n, (s + 1) % 2 ** 32)).to.not.equal(value);
      }),
    );
  });
});
