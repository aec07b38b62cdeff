import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import {
  everyChart,
  findClient,
  inPairs,
  kubeVersion,
  render,
  renderFolder,
  renderSets,
} from './render.fixture.ts';
import { strings, type Data } from './data.fixture.ts';
import { copyWithNotes, renderWithNotes } from './notes.fixture.ts';
import { idOf, ofKind } from './objects.fixture.ts';

/** Lines of a manifest that are not a text of several lines, as scripts in ConfigMaps are. */
function linesOutsideTexts(text: string): string[] {
  const lines: string[] = [];
  let inside = Infinity;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '' && indent < inside) inside = Infinity;
    if (inside !== Infinity) continue;
    lines.push(line);
    if (/: [|>][-+0-9]*$/.test(line)) inside = indent + 1;
  }
  return lines;
}

describe('what stands outside of texts', () => {
  it('is told from what stands in them', () => {
    const text = 'a:\n  b: |\n    x \n\n    y\n  c: 1 \n\nd: >-\n  z\n';
    expect(linesOutsideTexts(text)).to.deep.equal(['a:', '  b: |', '  c: 1 ', '', 'd: >-']);
  });
});

/** Paths of what holds nothing: a key without a value, labels that are none. */
function hollow(node: unknown, path = ''): string[] {
  if (node === null) return [path];
  if (typeof node !== 'object') return [];
  const children = Object.entries(node as Data);
  if (children.length === 0 && /\/(labels|annotations|data)$/.test(path)) return [path];
  return children.flatMap(([key, child]) => hollow(child, `${path}/${key}`));
}

everyChart((chart) => {
  it('is clean under helm lint --strict with every value set', async () => {
    const [client, dir] = [await findClient(), await chart.dir()];
    await inPairs(await chart.sets(), ({ name }) =>
      client.succeed([
        ...['lint', '--strict', '--quiet', dir, ...kubeVersion],
        ...['-f', join(dir, 'ci', name)],
      ]),
    );
  });

  it('renders with every value set: no blank line, trailing space, or empty map', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      const lines = linesOutsideTexts(rendered.text.trim());
      expect(
        lines.filter((line) => /^\s*$|[ \t]$/.test(line)),
        set,
      ).to.deep.equal([]);
      for (const document of parseAllDocuments(rendered.text)) {
        expect(document.errors, set).to.deep.equal([]);
        expect(document.contents, set).not.to.equal(null);
      }
      for (const object of rendered.objects) {
        expect(hollow(object), `${set} ${idOf(object)}`).to.deep.equal([]);
      }
    }
  });

  it('fills in every value, in its notes as well', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      expect(rendered.text, set).not.to.match(/<no value>|<nil>|%!/);
    }
    const dir = await copyWithNotes(chart);
    const telling = /^(default|everything|many|external-host|auth-off|persistence-off)-/;
    const sets = (await chart.sets()).filter(({ name }) => telling.test(name));
    await inPairs(sets, async ({ name: set }) => {
      const { notes } = await renderWithNotes(dir, { set });
      expect(notes, set).to.contain('is installed as release x in namespace');
      expect(notes, set).not.to.match(/<no value>|<nil>|%!|[ \t]$|\n\n\n/m);
    });
  });

  it('renders no object twice, with any value set', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      const ids = rendered.objects.map(idOf);
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        set,
      ).to.deep.equal([]);
    }
  });

  it('renders the same twice, with every value set', async () => {
    const dir = await chart.dir();
    await inPairs(await renderSets(chart), async ({ set, rendered }) => {
      const again = await renderFolder(dir, { set });
      expect(again.text, set).to.equal(rendered.text);
    });
  });

  it('holds no tag of the generator, and renders none', async () => {
    const dir = await chart.dir();
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      expect(await readFile(file, 'utf8'), file).not.to.match(/<%|%>|[\uE000-\uE00F]/);
    }
    for (const { set, rendered } of await renderSets(chart)) {
      expect(rendered.text, set).not.to.match(/<%|%>/);
      for (const rule of ofKind(rendered.objects, 'PrometheusRule')) {
        for (const [path, text] of strings(rule)) expect(text, path).not.to.contain('RELEASE');
      }
    }
  });

  it('renders by nothing that changes: no clock, no dice, no look at the cluster', async () => {
    const dir = await chart.dir();
    const fickle =
      /\{\{[^}]*\b(lookup|rand\w+|shuffle|uuidv4|now|ago|date\w*|htpasswd|bcrypt|gen[A-Z]\w+|getHostByName|encryptAES)\b/;
    for (const path of await readdir(join(dir, 'templates'), { recursive: true })) {
      if (!/\.(yaml|tpl|txt)$/.test(path)) continue;
      expect(await readFile(join(dir, 'templates', path), 'utf8'), path).not.to.match(fickle);
    }
  });

  it('keeps labels text for a release whose name is a number', async () => {
    const { text } = await render(chart, { release: '123' });
    expect(text).to.contain('instance: "123"');
    expect(linesOutsideTexts(text).filter((line) => line.endsWith(': 123'))).to.deep.equal([]);
  });

  it('labels every object of its own as the installation wants', async () => {
    const { objects } = await render(chart, { set: 'everything-values.yaml' });
    for (const one of objects) {
      if (one.metadata.name.includes('extra')) continue;
      expect(one.metadata.labels, idOf(one)).to.include({ team: 'platform' });
    }
  });
});
