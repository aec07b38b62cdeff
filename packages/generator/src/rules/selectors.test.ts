import { expect } from 'chai';
import { invented } from './chart.fixture.ts';
import { everyChart, render, renderSets } from './render.fixture.ts';
import { at, isOutside, keys, listAt, without, type Data, type Resource } from './data.fixture.ts';
import {
  idOf,
  matches,
  ofKind,
  podsOf,
  selectorKeys,
  selectorOf,
  versionLabels,
  workloadsOf,
} from './objects.fixture.ts';

/** The label by which a Service selects one pod of a StatefulSet. */
const podName = 'statefulset.kubernetes.io/pod-name';

/** What is wrong with labels that can't be changed later. */
function labelFindings(objects: readonly Resource[]): string[] {
  const findings: string[] = [];
  for (const workload of workloadsOf(objects)) {
    const selector = keys(selectorOf(workload));
    if (selector.join() !== [...selectorKeys].sort().join()) {
      findings.push(`${idOf(workload)}: selects by ${selector.join()}`);
    }
    for (const claim of listAt(workload, 'spec', 'volumeClaimTemplates') as Resource[]) {
      const labels = keys(claim.metadata.labels);
      for (const key of selectorKeys.filter((one) => !labels.includes(one))) {
        findings.push(`${idOf(workload)}: the claim ${claim.metadata.name} has no ${key}`);
      }
      for (const key of versionLabels.filter((one) => labels.includes(one))) {
        findings.push(`${idOf(workload)}: the claim ${claim.metadata.name} has ${key}`);
      }
    }
  }
  for (const { owner, labels } of podsOf(objects)) {
    if (owner.kind === 'Pod') continue;
    if (!matches(selectorOf(owner) ?? {}, labels)) findings.push(`${idOf(owner)}: not its pods`);
    for (const key of versionLabels.filter((one) => one in labels)) {
      findings.push(`${idOf(owner)}: its pods have ${key}`);
    }
  }
  return findings;
}

/** Objects that select other pods than those of one workload. */
function selectionFindings(objects: readonly Resource[]): string[] {
  const workloads = workloadsOf(objects);
  const others = objects.filter((one) => !workloads.includes(one) && one.kind !== 'Job');
  return others.flatMap((object) => {
    const { [podName]: one, ...selector } = selectorOf(object) ?? {};
    if (Object.keys(selector).length === 0) return [];
    const selected = podsOf(objects).filter(({ labels }) => matches(selector, labels));
    const [only] = selected;
    if (selected.length !== 1 || only === undefined) {
      return [
        `${idOf(object)}: selects ${selected.map(({ owner }) => idOf(owner)).join() || 'none'}`,
      ];
    }
    const name = only.owner.metadata.name;
    const replicas = at(only.owner, 'spec', 'replicas') as number;
    const ordinals = Array.from({ length: replicas }, (_, ordinal) => `${name}-${ordinal}`);
    if (one === undefined || ordinals.includes(one as string)) return [];
    return [`${idOf(object)}: there is no pod ${one as string}`];
  });
}

/** StatefulSets without a governing Service that makes DNS names for all of their pods. */
function governingFindings(objects: readonly Resource[]): string[] {
  return ofKind(objects, 'StatefulSet').flatMap((set) => {
    const service = ofKind(objects, 'Service').find(
      ({ metadata }) =>
        metadata.name === at(set, 'spec', 'serviceName') &&
        metadata.namespace === set.metadata.namespace,
    );
    if (service === undefined) return [`${idOf(set)}: its Service is not rendered`];
    const labels = at(set, 'spec', 'template', 'metadata', 'labels');
    return [
      ...(at(service, 'spec', 'clusterIP') === 'None' ? [] : [`${idOf(service)}: not headless`]),
      ...(at(service, 'spec', 'publishNotReadyAddresses') === true
        ? []
        : [`${idOf(service)}: no names for pods that are not ready`]),
      ...(matches(selectorOf(service), labels) ? [] : [`${idOf(service)}: not the set's pods`]),
    ];
  });
}

everyChart((chart) => {
  it('carries a version on no selector, pod template or claim template', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      expect(labelFindings(rendered.objects), set).to.deep.equal([]);
    }
    const { objects } = await render(chart);
    for (const workload of workloadsOf(objects)) {
      for (const claim of listAt(workload, 'spec', 'volumeClaimTemplates') as Resource[]) {
        expect(keys(claim.metadata.labels)).to.have.members(selectorKeys);
      }
    }
  });

  it('selects its pods, and only them, by every Service, policy and budget', async () => {
    for (const { set, values, rendered } of await renderSets(chart)) {
      // Outside the cluster there are none, and the Service's endpoints are given.
      if (isOutside(values)) continue;
      expect(selectionFindings(rendered.objects), set).to.deep.equal([]);
    }
  });

  it('selects none of the pods that still end when the application moves out', async () => {
    for (const { set, values, rendered } of await renderSets(chart)) {
      if (!isOutside(values)) continue;
      const before = await render(chart, { values: without(values, ['external']) });
      const pods = podsOf(before.objects);
      for (const service of ofKind(rendered.objects, 'Service')) {
        if (at(service, 'spec', 'type') === 'ExternalName') continue;
        // Without a selector, Kubernetes would leave the pods' addresses where it has put them.
        const selector = selectorOf(service) ?? {};
        expect(keys(selector), `${set} ${idOf(service)}`).to.include.members(selectorKeys);
        const selected = pods.filter(({ labels }) => matches(selector, labels));
        expect(
          selected.map(({ owner }) => idOf(owner)),
          `${set} ${idOf(service)}`,
        ).to.be.empty;
      }
    }
  });

  it('names a headless Service that it renders as the governing one', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      expect(governingFindings(rendered.objects), set).to.deep.equal([]);
    }
  });
});

describe('rules of labels and selectors', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);
  let objects: Resource[] = [];
  beforeEach(async () => {
    if (chart) objects = structuredClone((await render(chart)).objects);
  });
  const labelsOf = (kind: string, ...path: (string | number)[]) =>
    at(ofKind(objects, kind)[0], ...path) as Data;

  it('find a version on a selector, a pod and a claim', () => {
    labelsOf('StatefulSet', 'spec', 'selector', 'matchLabels')['helm.sh/chart'] = 'x';
    labelsOf('DaemonSet', 'spec', 'template', 'metadata', 'labels')['helm.sh/chart'] = 'x';
    const claim = ['spec', 'volumeClaimTemplates', 0, 'metadata', 'labels'];
    labelsOf('StatefulSet', ...claim)['app.kubernetes.io/version'] = '1';
    expect(labelFindings(objects)).to.have.members([
      'StatefulSet/ours/x-full: selects by app.kubernetes.io/component,app.kubernetes.io/instance,app.kubernetes.io/name,helm.sh/chart',
      'StatefulSet/ours/x-full: the claim data has app.kubernetes.io/version',
      'StatefulSet/ours/x-full: not its pods',
      'DaemonSet/ours/x-full-agent: its pods have helm.sh/chart',
    ]);
  });

  it('find a Service of nobody, and one of everybody', () => {
    labelsOf('Service', 'spec', 'selector')['app.kubernetes.io/component'] = 'nobody';
    const budget = labelsOf('PodDisruptionBudget', 'spec', 'selector', 'matchLabels');
    delete budget['app.kubernetes.io/component'];
    const [one = '', other = ''] = selectionFindings(objects).sort();
    expect(one).to.match(/^PodDisruptionBudget.*: selects .*,/);
    expect(other).to.match(/^Service.*: selects none$/);
  });

  it('find a governing Service that is not there, or not headless', () => {
    for (const service of ofKind(objects, 'Service')) delete service.spec?.['clusterIP'];
    expect(governingFindings(objects)).to.deep.equal([
      'Service/ours/x-full-headless: not headless',
    ]);
    const rest = objects.filter(({ kind }) => kind !== 'Service');
    expect(governingFindings(rest)).to.deep.equal([
      'StatefulSet/ours/x-full: its Service is not rendered',
    ]);
  });
});
