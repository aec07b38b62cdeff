import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { commandLine } from './shell.ts';

describe('a command line', () => {
  it('shows plain arguments as they are', () => {
    const args = ['holdfast', 'generate', './my-app', '--without', 'a,b', '--set=x:1'];
    expect(commandLine(args)).to.equal(args.join(' '));
    expect(commandLine(['my app', "it's", ''])).to.equal(`'my app' 'it'\\''s' ''`);
  });

  it('is read back by a shell as it was', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (args) => {
        const script = `printf '%s\\0' ${commandLine(args)}`;
        const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).to.deep.equal(args);
      }),
      { numRuns: 30 },
    );
  });
});
