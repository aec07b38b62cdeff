import { expect } from 'chai';
import { invented } from './chart.fixture.ts';
import { everyChart, inPairs, long, render, renderSets } from './render.fixture.ts';
import { at, isData, listAt, nested, overlaid, type Resource } from './data.fixture.ts';
import { idOf, ofKind } from './objects.fixture.ts';
import { leavesNamed } from './schema.fixture.ts';

/** Kinds whose names end up in a label, a DNS label or another name, and how long they may be. */
const limits: Record<string, number> = {
  // A revision's hash is appended in a label of 63 characters.
  StatefulSet: 52,
  Service: 63,
  Job: 63,
};
/** The limit of all other names; those of pods are cut where they become host names. */
const longest = 253;

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;
const labelName = /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;

/** All maps of labels, and of what selects by labels, in an object. */
function labelsIn(node: unknown): [string, unknown][] {
  if (Array.isArray(node)) return node.flatMap(labelsIn);
  if (!isData(node)) return [];
  return Object.entries(node).flatMap(([key, child]) =>
    ['labels', 'matchLabels'].includes(key) && isData(child)
      ? Object.entries(child)
      : labelsIn(child),
  );
}

/** Names and labels that the API server refuses. */
function nameFindings(objects: readonly Resource[]): string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const { name } = metadata;
    const limit = limits[kind] ?? longest;
    const wrong = name.length > limit ? [`${idOf(object)}: ${name.length} characters`] : [];
    const spelling = kind in limits ? label : subdomain;
    if (!spelling.test(name)) wrong.push(`${idOf(object)}: no name`);
    for (const [key, value] of labelsIn(object)) {
      const [last = '', prefix = 'example.org'] = key.split('/').reverse();
      const fits = last.length <= 63 && labelName.test(last) && subdomain.test(prefix);
      const text = String(value);
      if (!fits) wrong.push(`${idOf(object)}: the label ${key}`);
      if (text.length > 63 || !labelValue.test(text)) {
        wrong.push(`${idOf(object)}: ${key} is ${text}`);
      }
    }
    for (const port of listAt(object, 'spec', 'ports')) {
      if (String(port['name']).length > 15) wrong.push(`${idOf(object)}: a port's name`);
    }
    // A certificate's common name has at most 64 characters.
    const commonName = at(object, 'spec', 'commonName');
    if (typeof commonName === 'string' && commonName.length > 64)
      wrong.push(`${idOf(object)}: its common name`);
    return wrong;
  });
}

everyChart((chart) => {
  it('keeps names within their limits, and follows overrides', async () => {
    // One of these is cut at a dash.
    const releases = [`${'a'.repeat(41)}-${'b'.repeat(11)}`, 'a'];
    const renders = [
      ...(await renderSets(chart, { release: long })),
      ...(await inPairs(releases, async (release) => ({
        set: release,
        rendered: await render(chart, { release, set: 'everything-values.yaml' }),
      }))),
    ];
    for (const { set, rendered } of renders) {
      expect(nameFindings(rendered.objects), set).to.deep.equal([]);
      const ids = rendered.objects.map(idOf);
      expect(new Set(ids).size, set).to.equal(ids.length);
    }
    const values = { fullnameOverride: 'other', namespaceOverride: 'elsewhere' };
    for (const set of ['default-values.yaml', 'everything-values.yaml']) {
      const rendered = await render(chart, { set, values });
      for (const object of rendered.objects) {
        const { name, namespace } = object.metadata;
        if (/extra|^custom$/.test(name)) continue;
        const volume = object.kind === 'PersistentVolume';
        expect(name, `${set} ${idOf(object)}`).to.match(
          volume ? /^elsewhere-.*-other(-|$)/ : /^other(-|$)/,
        );
        if (!volume) expect(namespace, idOf(object)).to.equal('elsewhere');
      }
    }
  });

  it('keeps names within their limits where a pod has an ordinal of two digits', async () => {
    const counts = leavesNamed(await chart.schema(), 'replicaCount');
    const values = counts
      .filter(({ node }) => node.maximum === undefined)
      .map(({ path }) => nested(path, 11))
      .reduce(overlaid, {});
    const { objects } = await render(chart, {
      release: long,
      set: 'everything-values.yaml',
      values,
    });
    expect(nameFindings(objects)).to.deep.equal([]);
  });

  it('takes an override of any length that it lets pass', async () => {
    await inPairs(['fullnameOverride', 'nameOverride'], async (key) => {
      const wish = { set: 'everything-values.yaml', values: { [key]: 'o'.repeat(63) } };
      const { objects } = await render(chart, wish);
      expect(nameFindings(objects), key).to.deep.equal([]);
    });
  });
});

describe('rules of names', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);

  it('find a name that is too long or not one, and labels of the same kind', async () => {
    if (!chart) return;
    const objects = structuredClone((await render(chart)).objects);
    const [set, service, map] = ['StatefulSet', 'Service', 'ConfigMap'].map(
      (kind) => ofKind(objects, kind)[0],
    );
    if (!set || !service || !map) throw new Error('nothing to damage');
    set.metadata.name = 'x'.repeat(53);
    service.metadata.name = 'a.b';
    map.metadata.name = 'x-';
    map.metadata.labels = { ['k'.repeat(64)]: 'x', 'a/b': 'y'.repeat(64) };
    expect(nameFindings([set, service, map])).to.have.lengthOf(5);
  });
});
