import { expect } from 'chai';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHelm, helmClient, type Helm } from '@holdfast/core';
import { parseAllDocuments } from 'yaml';
import { generateChart, writeChart } from './index.ts';

type Data = Record<string, unknown>;

interface Resource extends Data {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Data; annotations?: Data };
  spec?: Data;
}

const chartsOut = fileURLToPath(new URL('../../../charts-out', import.meta.url));
const charts = readdirSync(chartsOut, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** A Helm built from its module takes the cluster for Kubernetes 1.20 unless it is told. */
const kubeVersion = ['--kube-version', '1.34.0'];
const versionLabels = ['helm.sh/chart', 'app.kubernetes.io/version'];
const selectorKeys = ['name', 'instance', 'component'].map((key) => `app.kubernetes.io/${key}`);

function at(data: unknown, ...path: (string | number)[]): unknown {
  let value: unknown = data;
  for (const step of path) value = (value as Data | undefined)?.[step];
  return value;
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  default?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
}

function leaves(node: Schema, key: string): [string, Schema][] {
  if (!node.properties) return [[key, node]];
  return Object.entries(node.properties).flatMap(([name, child]) =>
    leaves(child, key === '' ? name : `${key}.${name}`),
  );
}

/** Values to try instead of the default; those that the schema refuses render nothing. */
function otherValues(node: Schema): unknown[] {
  if (node.enum) return node.enum;
  const others = [
    !node.default,
    31000,
    'other',
    '7Gi',
    `sha256:${'1'.repeat(64)}`,
    { other: 'other' },
    node.items?.enum ?? ['other'],
    [{ name: 'other' }],
  ];
  const types = [node.type].flat();
  const typeOf = (value: unknown) =>
    Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value;
  return others.filter((value) => types.includes(typeOf(value)));
}

function keys(value: unknown): string[] {
  return Object.keys(value ?? {}).sort();
}

const head = 'apiVersion: holdfast.dev/v1\nkind: Application\ndescription: "a: b"\n';
const definitions: Record<string, string> = {
  'nothing but a container': `${head}name: least
appVersion: "2"
image: { repository: a/least }
roles: [{ name: least, workload: StatefulSet, writable: [] }]
`,
  'a port that is not TCP': `${head}name: datagrams
appVersion: "2"
image: { repository: a/datagrams }
roles: [{ name: server, workload: StatefulSet, ports: { main: { port: 53, protocol: UDP } } }]
`,
  'several roles, volumes, ports and kinds of probe': `${head}name: most
appVersion: "2"
home: https://example.org
keywords: [a, b]
sources: [https://example.org/source]
image: { registry: "registry.example.org:5000", repository: a/most, tag: v2 }
roles:
  - name: server
    workload: StatefulSet
    replicas: 3
    env: { "NO": "yes: it is", PATH_X: 'a "b"' }
    command: [/bin/server]
    args: ["--x=1"]
    ports: { main: 7000, http-metrics: 9090, gossip: { port: 7001, protocol: UDP } }
    writable: []
    volumes:
      hot-data: { mountPath: /hot, size: 1Gi }
      cold: { mountPath: /cold, size: 1Gi, accessModes: [ReadWriteMany] }
    probes: { ready: { exec: [/bin/ready] }, live: { http: { port: http-metrics } } }
  - name: side-kick
    workload: StatefulSet
    resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 2Gi } }
`,
};

describe('charts of other definitions', function () {
  this.timeout(300_000);
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-charts-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  for (const [what, text] of Object.entries(definitions)) {
    it(`are as clean: ${what}`, async () => {
      await writeFile(join(dir, 'app.yaml'), text);
      const generated = await generateChart(dir);
      const chart = join(dir, 'chart');
      await writeChart(generated, chart);
      const helm = helmClient(await findHelm());
      for (const [path, content] of generated.files) {
        if (path.startsWith('templates/')) expect(content, path).not.to.match(/^.{141}|[ \t]$/m);
        if (!path.startsWith('ci/')) continue;
        const args = [chart, ...kubeVersion, '-f', join(chart, path)];
        await helm.succeed(['lint', '--strict', '--quiet', ...args]);
        const rendered = await helm.succeed(['template', 'x', ...args]);
        expect(rendered.trim(), path).not.to.match(/^\s*$|[ \t]$|: null$/m);
      }
    });
  }
});

describe('features that are left out', function () {
  this.timeout(300_000);
  it('leave a chart that renders, or are needed by another one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'holdfast-without-'));
    try {
      const helm = helmClient(await findHelm());
      const example = await readFile(join(chartsOut, '../examples/web/app.yaml'), 'utf8');
      for (const feature of readdirSync(join(chartsOut, '../templates/_shared'))) {
        await writeFile(join(dir, 'app.yaml'), `${example}without: [${feature}]\n`);
        const generated = await generateChart(dir).catch((error: unknown) => {
          expect((error as Error).message, feature).to.match(/needs the feature/);
        });
        if (!generated) continue;
        await writeChart(generated, join(dir, feature));
        await helm.succeed(['lint', '--strict', '--quiet', join(dir, feature), ...kubeVersion]);
      }
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

for (const name of charts) {
  describe(`chart ${name}`, function () {
    this.timeout(300_000);
    const chart = join(chartsOut, name);
    let helm: Helm;
    let sets: string[];
    before(async () => {
      helm = helmClient(await findHelm());
      sets = (await readdir(join(chart, 'ci'))).map((file) => join(chart, 'ci', file));
    });

    async function render(...args: string[]): Promise<Resource[]> {
      const text = await helm.succeed(['template', name, chart, ...kubeVersion, ...args]);
      return parseAllDocuments(text).map((document) => document.toJS() as Resource);
    }

    async function rejects(...args: string[]): Promise<string> {
      const result = await helm.run(['lint', '--strict', chart, ...kubeVersion, ...args]);
      expect(result.exitCode, args.join(' ')).not.to.equal(0);
      return result.stdout + result.stderr;
    }

    const workloads = (all: Resource[]) => all.filter(({ kind }) => kind === 'StatefulSet');

    it('is clean under helm lint --strict with every value set', async () => {
      for (const file of sets) {
        await helm.succeed(['lint', '--strict', '--quiet', chart, ...kubeVersion, '-f', file]);
      }
    });

    it('renders with every value set: no blank line, trailing space, or empty map', async () => {
      for (const file of sets) {
        const text = await helm.succeed(['template', name, chart, ...kubeVersion, '-f', file]);
        expect(text.trim(), file).not.to.match(/^\s*$/m);
        expect(text, file).not.to.match(/[ \t]$/m);
        for (const document of parseAllDocuments(text)) {
          expect(document.errors, file).to.deep.equal([]);
          expect(document.toString(), file).not.to.match(/(labels|annotations): (\{\}|null)?$/m);
        }
      }
    });

    it('renders the same twice', async () => {
      const text = () => helm.succeed(['template', name, chart, ...kubeVersion]);
      expect(await text()).to.equal(await text());
    });

    it('says where a value is wrong', async () => {
      expect(await rejects('--set', 'replicaCount=three')).to.contain('replicaCount');
      expect(await rejects('--set', 'replicaCounts=3')).to.contain('replicaCounts');
      expect(await rejects('--set', 'image.tagg=3')).to.contain('tagg');
      expect(await rejects('--set', 'global.imageRegistry=3')).to.contain('imageRegistry');
      expect(await rejects('--set', 'persistence.size=big')).to.contain('size');
      expect(await rejects('--set', 'persistence.accessModes={Many}')).to.contain('accessModes');
    });

    it('can be a dependency of a chart that shares global values and turns it on', async () => {
      const parent = await mkdtemp(join(tmpdir(), 'holdfast-parent-'));
      try {
        const files = {
          'Chart.yaml': [
            'apiVersion: v2\nname: parent\nversion: 0.1.0\ndependencies:',
            `  - { name: ${name}, version: ">=0.0.0-0", condition: ${name}.enabled }\n`,
          ].join('\n'),
          'values.yaml': `global: { ours: { x: 1 } }\n${name}: { enabled: true }\n`,
        };
        for (const [path, text] of Object.entries(files)) await writeFile(join(parent, path), text);
        await cp(chart, join(parent, 'charts', name), { recursive: true });
        const args = ['template', 'release', parent, ...kubeVersion];
        expect(await helm.succeed(args)).to.contain(`name: release-${name}`);
        expect(await helm.succeed([...args, '--set', `${name}.enabled=false`])).to.equal('');
      } finally {
        await rm(parent, { recursive: true });
      }
    });

    it('carries a version on no selector, pod template or claim template', async () => {
      for (const file of sets) {
        for (const set of workloads(await render('-f', file))) {
          expect(keys(at(set, 'spec', 'selector', 'matchLabels'))).to.have.members(selectorKeys);
          const pod = at(set, 'spec', 'template', 'metadata', 'labels');
          expect(keys(pod)).to.include.members(selectorKeys);
          expect(pod).not.to.have.any.keys(versionLabels);
          const claims = (at(set, 'spec', 'volumeClaimTemplates') ?? []) as Resource[];
          for (const claim of claims) {
            expect(claim.metadata.labels).not.to.have.any.keys(versionLabels);
          }
        }
      }
      for (const set of workloads(await render())) {
        const claims = (at(set, 'spec', 'volumeClaimTemplates') ?? []) as Resource[];
        for (const claim of claims) {
          expect(keys(claim.metadata.labels)).to.have.members(selectorKeys);
        }
      }
    });

    it('selects its pods, and only them, by every Service, policy and budget', async () => {
      const all = await render();
      const pods = workloads(all).map((set) => at(set, 'spec', 'template', 'metadata', 'labels'));
      for (const resource of all) {
        const selector =
          at(resource, 'spec', 'podSelector', 'matchLabels') ??
          at(resource, 'spec', 'selector', 'matchLabels') ??
          (resource.kind === 'Service' ? at(resource, 'spec', 'selector') : undefined);
        if (selector === undefined) continue;
        expect(keys(selector), resource.kind).to.have.members(selectorKeys);
        const matched = pods.filter((labels) =>
          Object.entries(selector as Data).every(([key, value]) => at(labels, key) === value),
        );
        expect(matched, resource.kind).to.have.lengthOf(1);
      }
    });

    it('names a headless Service that it renders as the governing one', async () => {
      const all = await render();
      const headless = all.filter((one) => at(one, 'spec', 'clusterIP') === 'None');
      for (const set of workloads(all)) {
        const service = headless.find(
          (one) => one.metadata.name === at(set, 'spec', 'serviceName'),
        );
        expect(at(service, 'spec', 'publishNotReadyAddresses')).to.be.true;
      }
    });

    it("passes Pod Security's level restricted", async () => {
      const all = await render();
      const podSpecOf = (one: Resource) =>
        one.kind === 'Pod' ? one.spec : (at(one, 'spec', 'template', 'spec') as Data | undefined);
      const specs = all.flatMap((one): Data[] => [podSpecOf(one) ?? []].flat());
      expect(specs).not.to.be.empty;
      for (const spec of specs) {
        const pod = spec['securityContext'] as Data;
        expect(pod).to.include({ runAsNonRoot: true });
        expect(pod['runAsUser']).to.be.a('number').above(0);
        expect(pod['seccompProfile']).to.deep.equal({ type: 'RuntimeDefault' });
        expect(spec['automountServiceAccountToken']).to.be.false;
        expect(spec).not.to.have.any.keys('hostNetwork', 'hostPID', 'hostIPC');
        for (const container of spec['containers'] as Data[]) {
          expect(container['securityContext']).to.deep.equal({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(at(container, 'resources', 'requests', 'memory')).to.be.a('string');
        }
        for (const volume of (spec['volumes'] ?? []) as Data[]) {
          expect(volume).not.to.have.any.keys('hostPath');
        }
      }
      for (const set of workloads(all)) {
        if (at(set, 'spec', 'volumeClaimTemplates') === undefined) continue;
        const security = at(set, 'spec', 'template', 'spec', 'securityContext');
        expect(security).to.include({ fsGroupChangePolicy: 'OnRootMismatch' });
        expect(at(security, 'fsGroup')).to.be.a('number');
      }
    });

    it('starts fast and waits long: a startup probe every second or two, at once', async () => {
      for (const set of workloads(await render())) {
        const [container] = at(set, 'spec', 'template', 'spec', 'containers') as Data[];
        const probe = at(container, 'startupProbe');
        expect(at(probe, 'periodSeconds')).to.be.within(1, 2);
        expect(at(probe, 'initialDelaySeconds') ?? 0).to.equal(0);
      }
    });

    it('has no disruption budget for a single replica', async () => {
      const budget = (all: Resource[]) => all.filter((one) => one.kind === 'PodDisruptionBudget');
      expect(budget(await render('--set', 'replicaCount=1'))).to.be.empty;
      expect(budget(await render('--set', 'replicaCount=3'))).not.to.be.empty;
    });

    it('keeps the claims unless told otherwise', async () => {
      for (const set of workloads(await render())) {
        expect(at(set, 'spec', 'persistentVolumeClaimRetentionPolicy')).to.deep.equal({
          whenDeleted: 'Retain',
          whenScaled: 'Retain',
        });
      }
    });

    it('puts an emptyDir in the place of each claim without persistence', async () => {
      for (const set of workloads(await render('--set', 'persistence.enabled=false'))) {
        expect(at(set, 'spec', 'volumeClaimTemplates')).to.be.undefined;
        const pod = at(set, 'spec', 'template', 'spec');
        const volumes = (at(pod, 'volumes') as Data[]).map((volume) => volume['name']);
        const mounts = at(pod, 'containers', 0, 'volumeMounts') as Data[];
        expect(volumes).to.have.members(mounts.map((mount) => mount['name']));
      }
    });

    it('mounts a claim that exists', async () => {
      for (const set of workloads(await render('--set', 'persistence.existingClaim=mine'))) {
        expect(at(set, 'spec', 'volumeClaimTemplates')).to.be.undefined;
        expect(JSON.stringify(at(set, 'spec', 'template', 'spec', 'volumes'))).to.contain(
          '"persistentVolumeClaim":{"claimName":"mine"}',
        );
      }
    });

    it('names no class for the default one, and "" for "-"', async () => {
      const classOf = async (...args: string[]) =>
        at(workloads(await render(...args))[0], 'spec', 'volumeClaimTemplates', 0, 'spec');
      expect(await classOf()).not.to.have.property('storageClassName');
      const shared = ['--set', 'global.defaultStorageClass=shared'];
      expect(await classOf(...shared)).to.have.property('storageClassName', 'shared');
      const own = [...shared, '--set', 'persistence.storageClass=own'];
      expect(await classOf(...own)).to.have.property('storageClassName', 'own');
      const none = [...shared, '--set', 'persistence.storageClass=-'];
      expect(await classOf(...none)).to.have.property('storageClassName', '');
    });

    it('prefers the digest to the tag, and the shared registry to its own', async () => {
      const digest = `sha256:${'0'.repeat(64)}`;
      const sets = ['--set', `image.digest=${digest},global.imageRegistry=registry.example.org`];
      const [set] = workloads(await render(...sets));
      const image = at(set, 'spec', 'template', 'spec', 'containers', 0, 'image');
      expect(image).to.match(new RegExp(`^registry\\.example\\.org/[a-z0-9/_-]+@${digest}$`));
    });

    it('keeps names within their limits, and follows overrides', async () => {
      const long = 'a'.repeat(53);
      const guarded = ['--set', 'networkPolicy.allowExternal=false'];
      const text = await helm.succeed(['template', long, chart, ...kubeVersion, ...guarded]);
      // Keys of labels, as those of names: what stands after the last slash.
      for (const [, key = ''] of text.matchAll(/([\w.-]*-client): /g)) {
        expect(key.length).to.be.at.most(63);
      }
      for (const document of parseAllDocuments(text)) {
        const { kind, metadata } = document.toJS() as Resource;
        expect(metadata.name.length, kind).to.be.at.most(kind === 'StatefulSet' ? 52 : 63);
        expect(metadata.name).to.match(/[a-z0-9]$/);
      }
      const args = ['--set', 'fullnameOverride=other,namespaceOverride=elsewhere'];
      for (const resource of await render(...args)) {
        expect(resource.metadata.name).to.match(/^other(-|$)/);
        expect(resource.metadata.namespace).to.equal('elsewhere');
      }
    });

    it('keeps labels text for a release whose name is a number', async () => {
      const text = await helm.succeed(['template', '123', chart, ...kubeVersion]);
      expect(text)
        .to.contain('instance: "123"')
        .and.not.to.match(/: 123$/m);
    });

    it('runs no hook of the application in diagnostic mode', async () => {
      const hooks = join(chart, 'ci', 'everything-values.yaml');
      const [set] = workloads(await render('-f', hooks, '--set', 'diagnosticMode.enabled=true'));
      const container = at(set, 'spec', 'template', 'spec', 'containers', 0);
      expect(container).not.to.have.any.keys('lifecycle', 'readinessProbe');
      const [plain] = workloads(await render('-f', hooks));
      expect(at(plain, 'spec', 'template', 'spec', 'containers', 0)).to.have.property('lifecycle');
    });

    it('says of a load balancer only what the type of the Service can have', async () => {
      const args = ['--set', 'service.loadBalancerClass=ours'];
      expect(JSON.stringify(await render(...args))).not.to.contain('ours');
      const balanced = await render(...args, '--set', 'service.type=LoadBalancer');
      expect(JSON.stringify(balanced)).to.contain('"loadBalancerClass":"ours"');
    });

    it('labels every object of its own as the installation wants', async () => {
      for (const one of await render('-f', join(chart, 'ci', 'everything-values.yaml'))) {
        if (one.metadata.name.includes('extra')) continue;
        expect(one.metadata.labels, one.kind).to.include({ team: 'platform' });
      }
    });

    it('has no dead value: each changes what is rendered with some value set', async () => {
      const schema = JSON.parse(
        await readFile(join(chart, 'values.schema.json'), 'utf8'),
      ) as Schema;
      delete schema.properties?.['enabled'];
      const bases = sets.map((file) => ['-f', file]);
      const plain = new Map<string[], string>();
      const text = (args: string[]) =>
        helm.run(['template', name, chart, ...kubeVersion, ...args]).then(({ stdout }) => stdout);
      for (const base of bases) plain.set(base, await text(base));
      const isDead = async ([key, node]: [string, Schema]) => {
        for (const base of bases) {
          for (const value of otherValues(node)) {
            const changed = await text([...base, '--set-json', `${key}=${JSON.stringify(value)}`]);
            if (changed !== '' && changed !== plain.get(base)) return false;
          }
        }
        return true;
      };
      const dead: string[] = [];
      for (const leaf of leaves(schema, '')) if (await isDead(leaf)) dead.push(leaf[0]);
      expect(dead).to.deep.equal([]);
    });
  });
}
