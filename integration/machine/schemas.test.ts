import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findHelm, helmClient, run } from '@holdfast/core';
import { generateChart, writeChart } from '@holdfast/generator';
import { definitions } from '../../packages/generator/src/rules/definitions.fixture.ts';
import { root } from '../holdfast.ts';
import { buildGoProgram } from '../testbed/go-program.ts';
import { customSchemas, kubernetesSchemas } from './kubernetes-schemas.ts';

interface Summary {
  resources: { kind: string; name: string; status: string; msg: string }[] | null;
  summary: { valid: number; invalid: number; errors: number; skipped: number };
}

const charts = join(root, 'charts-out');

/** The newest four minors, whose APIs the charts are held to; the next one replaces the oldest. */
const kubernetesVersions = ['v1.34.4', 'v1.35.4', 'v1.36.3', 'v1.37.2'];

/** The operators whose resources charts render when their values ask for them. */
const operators = [
  {
    module: 'github.com/cert-manager/cert-manager',
    version: 'v1.21.2',
    files: ['deploy/crds/cert-manager.io_certificates.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    files: ['servicemonitors', 'prometheusrules'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
  {
    module: 'github.com/external-secrets/external-secrets',
    version: 'v1.3.2',
    files: ['config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  },
];

describe('rendered objects against the Kubernetes API (kubeconform)', () => {
  let kubeconform: string;
  const locations = new Map<string, string>();
  let custom: string;
  /** Manifests by chart and value set. */
  const rendered = new Map<string, string>();
  let helm: ReturnType<typeof helmClient>;
  let scratch = '';

  /** Generates the charts of the definitions that only tests have: their workloads are of every kind. */
  async function writeInvented(): Promise<string[]> {
    return Promise.all(
      definitions.map(async ({ name, files }) => {
        const [dir, chart] = [join(scratch, name), join(scratch, 'charts', name)];
        for (const [path, text] of Object.entries(files)) {
          await mkdir(dirname(join(dir, path)), { recursive: true });
          await writeFile(join(dir, path), text);
        }
        await writeChart(await generateChart(dir), chart);
        return chart;
      }),
    );
  }

  before(async () => {
    const { signal } = new AbortController();
    const module = 'github.com/yannh/kubeconform/cmd/kubeconform';
    kubeconform = await buildGoProgram(module, 'v0.8.0', signal);
    for (const version of kubernetesVersions) {
      locations.set(version, await kubernetesSchemas(version));
    }
    custom = await customSchemas(operators);
    helm = helmClient(await findHelm());
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-schemas-'));
    const committed = (await readdir(charts)).map((chart) => join(charts, chart));
    for (const folder of [...committed, ...(await writeInvented())]) {
      for (const set of await readdir(join(folder, 'ci'))) {
        // The release tells the value set, in what is said of an object.
        const release = set.replace('-values.yaml', '');
        const args = ['template', release, folder, '-f', join(folder, 'ci', set)];
        rendered.set(`${folder} with ${set}`, await helm.succeed(args));
      }
    }
  });

  after(() => rm(scratch, { recursive: true, force: true }));

  async function check(manifests: string, version = 'v1.34.4'): Promise<Summary> {
    const schemas = [locations.get(version) ?? '', custom].flatMap((from) => [
      '-schema-location',
      from,
    ]);
    const args = ['-strict', '-summary', '-output', 'json', ...schemas, '-'];
    const result = await run(kubeconform, args, { input: manifests });
    return JSON.parse(result.stdout) as Summary;
  }

  const kindsIn = (manifests: string) =>
    [...manifests.matchAll(/^kind: (.*)$/gm)].map(([, kind = '']) => kind);

  for (const version of kubernetesVersions) {
    it(`every chart is valid with every value set in ${version}`, async () => {
      expect(rendered.size).to.be.greaterThan(20);
      const all = [...rendered.values()].join('\n');
      const { summary, resources } = await check(all, version);
      expect(resources ?? []).to.deep.equal([]);
      const valid = { valid: kindsIn(all).length, invalid: 0, errors: 0, skipped: 0 };
      expect(summary).to.include(valid);
    });
  }

  it('those of operators and every kind of workload are among them, and a key that they do not know is rejected', async () => {
    const seen = [...rendered.values()].flatMap(kindsIn);
    expect(seen).to.include.members([
      ...['Certificate', 'ExternalSecret', 'ServiceMonitor', 'PrometheusRule'],
      ...['StatefulSet', 'DaemonSet', 'Deployment', 'Job', 'PersistentVolume', 'EndpointSlice'],
    ]);
    const certificate = (key: string) =>
      `apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: { name: a }\nspec: { ${key}: a, issuerRef: { name: a } }\n`;
    expect((await check(certificate('secretName'))).summary).to.include({ valid: 1, invalid: 0 });
    expect((await check(certificate('secretsName'))).summary).to.include({ valid: 0, invalid: 1 });
  });

  it('a key that the API does not know is rejected', async () => {
    const manifests = await helm.succeed(['template', 'a', join(charts, 'web')]);
    const { summary, resources } = await check(manifests.replace('serviceName:', 'servicename:'));
    expect(summary.invalid).to.equal(1);
    expect(resources?.[0]).to.include({ kind: 'StatefulSet', status: 'statusInvalid' });
    expect(resources?.[0]?.msg).to.include('servicename');
  });
});
