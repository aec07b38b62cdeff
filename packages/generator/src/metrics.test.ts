import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartOf, head, ids, idOf } from './definitions.fixture.ts';
import { type Chart, generated, root } from './rules/chart.fixture.ts';
import { at, type Data, listAt } from './rules/data.fixture.ts';
import { ofKind } from './rules/objects.fixture.ts';
import { findClient, render } from './rules/render.fixture.ts';

const redis = generated('redis', 'redis', () => Promise.resolve(join(root, 'templates', 'redis')));

const ours = chartOf(
  'ours',
  `${head('ours')}modes:
  - { name: single, description: One server }
  - { name: many, description: Several servers }
metrics: { image: { repository: example/exporter, tag: v1 }, port: 9100, role: door }
roles:
  - name: ours
    workload: StatefulSet
    ports: { main: 7000 }
    volumes: { data: { mountPath: /data, size: 1Gi } }
  - name: door
    workload: StatefulSet
    modes: [many]
    ports: { http: 8080 }
    volumes: { hot: { mountPath: /hot, size: 1Gi }, cold: { mountPath: /cold, size: 1Gi } }
`,
  {
    'files/alerts.yaml': '- alert: Full\n  expr: left{RELEASE} or free{CLAIMS}\n',
    'files/dashboard.json': '{}\n',
  },
);

const everything = {
  metrics: {
    enabled: true,
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true },
    dashboards: { enabled: true },
  },
};

/** The expressions of the alerts, by their names. */
async function alertsOf(chart: Chart, values: Data = {}): Promise<Record<string, string>> {
  const { objects } = await render(chart, { values: { ...everything, ...values } });
  const [rule] = ofKind(objects, 'PrometheusRule');
  const [group] = listAt(rule, 'spec', 'groups');
  return Object.fromEntries(
    listAt(group, 'rules').map(({ alert, expr }) => [String(alert), String(expr)]),
  );
}

/** Who reaches the port of the metrics: the peers, or undefined for everybody. */
async function peersOf(networkPolicy: Data): Promise<unknown> {
  const { objects } = await render(redis, { values: { ...everything, networkPolicy } });
  const [policy] = ofKind(objects, 'NetworkPolicy');
  const rules = listAt(policy, 'spec', 'ingress').filter((rule) =>
    listAt(rule, 'ports').some(({ port }) => port === 'http-metrics'),
  );
  expect(rules).to.have.lengthOf(1);
  return rules[0]?.['from'];
}

describe('metrics', function () {
  this.timeout(60_000);

  it('are there in the modes of the role that they stand beside, and in no other', async () => {
    const own = /^(ServiceMonitor|PrometheusRule)\/|-metrics$|-dashboard$/;
    const of = async (mode: string) => {
      const { objects } = await render(ours, { values: { ...everything, mode } });
      return ids(objects).filter((id) => own.test(id));
    };
    expect(await of('single')).to.deep.equal([]);
    expect(await of('many')).to.deep.equal([
      'ConfigMap/x-ours-dashboard',
      'PrometheusRule/x-ours',
      'Service/x-ours-door-metrics',
      'ServiceMonitor/x-ours',
    ]);
  });

  it('have alerts about the claims of the role that they stand beside', async () => {
    const claims = async (door: Data) => {
      const { Full = '' } = await alertsOf(ours, { mode: 'many', door: { persistence: door } });
      return Full.replace('left{namespace="ours",service="x-ours-door-metrics"} or ', '');
    };
    const free = (names: string) => `free{namespace="ours",persistentvolumeclaim=~"${names}"}`;
    expect(await claims({})).to.equal(free('hot-x-ours-door-[0-9]+|cold-x-ours-door-[0-9]+'));
    expect(
      await claims({ hot: { enabled: false }, cold: { existingClaim: '{{ .Release.Name }}-own' } }),
    ).to.equal(free('x-own'));
  });

  it('of Redis have alerts for a server of which nothing is heard, and for a volume that fills', async () => {
    const { RedisDown, RedisVolumeNearlyFull } = await alertsOf(redis);
    const up = 'redis_up{namespace="ours",service="x-redis-metrics"}';
    expect(RedisDown).to.equal(
      `${up} == 0 or (absent(${up}) and on() max_over_time(${up}[6h]) == 1)`,
    );
    const claims = '{namespace="ours",persistentvolumeclaim=~"data-x-redis-[0-9]+"}';
    expect(RedisVolumeNearlyFull).to.equal(
      `kubelet_volume_stats_available_bytes${claims} / kubelet_volume_stats_capacity_bytes${claims} < 0.2`,
    );
  });

  it('are told to everybody, to the namespace where clients are chosen, or to whom is named', async () => {
    expect(await peersOf({})).to.equal(undefined);
    expect(await peersOf({ allowExternal: false })).to.deep.equal([{ podSelector: {} }]);
    for (const allowExternal of [true, false]) {
      const metricsFrom = [{ podSelector: { matchLabels: { app: '{{ .Release.Name }}-watch' } } }];
      expect(await peersOf({ allowExternal, metricsFrom })).to.deep.equal([
        { podSelector: { matchLabels: { app: 'x-watch' } } },
      ]);
    }
  });

  it('of Redis come from a user of the exporter’s own, whose name no other may have', async () => {
    const { objects } = await render(redis, { values: everything });
    const pods = ofKind(objects, 'StatefulSet').map((owner) => at(owner, 'spec', 'template'));
    const exporter = listAt(pods[0], 'spec', 'containers').find(({ name }) => name === 'metrics');
    expect(exporter?.['args']).to.include.members([
      '--redis.user=redis-exporter',
      '--disable-exporting-key-values',
    ]);
    const script = await readFile(join(await redis.dir(), 'files/scripts/init.sh'), 'utf8');
    expect(script).to.match(/^EXPORTER_USER=redis-exporter$/m);
    const users = 'auth.users[0].name=redis-exporter,auth.users[0].rules=+@all';
    const args = ['template', 'x', await redis.dir(), '--set', users];
    const { stderr } = await (await findClient()).run(args);
    expect(stderr).to.contain("at '/auth/users/0/name': 'not' failed");
    expect(objects.map(idOf)).to.include('Service/x-redis-metrics');
  });
});
