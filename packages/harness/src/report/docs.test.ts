import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '../checks/catalogue.ts';
import { kinds } from '../disrupt/kinds.ts';

/** The first cells of the rows of a page's tables. */
async function rowsOf(page: string): Promise<string[]> {
  const file = join(import.meta.dirname, '../../../../docs', page);
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((line) => /^\| (.+?) +\|/.exec(line)?.[1]?.trim() ?? []);
}

describe('docs/checks.md', () => {
  it('says of every check how it is concluded', async () => {
    expect(await rowsOf('checks.md')).to.include.members(catalogue.map(({ id }) => id));
  });

  it('says of no check that there is not', async () => {
    const ids = (await rowsOf('checks.md')).filter((cell) => /^[A-Z]\d+$/.test(cell));
    expect(catalogue.map(({ id }) => id)).to.include.members(ids);
  });

  it('says of every kind of disruption what is expected, in the order of a round', async () => {
    const cells = (await rowsOf('checks.md')).filter((cell) => /^`[a-z][a-z-]*`$/.test(cell));
    expect(cells).to.eql(kinds.map(({ id }) => `\`${id}\``));
  });
});
