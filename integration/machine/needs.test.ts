import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToSuccess } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { coveragePage, findGaps, readNeeds } from '../needs/needs.ts';

/** The full titles of all tests, without running them. */
async function titlesOfAllTests(): Promise<Set<string>> {
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const specs = ['packages/*/src/**/*.test.ts', 'integration/**/*.test.ts'];
  const output = await runToSuccess(
    process.execPath,
    [mocha, '--no-config', '--dry-run', '--reporter=json', ...specs],
    { cwd: root, env: { HOLDFAST_TESTBED: '{"sets":{}}', HOLDFAST_RESULTS: '' } },
  );
  const { tests } = JSON.parse(output) as { tests: { fullTitle: string }[] };
  return new Set(tests.map(({ fullTitle }) => fullTitle));
}

describe('needs', () => {
  it('each has a test, or stands among what is to come', async () => {
    const titles = await titlesOfAllTests();
    expect(titles.size).to.be.greaterThan(100);
    expect(findGaps(await readNeeds(), titles)).to.deep.equal([]);
  });

  it('docs/coverage.md is what the lists say', async () => {
    const page = await readFile(join(root, 'docs', 'coverage.md'), 'utf8');
    expect(page).to.equal(coveragePage(await readNeeds()));
  });

  it('a need without a test, a test that is gone and a kept promise are found', () => {
    const needs = {
      needs: [
        { id: 'a', need: 'A' },
        { id: 'b', need: 'B', tests: ['gone'] },
        { id: 'c', need: 'C', tests: ['there'] },
      ],
      toCome: { c: 'something', d: 'something' },
    };
    expect(findGaps(needs, new Set(['there']))).to.deep.equal([
      'a: no test, and not in to-come.yaml',
      'b: no test "gone"',
      'c: has tests, but stands in to-come.yaml',
      'd: in to-come.yaml, but not a need',
    ]);
  });
});
