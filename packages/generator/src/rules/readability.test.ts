import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chart, committed } from './chart.fixture.ts';
import { everyChart } from './render.fixture.ts';

/** Non-blank lines below templates/ of the most used charts of the same applications. */
const linesOfPeers: Record<string, number> = {
  redis: 5350,
  mysql: 2435,
  kafka: 4567,
  fluentd: 1849,
};

const longestLine = 140;
const mostLinesOfAFile = 500;
const mostLinesOfFiles = 800;

async function textsBelow(dir: string): Promise<[string, string][]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file.slice(dir.length + 1),
      await readFile(file, 'utf8'),
    ]),
  );
}

function filled(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

async function sum(chart: Chart, is: (path: string) => boolean): Promise<number> {
  const texts = (await textsBelow(await chart.dir())).filter(([path]) => is(path));
  return texts.reduce((lines, [, text]) => lines + filled(text), 0);
}

everyChart((chart) => {
  it('can be read: no long line, no trailing space, no file without an end', async () => {
    for (const [path, text] of await textsBelow(await chart.dir())) {
      // Markdown's tables have a row on a line, and the schema is for programs.
      if (path !== 'README.md' && path !== 'values.schema.json' && !path.endsWith('.json')) {
        const long = text.split('\n').filter((line) => line.length > longestLine);
        expect(long, path).to.deep.equal([]);
      }
      expect(text, path).not.to.match(/[ \t]$/m);
      expect(text, path).to.match(/^$|[^\n]\n$/);
      expect(text, path).not.to.match(/\n\n\n|\t|\r/);
      if (/^(values\.yaml$|ci\/)/.test(path)) {
        // An anchor makes people look elsewhere for what a value is.
        expect(text, path).not.to.match(/(^|[ :-]) ?[&*][a-z]\w*$/m);
      }
      if (path.startsWith('templates/')) {
        expect(text.split('\n').length, path).to.be.below(mostLinesOfAFile);
      }
    }
  });

  it('has scripts and configuration of at most 800 lines', async () => {
    const lines = await sum(chart, (path) => /^files\/(.*\/)?(config|scripts)\//.test(path));
    expect(lines).to.be.at.most(mostLinesOfFiles);
  });

  it('calls no template of a whole manifest, and none of another chart', async () => {
    for (const [path, text] of await textsBelow(join(await chart.dir(), 'templates'))) {
      for (const [, name = ''] of text.matchAll(/(?:include|template) "([^"]+)"/g)) {
        expect(name, path).to.match(new RegExp(`^${chart.name}\\.`));
      }
      // The installation's own objects alone are templates as a whole.
      if (path === 'extra-deploy.yaml') continue;
      expect(text, path).not.to.match(/tpl \(?\.Files\.Get/);
    }
  });
});

everyChart((chart) => {
  const peer = linesOfPeers[chart.name];
  it(`has less than half of the lines that others have${peer === undefined ? ': nobody to compare with' : ''}`, async () => {
    const lines = await sum(chart, (path) => path.startsWith('templates/'));
    expect(lines).to.be.below((peer ?? Math.max(...Object.values(linesOfPeers))) / 2);
  });
}, committed);
