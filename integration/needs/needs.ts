import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Something that users need, and the tests that show it. */
export interface Need {
  id: string;
  need: string;
  /** Full titles of tests. */
  tests?: string[];
}

export interface Needs {
  needs: Need[];
  /** What is missing for needs without a test, by id. */
  toCome: Record<string, string>;
}

/** Reads the two lists of this folder. */
export async function readNeeds(): Promise<Needs> {
  const read = async (file: string): Promise<unknown> =>
    parse(await readFile(join(import.meta.dirname, file), 'utf8'));
  return {
    needs: (await read('needs.yaml')) as Need[],
    toCome: (await read('to-come.yaml')) as Record<string, string>,
  };
}

/**
 * What is wrong with the lists: a need without a test that nothing is said about, a test that does
 * not exist, a promise that is kept already or belongs to no need.
 *
 * @param titles the full titles of all tests that there are
 */
export function findGaps({ needs, toCome }: Needs, titles: ReadonlySet<string>): string[] {
  const gaps: string[] = [];
  for (const { id, tests = [] } of needs) {
    if (tests.length === 0 && !(id in toCome)) gaps.push(`${id}: no test, and not in to-come.yaml`);
    if (tests.length > 0 && id in toCome) gaps.push(`${id}: has tests, but stands in to-come.yaml`);
    for (const test of tests) if (!titles.has(test)) gaps.push(`${id}: no test "${test}"`);
  }
  const known = new Set(needs.map(({ id }) => id));
  for (const id of Object.keys(toCome)) {
    if (!known.has(id)) gaps.push(`${id}: in to-come.yaml, but not a need`);
  }
  return gaps;
}

const head = `# What is needed, and which test shows it

Written by \`npm run -s docs:coverage\` from \`integration/needs/\`; a test fails when it is out of date,
when a test that it names is gone, or when nothing is said about a need that no test shows.

| need | shown by |
| --- | --- |
`;

/** The text of docs/coverage.md. */
export function coveragePage({ needs, toCome }: Needs): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = needs.map(({ id, need, tests = [] }) => {
    const shown =
      tests.length > 0
        ? tests.map((test) => cell(test)).join('<br>')
        : `*not covered yet: ${toCome[id] ?? ''}*`;
    return `| ${cell(need)} | ${shown} |`;
  });
  return `${head}${rows.join('\n')}\n`;
}
