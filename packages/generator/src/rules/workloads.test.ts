import { expect } from 'chai';
import { everyChart, render, renderSets } from './render.fixture.ts';
import {
  at,
  isOutside,
  listAt,
  nested,
  overlaid,
  without,
  type Data,
  type Resource,
} from './data.fixture.ts';
import { copyWithNotes, renderWithNotes } from './notes.fixture.ts';
import { containersOf, idOf, ofKind, podsOf, workloadsOf } from './objects.fixture.ts';
import { leavesNamed } from './schema.fixture.ts';

const firstContainer = (workload: Resource) =>
  at(workload, 'spec', 'template', 'spec', 'containers', 0) as Data;

everyChart((chart) => {
  it('starts fast and waits long: a startup probe every second or two, at once', async () => {
    const probes = workloadsOf((await render(chart)).objects)
      .map((workload) => firstContainer(workload)['startupProbe'])
      .filter((probe) => probe !== undefined);
    const known = leavesNamed(await chart.schema(), 'startupProbe.enabled').length;
    expect(probes.length).to.be.at.least(Math.min(known, 1));
    for (const probe of probes) {
      expect(at(probe, 'periodSeconds')).to.be.within(1, 2);
      expect(at(probe, 'initialDelaySeconds') ?? 0).to.equal(0);
      const patience = Number(at(probe, 'periodSeconds')) * Number(at(probe, 'failureThreshold'));
      expect(patience).to.be.at.least(60);
    }
  });

  it('has no disruption budget for a single replica, and one for several', async () => {
    const counts = leavesNamed(await chart.schema(), 'replicaCount');
    const budgetsFor = async (replicas: number) => {
      const some = counts.filter(({ node }) => (node.maximum ?? replicas) >= replicas);
      const values = some.map(({ path }) => nested(path, replicas)).reduce(overlaid, {});
      const { objects } = await render(chart, { values });
      return { some, budgets: ofKind(objects, 'PodDisruptionBudget'), objects };
    };
    expect((await budgetsFor(0)).budgets).to.deep.equal([]);
    expect((await budgetsFor(1)).budgets).to.deep.equal([]);
    const { budgets, objects } = await budgetsFor(3);
    const several = workloadsOf(objects).filter((one) => Number(at(one, 'spec', 'replicas')) > 1);
    expect(budgets.length).to.equal(several.length);
    for (const budget of budgets) expect(at(budget, 'spec', 'maxUnavailable')).to.equal(1);
  });

  it('prefers the digest to the tag, and the shared registry to its own', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const values = { image: { digest }, global: { imageRegistry: 'registry.example.org' } };
    const workloads = workloadsOf((await render(chart, { values })).objects);
    expect(workloads).not.to.be.empty;
    for (const workload of workloads) {
      expect(firstContainer(workload)['image']).to.match(
        new RegExp(`^registry\\.example\\.org/[a-z0-9/_-]+@${digest}$`),
      );
    }
  });

  it('takes every image from the shared registry, with the pull secrets of all', async () => {
    const values = {
      global: { imageRegistry: 'registry.example.org', imagePullSecrets: ['shared'] },
    };
    for (const set of ['default-values.yaml', 'everything-values.yaml']) {
      const rendered = await render(chart, { set, values });
      for (const pods of podsOf(rendered.objects)) {
        expect(
          JSON.stringify(pods.spec['imagePullSecrets']),
          `${set} ${idOf(pods.owner)}`,
        ).to.match(/"shared"/);
        const given = /^(prepare|.*-sidecar)$/;
        for (const { name, image } of containersOf(pods)) {
          if (given.test(String(name))) continue;
          expect(image, `${set} ${String(name)}`).to.match(/^registry\.example\.org\//);
        }
      }
    }
  });

  it('runs nothing of the application in diagnostic mode', async () => {
    const set = 'everything-values.yaml';
    const values = { diagnosticMode: { enabled: true } };
    const { objects: diagnosed } = await render(chart, { set, values });
    const { objects: plain } = await render(chart, { set });
    for (const workload of workloadsOf(diagnosed)) {
      const container = firstContainer(workload);
      expect(container, idOf(workload)).not.to.have.any.keys(
        'lifecycle',
        'readinessProbe',
        'startupProbe',
        'livenessProbe',
      );
      expect(container['command']).to.deep.equal(['sleep']);
      const before = listAt(workload, 'spec', 'template', 'spec', 'initContainers');
      expect(before.map(({ name }) => name)).to.deep.equal(['prepare']);
    }
    for (const workload of workloadsOf(plain)) {
      expect(firstContainer(workload), idOf(workload)).to.have.property('lifecycle');
    }
  });

  it('says of a load balancer only what the type of the Service can have', async () => {
    const classes = leavesNamed(await chart.schema(), 'service.loadBalancerClass');
    const values = classes.map(({ path }) => nested(path, 'a-class')).reduce(overlaid, {});
    expect(JSON.stringify((await render(chart, { values })).objects)).not.to.contain('a-class');
    if (classes.length === 0) return;
    const types = leavesNamed(await chart.schema(), 'service.type');
    const balanced = types.map(({ path }) => nested(path, 'LoadBalancer')).reduce(overlaid, values);
    const { objects } = await render(chart, { values: balanced });
    const services = ofKind(objects, 'Service').filter(
      (service) => at(service, 'spec', 'type') === 'LoadBalancer',
    );
    expect(services).not.to.be.empty;
    for (const service of services) {
      expect(at(service, 'spec', 'loadBalancerClass')).to.equal('a-class');
    }
  });

  it('has no pods outside the cluster, and the same Services by name', async () => {
    const inside = (await render(chart)).objects;
    const names = (objects: readonly Resource[]) =>
      ofKind(objects, 'Service').map(({ metadata }) => metadata.name);
    for (const { name: set, values } of await chart.sets()) {
      if (!isOutside(values)) continue;
      const { objects } = await render(chart, { set });
      const owners = podsOf(objects).map(({ owner }) => owner.kind);
      expect(new Set(owners), set).to.deep.equal(owners.length > 0 ? new Set(['Pod']) : new Set());
      const plain = await render(chart, { values: without(values, ['external']) });
      const kept = names(plain.objects).filter((name) => !/-headless$|-metrics$/.test(name));
      expect(names(objects), set).to.have.members(kept);
      expect(
        kept.filter((name) => names(inside).includes(name)),
        set,
      ).not.to.be.empty;
    }
  });

  it('speaks in its notes of no pods, claims and passwords that are not there outside', async () => {
    const dir = await copyWithNotes(chart);
    for (const { name: set, values } of await chart.sets()) {
      if (!isOutside(values)) continue;
      const { notes } = await renderWithNotes(dir, { set });
      expect(notes, set).to.contain('outside the cluster');
      expect(notes, set).to.match(/Clients in the cluster reach/);
      expect(notes, set).not.to.match(/port-forward|headless|claims? |replicaCount|get secret/);
    }
  });

  it('gives every pod that is asked for a Service of its own', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      const { objects } = rendered;
      const single = ofKind(objects, 'Service').filter((service) =>
        /-\d+-access$/.test(service.metadata.name),
      );
      const pods = single.map((one) =>
        at(one, 'spec', 'selector', 'statefulset.kubernetes.io/pod-name'),
      );
      const all = ofKind(objects, 'StatefulSet').flatMap((one) =>
        Array.from(
          { length: Number(at(one, 'spec', 'replicas')) },
          (_, ordinal) => `${one.metadata.name}-${ordinal}`,
        ),
      );
      expect(all, set).to.include.members(pods as string[]);
      expect(new Set(pods).size, set).to.equal(pods.length);
      const asked = set === 'everything-values.yaml' && all.length > 0;
      const known = leavesNamed(await chart.schema(), 'externalAccess.enabled').length > 0;
      expect(single.length > 0, set).to.equal(asked && known);
    }
  });
});
