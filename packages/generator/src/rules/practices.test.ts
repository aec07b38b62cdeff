import { expect } from 'chai';
import { charts, invented } from './chart.fixture.ts';
import { everyChart, namespace, render, renderSets } from './render.fixture.ts';
import { at, isOutside, listAt, strings, type Data, type Resource } from './data.fixture.ts';
import { containersOf, idOf, mounted, ofKind, podsOf } from './objects.fixture.ts';

/** Kinds that belong to no namespace, and that a chart may have. */
const clusterWide = ['PersistentVolume'];

/** Objects that stand in another namespace than the release, or change the cluster. */
function namespaceFindings(objects: readonly Resource[], expected: string): string[] {
  return objects.flatMap((object) => {
    if (clusterWide.includes(object.kind)) return [];
    return object.metadata.namespace === expected ? [] : [idOf(object)];
  });
}

/** ConfigMaps and Secrets of the chart that no pod mounts: their change would reach nobody. */
function unmounted(objects: readonly Resource[], kind: 'ConfigMap' | 'Secret'): string[] {
  const names = podsOf(objects).flatMap((pods) => mounted(pods, kind));
  return ofKind(objects, kind)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !names.includes(name));
}

/** Scripts that stand in the pods of the application instead of a ConfigMap. */
function inlineScripts(objects: readonly Resource[]): string[] {
  return podsOf(objects)
    .filter(({ owner }) => owner.kind !== 'Pod')
    .flatMap((pods) =>
      containersOf(pods)
        .filter((container) =>
          [...listAt(container, 'command'), ...listAt(container, 'args')].some(
            (word: unknown) => word === '-c' || String(word).includes('\n'),
          ),
        )
        .map(({ name }) => `${idOf(pods.owner)}: ${String(name)}`),
    );
}

/** Claims that leave open how much they ask for, and how they are mounted. */
function storageFindings(objects: readonly Resource[]): string[] {
  const templates = ofKind(objects, 'StatefulSet').flatMap((set) => {
    const claims = listAt(set, 'spec', 'volumeClaimTemplates');
    const policy = at(set, 'spec', 'persistentVolumeClaimRetentionPolicy');
    const open = claims.length > 0 && policy === undefined;
    return [
      ...(open ? [`${idOf(set)}: says nothing of what stays`] : []),
      ...claims.flatMap((claim) => claimFindings(claim as Resource)),
    ];
  });
  return [...templates, ...ofKind(objects, 'PersistentVolumeClaim').flatMap(claimFindings)];
}

function claimFindings(claim: Resource): string[] {
  const size = at(claim, 'spec', 'resources', 'requests', 'storage');
  return [
    ...(listAt(claim, 'spec', 'accessModes').length > 0 ? [] : [`${idOf(claim)}: no access mode`]),
    ...(/^[0-9]/.test(String(size)) ? [] : [`${idOf(claim)}: no size`]),
  ];
}

everyChart((chart) => {
  it('puts all objects into the namespace of the release, and makes none', async () => {
    for (const { set, values, rendered } of await renderSets(chart)) {
      const expected = (at(values, 'namespaceOverride') as string | undefined) ?? namespace;
      const own = rendered.objects.filter(({ metadata }) => !metadata.name.includes('extra'));
      expect(namespaceFindings(own, expected), set).to.deep.equal([]);
    }
  });

  it('has scripts and configuration in ConfigMaps that its pods mount', async () => {
    for (const { set, values, rendered } of await renderSets(chart)) {
      const { objects } = rendered;
      expect(inlineScripts(objects), set).to.deep.equal([]);
      // A dashboard is for Grafana, which finds it by its label.
      const stray = unmounted(objects, 'ConfigMap').filter(
        (name) => !/-dashboard$|extra/.test(name),
      );
      expect(stray, set).to.deep.equal([]);
      if (!isOutside(values)) expect(unmounted(objects, 'Secret'), set).to.deep.equal([]);
    }
  });

  it('is reached inside the cluster only, unless it is asked for more', async () => {
    const { objects } = await render(chart);
    for (const service of ofKind(objects, 'Service')) {
      expect(at(service, 'spec', 'type') ?? 'ClusterIP', idOf(service)).to.equal('ClusterIP');
    }
    expect(ofKind(objects, 'Ingress')).to.be.empty;
    const sets = ofKind(objects, 'StatefulSet').length;
    const headless = ofKind(objects, 'Service').filter(
      (service) => at(service, 'spec', 'clusterIP') === 'None',
    );
    expect(headless.length).to.be.at.least(sets);
  });

  it('states access mode, size and retention of every claim', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      expect(storageFindings(rendered.objects), set).to.deep.equal([]);
    }
  });
});

describe('rules of good practice', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);
  let objects: Resource[] = [];
  beforeEach(async () => {
    if (chart) objects = structuredClone((await render(chart)).objects);
  });

  it('find an object in another namespace', () => {
    const [service] = ofKind(objects, 'Service');
    if (service) service.metadata.namespace = 'kube-system';
    expect(namespaceFindings(objects, namespace)).to.have.lengthOf(1);
    expect(namespaceFindings(objects, 'other').length).to.be.above(10);
  });

  it('find a script in a pod, and a ConfigMap of nobody', () => {
    const [gateway] = ofKind(objects, 'Deployment');
    const container = at(gateway, 'spec', 'template', 'spec', 'containers', 0) as Data;
    container['command'] = ['sh', '-c', 'sleep 1\nexec gateway'];
    expect(inlineScripts(objects)).to.deep.equal(['Deployment/ours/x-full-gateway: gateway']);
    const rest = objects.filter(({ kind }) => kind !== 'DaemonSet');
    expect(unmounted(rest, 'ConfigMap')).to.deep.equal(['x-full-agent-configuration']);
  });

  it('find a claim that says nothing', () => {
    const [set] = ofKind(objects, 'StatefulSet');
    const claim = at(set, 'spec', 'volumeClaimTemplates', 0) as Data;
    claim['spec'] = { resources: {} };
    delete set?.spec?.['persistentVolumeClaimRetentionPolicy'];
    expect(storageFindings(objects)).to.have.lengthOf(3);
  });

  it('are tried on pods of every kind', async () => {
    const all = await Promise.all(charts.map(async (one) => (await render(one)).objects));
    const kinds = new Set(all.flatMap((some) => podsOf(some).map(({ owner }) => owner.kind)));
    expect([...kinds]).to.include.members(['StatefulSet', 'DaemonSet', 'Deployment', 'Job', 'Pod']);
    expect(all.flatMap((some) => strings(some)).length).to.be.above(1000);
  });
});
