import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { applications } from './chart.fixture.ts';
import { sharedLines } from './shared-lines.fixture.ts';

/** Of a hundred lines of an application, so many may stand in another one's folder. */
const limit = 5;

const lines = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word} ${index}`).join('\n');

/** The texts of an application's folder: all but its definition and its value sets. */
async function textsOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^\/(app\.yaml$|ci\/)/.test(file.slice(dir.length)));
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}

describe('lines that two applications share', () => {
  it('are found in runs of six, wherever they stand and however they are indented', () => {
    const other = [`${lines('their', 9)}\n${lines('both', 7)}\n${lines('their', 2)}`];
    const own = [lines('own', 20), `a\n\n  ${lines('both', 7).replaceAll('\n', '\n\n  ')}\nb\n`];
    expect(sharedLines(own, other)).to.deep.equal({ shared: 7, all: 29 });
    expect(sharedLines(other, own)).to.deep.equal({ shared: 7, all: 18 });
  });

  it('are not those of shorter runs, and all of a copy', () => {
    expect(sharedLines([lines('both', 5)], [lines('both', 5)]).shared).to.equal(0);
    expect(sharedLines([lines('a', 40)], [lines('a', 40)])).to.deep.equal({ shared: 40, all: 40 });
    expect(sharedLines([`${lines('a', 3)}\nx\n${lines('a', 3)}`], [lines('a', 9)]).shared).to.equal(
      0,
    );
  });

  it('are counted once, also where they stand in several runs', () => {
    const twice = `${lines('both', 12)}\n${lines('both', 12)}`;
    expect(sharedLines([twice], [lines('both', 12)])).to.deep.equal({ shared: 24, all: 24 });
  });
});

describe("applications' own sources", () => {
  const pairs = applications.flatMap((one) =>
    applications.filter((other) => other !== one).map((other) => [one, other] as const),
  );
  for (const [one, other] of pairs) {
    it(`${basename(one)} shares less than five lines in a hundred with ${basename(other)}`, async () => {
      const { shared, all } = sharedLines(await textsOf(one), await textsOf(other));
      expect(all).to.be.above(0);
      expect((100 * shared) / all).to.be.below(limit);
    });
  }
});
