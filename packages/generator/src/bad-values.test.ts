import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHelm, helmClient, type Helm } from '@holdfast/core';
import { parse, stringify } from 'yaml';
import { generateChart, writeChart } from './index.ts';

/** Values that a chart must refuse. */
interface BadValues {
  title: string;
  set: Record<string, unknown>;
  /** What is wrong with them. */
  key: string;
  /** What would be right there. */
  good?: unknown;
  /** Is each value right by itself, and only their combination wrong? */
  crossField?: boolean;
  /** Does a template refuse them, because no schema can tell? */
  byTemplate?: boolean;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const file = 'bad-values.yaml';
/** Every folder of an application that names bad values. */
const folders = ['templates', 'examples'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .map((name) => join(root, parent, name))
    .filter((dir) => existsSync(join(dir, file))),
);

/** A copy in which the value at a key path, which may not be there, is another one. */
function corrected(set: unknown, [step = '', ...rest]: string[], value: unknown): unknown {
  if (step === '') return value;
  const copy = (Array.isArray(set) ? [...(set as unknown[])] : { ...(set as object) }) as Record<
    string,
    unknown
  >;
  copy[step] = corrected(copy[step] ?? {}, rest, value);
  return copy;
}

/** Does Helm's message name the key as the place of an error? */
function names(message: string, key: string): boolean {
  const steps = key.split('.');
  const last = steps.at(-1) ?? '';
  const parent = ['', ...steps.slice(0, -1)].join('/');
  const lines = message.split('\n').map((line) => line.trim());
  return lines.some(
    (line) =>
      line.startsWith(`- at '/${steps.join('/')}': `) ||
      line === `- at '${parent}': additional properties '${last}' not allowed` ||
      line === `- at '${parent}': missing property '${last}'`,
  );
}

it('some application names bad values', () => {
  expect(folders).not.to.be.empty;
});

for (const folder of folders) {
  describe(`bad values of ${folder.slice(root.length)}`, function () {
    this.timeout(60_000);
    const entries = parse(readFileSync(join(folder, file), 'utf8')) as BadValues[];
    let dir = '';
    let helm: Helm;

    before(async () => {
      dir = await mkdtemp(join(tmpdir(), 'holdfast-bad-values-'));
      helm = helmClient(await findHelm());
      const chart = await generateChart(folder);
      expect([...chart.files.keys()].filter((path) => path.includes('bad-values'))).to.be.empty;
      await writeChart(chart, join(dir, 'chart'));
    });
    after(() => rm(dir, { recursive: true }));

    async function template(values: unknown): Promise<{ refused: boolean; message: string }> {
      const given = join(dir, 'values.yaml');
      await writeFile(given, stringify(values, { version: '1.1' }));
      const args = ['template', 'release', join(dir, 'chart'), '--kube-version', '1.34.0'];
      const { exitCode, stderr } = await helm.run([...args, '--values', given]);
      return { refused: exitCode !== 0, message: stderr };
    }

    it('are many, of many keys, and many of them wrong by their combination only', () => {
      expect(new Set(entries.map(({ key }) => key)).size).to.be.at.least(40);
      expect(entries.filter(({ crossField }) => crossField).length).to.be.at.least(12);
      const titles = entries.map(({ title }) => title);
      expect(new Set(titles).size).to.equal(titles.length);
      for (const { title, crossField, good } of entries) {
        if (crossField) expect(good, title).not.to.equal(undefined);
      }
    });

    for (const { title, set, key, good, crossField = false, byTemplate = false } of entries) {
      it(`refuses ${title}, and names ${key}`, async () => {
        const { refused, message } = await template(set);
        expect(refused, 'the values were taken').to.be.true;
        const bySchema = message.includes("values don't meet the specifications of the schema");
        expect(bySchema, message).to.equal(!byTemplate);
        expect(byTemplate ? message.includes(`${key} `) : names(message, key), message).to.be.true;
        // What concerns several keys is said by the rules at the schema's root.
        expect(message.includes("'allOf' failed"), message).to.equal(crossField);
        if (good === undefined) return;
        const right = await template(corrected(set, key.split('.'), good));
        expect(right.message).to.equal('');
        expect(right.refused, 'the corrected values were refused').to.be.false;
      });
    }
  });
}
