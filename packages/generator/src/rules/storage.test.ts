import { expect } from 'chai';
import { type Chart } from './chart.fixture.ts';
import { everyChart, inPairs, render, renderSets } from './render.fixture.ts';
import { at, listAt, nested, overlaid, type Data, type Resource } from './data.fixture.ts';
import { idOf, ofKind, podsOf } from './objects.fixture.ts';
import { leavesNamed, leavesOf } from './schema.fixture.ts';

/** The same value for all volumes of all roles, and the mode in which most of them are there. */
async function forVolumes(chart: Chart, key: string, value: unknown): Promise<Data> {
  const schema = await chart.schema();
  const leaves = leavesOf(schema).filter(
    ({ path }) => path.at(-1) === key && path.includes('persistence'),
  );
  const modes = (at(schema, 'properties', 'mode', 'enum') ?? []) as string[];
  const mode = modes.length === 0 ? {} : { mode: modes.at(-1) };
  return leaves.map(({ path }) => nested(path, value)).reduce(overlaid, mode);
}

const sets = (objects: readonly Resource[]) => ofKind(objects, 'StatefulSet');

function claimsOf(objects: readonly Resource[]): Data[] {
  const templates = sets(objects).flatMap((set) => listAt(set, 'spec', 'volumeClaimTemplates'));
  return [...templates, ...ofKind(objects, 'PersistentVolumeClaim')];
}

function volumesOf(objects: readonly Resource[]): Data[] {
  return podsOf(objects).flatMap(({ spec }) => listAt(spec, 'volumes'));
}

everyChart((chart) => {
  it('keeps the claims unless told otherwise', async () => {
    for (const set of sets((await render(chart)).objects)) {
      if (at(set, 'spec', 'volumeClaimTemplates') === undefined) continue;
      expect(at(set, 'spec', 'persistentVolumeClaimRetentionPolicy')).to.deep.equal({
        whenDeleted: 'Retain',
        whenScaled: 'Retain',
      });
    }
    for (const { set, rendered } of await renderSets(chart)) {
      for (const kept of ofKind(rendered.objects, 'PersistentVolumeClaim', 'PersistentVolume')) {
        expect(kept.metadata.annotations, `${set} ${idOf(kept)}`).to.include({
          'helm.sh/resource-policy': 'keep',
        });
      }
    }
  });

  it('puts an emptyDir in the place of each claim without persistence', async () => {
    const mode = await forVolumes(chart, 'nothing', true);
    const { objects: before } = await render(chart, { values: mode });
    const values = await forVolumes(chart, 'enabled', false);
    const { objects } = await render(chart, { values });
    expect(claimsOf(objects)).to.deep.equal([]);
    expect(volumesOf(objects).filter((one) => 'persistentVolumeClaim' in one)).to.deep.equal([]);
    for (const { owner, spec } of podsOf(objects)) {
      const names = listAt(spec, 'volumes').map(({ name }) => name);
      const mounts = listAt(spec, 'containers').flatMap((one) => listAt(one, 'volumeMounts'));
      const wanted = [...new Set(mounts.map(({ name }) => name))];
      expect(names, idOf(owner)).to.have.members(wanted);
    }
    const empty = (all: readonly Resource[]) => volumesOf(all).filter((one) => 'emptyDir' in one);
    expect(empty(objects).length).to.equal(empty(before).length + claimsOf(before).length);
  });

  it('mounts a claim that exists', async () => {
    const values = await forVolumes(chart, 'existingClaim', '{{ .Release.Name }}-mine');
    const { objects } = await render(chart, { values });
    expect(claimsOf(objects)).to.deep.equal([]);
    const mode = await forVolumes(chart, 'nothing', true);
    const before = claimsOf((await render(chart, { values: mode })).objects).length;
    const mounted = volumesOf(objects).filter((one) => 'persistentVolumeClaim' in one);
    expect(mounted.map((one) => at(one, 'persistentVolumeClaim'))).to.deep.equal(
      Array.from({ length: before }, () => ({ claimName: 'x-mine' })),
    );
  });

  it('names no class for the default one, and "" for "-"', async () => {
    const classes = async (shared: string, own: string) => {
      const values = await forVolumes(chart, 'storageClass', own);
      const { objects } = await render(chart, {
        values: shared === '' ? values : { ...values, global: { defaultStorageClass: shared } },
      });
      const found = claimsOf(objects).map((claim) => at(claim, 'spec', 'storageClassName'));
      return [...new Set(found)];
    };
    // A chart that keeps nothing has no classes.
    if (leavesNamed(await chart.schema(), 'storageClass').length === 0) return;
    const [byDefault, shared, own, none] = await inPairs(
      [
        ['', ''],
        ['shared', ''],
        ['shared', 'own'],
        ['shared', '-'],
      ] as [string, string][],
      ([common, each]) => classes(common, each),
    );
    expect(byDefault).to.deep.equal([undefined]);
    expect(shared).to.deep.equal(['shared']);
    expect(own).to.deep.equal(['own']);
    expect(none).to.deep.equal(['']);
  });

  it('binds each volume that is there already to the claim of one ordinal, which wants it', async () => {
    const { objects } = await render(chart, { set: 'default-values.yaml' });
    expect(ofKind(objects, 'PersistentVolume')).to.deep.equal([]);
    const static_ = (await chart.sets()).find(({ name }) => name === 'static-volumes-values.yaml');
    if (!static_) return;
    const { objects: all } = await render(chart, { set: static_.name });
    const templates = sets(all).flatMap((set) =>
      listAt(set, 'spec', 'volumeClaimTemplates').map((claim) => ({ set, claim })),
    );
    const volumes = ofKind(all, 'PersistentVolume');
    expect(volumes.length).to.equal(templates.length).and.to.be.above(0);
    for (const volume of volumes) {
      const wanted = at(volume, 'spec', 'claimRef', 'name');
      const found = templates.find(
        ({ set, claim }) =>
          wanted === `${(claim as Resource).metadata.name}-${set.metadata.name}-0`,
      );
      expect(at(volume, 'spec', 'claimRef', 'namespace')).to.equal(found?.set.metadata.namespace);
      const spec = at(found, 'claim', 'spec');
      expect(at(volume, 'spec', 'storageClassName')).to.equal(at(spec, 'storageClassName'));
      expect(at(volume, 'spec', 'accessModes')).to.deep.equal(at(spec, 'accessModes'));
      const size = at(spec, 'resources', 'requests', 'storage');
      expect(at(volume, 'spec', 'capacity', 'storage')).to.equal(size);
      expect(at(volume, 'spec', 'persistentVolumeReclaimPolicy')).to.equal('Retain');
    }
  });
});
