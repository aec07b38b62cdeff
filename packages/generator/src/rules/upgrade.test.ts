import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyOf, invented } from './chart.fixture.ts';
import {
  everyChart,
  inPairs,
  render,
  renderFolder,
  renderSets,
  type Wish,
} from './render.fixture.ts';
import { at, nested, without, type Data, type Resource } from './data.fixture.ts';
import { ofKind } from './objects.fixture.ts';
import { dotted, inOrder, leavesNamed, leavesOf } from './schema.fixture.ts';
import {
  immutableFindings,
  renamedFindings,
  rollsBetween,
  withoutVersions,
} from './upgrade.fixture.ts';

/** Values that are about what can't be changed, and say so. */
const meantToChange = [
  'persistence',
  'podManagementPolicy',
  'defaultStorageClass',
  'nameOverride',
  'fullnameOverride',
];

const otherVersions = {
  'Chart.yaml': (text: string) =>
    text
      .replace(/^version: .*$/m, 'version: 9.8.7+build.1')
      .replace(/^appVersion: .*$/m, 'appVersion: "9.8.7"'),
};

everyChart((chart) => {
  it('restarts nothing when only the version of chart and application is another one', async () => {
    const later = await copyOf(chart, otherVersions);
    await inPairs(await renderSets(chart), async ({ set, rendered }) => {
      const now = await renderFolder(later, { set });
      expect(now.text, set).to.contain('9.8.7_build.1').and.to.contain('version: "9.8.7"');
      expect(withoutVersions(now.objects), set).to.deep.equal(withoutVersions(rendered.objects));
    });
  });

  // No chart is published yet: until one is, each is compared with itself.
  it('keeps every name, and what can never be changed, whatever values and version are', async () => {
    const { objects: before } = await render(chart);
    const modes = (at(await chart.schema(), 'properties', 'mode', 'enum') ?? []) as string[];
    const known = await chart.schema();
    const sets = (await chart.sets()).map(({ name: set, values }) => {
      const rest = without(values, meantToChange);
      return JSON.stringify(rest) === JSON.stringify(values) ? { set } : { values: rest };
    });
    const more = [
      ...modes.map((mode): Data => ({ mode })),
      { image: { tag: 'other', digest: '' } },
      { resources: { requests: { memory: '3Gi' } }, replicaCount: 0 },
    ].map((values) => ({
      values: Object.fromEntries(
        Object.entries(values).filter(([key]) => key in (known.properties ?? {})),
      ),
    }));
    // Another version of the chart renders the same names, as the test before shows.
    await inPairs([...sets, ...more], async (wish: Wish) => {
      const { objects } = await render(chart, wish);
      // An installation's own objects have the names that it gives them.
      const [own, now] = [before, objects].map((all) =>
        all.filter(({ metadata }) => !metadata.name.includes('extra')),
      );
      const given = at(wish.values ?? {}, 'serviceAccount', 'name');
      const renamed = renamedFindings(own ?? [], now ?? []);
      expect(immutableFindings(before, objects), JSON.stringify(wish)).to.deep.equal([]);
      expect(
        renamed.filter(
          (finding) => given === undefined || !finding.startsWith('ServiceAccount of all'),
        ),
        JSON.stringify(wish),
      ).to.deep.equal([]);
    });
  });

  it('rolls the pods that mount a file which changed, and no others', async function () {
    const folder = join(await chart.dir(), 'files');
    if (!existsSync(folder)) return;
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    const mode = ((at(await chart.schema(), 'properties', 'mode', 'enum') ?? []) as string[]).at(
      -1,
    );
    const wish = mode === undefined ? {} : { values: { mode } };
    const { objects: before } = await render(chart, wish);
    await inPairs(files, async (file) => {
      const changed = await copyOf(chart, { [`files/${file}`]: (text) => `${text}# changed\n` });
      const { objects: later } = await renderFolder(changed, wish);
      const { rolled, concerned } = rollsBetween(before, later);
      expect(rolled, file).to.have.members(concerned);
      const runs = /(^|\/)(config|scripts|credentials)\//.test(file);
      expect(concerned.length, file).to.be.at.least(runs ? 1 : 0);
    });
  });

  it('restarts the pods when somebody says that a Secret was changed', async () => {
    for (const leaf of leavesNamed(await chart.schema(), 'secretRevision')) {
      const restarted: string[] = [];
      for (const { name: set } of inOrder(await chart.sets(), leaf.path)) {
        if (restarted.length > 0) break;
        const { objects: before } = await render(chart, { set });
        const { objects } = await render(chart, { set, values: nested(leaf.path, 'another') });
        restarted.push(...rollsBetween(before, objects).rolled);
      }
      expect(
        restarted.filter((owner) => !owner.startsWith('Job ')),
        dotted(leaf),
      ).not.to.be.empty;
    }
  });

  it('rolls the pods for another password in the values', async () => {
    const passwords = leavesOf(await chart.schema()).filter(
      ({ path }) => path[0] === 'auth' && path.length === 2 && /password$/i.test(path[1] ?? ''),
    );
    for (const leaf of passwords) {
      const [one, other] = await inPairs(['one', 'other'], async (text) => {
        const { objects } = await render(chart, { values: nested(leaf.path, text) });
        return objects;
      });
      const { rolled, concerned } = rollsBetween(one ?? [], other ?? []);
      expect(concerned, dotted(leaf)).not.to.be.empty;
      expect(rolled, dotted(leaf)).to.have.members(concerned);
    }
  });
});

describe('rules of upgrades', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);
  let before: Resource[] = [];
  let later: Resource[] = [];
  beforeEach(async () => {
    if (!chart) return;
    before = (await render(chart)).objects;
    later = structuredClone(before);
  });

  it('find a field that can never be changed', () => {
    const [set] = ofKind(later, 'StatefulSet');
    if (set?.spec) set.spec['serviceName'] = 'other';
    expect(immutableFindings(before, later)).to.deep.equal(['x-full: serviceName']);
  });

  it('find an object with another name', () => {
    const [set] = ofKind(later, 'StatefulSet');
    if (set) set.metadata.name = 'x-full-2';
    expect(renamedFindings(before, later)).to.deep.equal([
      'StatefulSet of full: x-full to x-full-2',
    ]);
  });

  it('find pods that are not told of what they mount, and those that are replaced for nothing', () => {
    const map = ofKind(later, 'ConfigMap').find(
      ({ metadata }) => metadata.name === 'x-full-configuration',
    );
    if (map) map.data = { ...map.data, more: 'x' };
    expect(rollsBetween(before, later)).to.deep.equal({
      rolled: [],
      concerned: ['StatefulSet x-full'],
    });
    const [daemons] = ofKind(later, 'DaemonSet');
    (at(daemons, 'spec', 'template', 'metadata') as Data)['annotations'] = { version: '2' };
    expect(rollsBetween(before, later).rolled).to.deep.equal(['DaemonSet x-full-agent']);
  });
});
