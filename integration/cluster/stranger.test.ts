import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError, type Report } from '@holdfast/core';
import { catalogue, kinds, type ProofOptions } from '@holdfast/harness';
import { holdfastMain, root } from '../holdfast.ts';
import { type ProofCluster, startProofCluster } from './proof-cluster.ts';
import { imageOf } from '../testbed/prepare.ts';
import { preparedTestbed } from './testbed-images.ts';

const run = promisify(execFile);
const stranger = join(root, 'integration', 'stranger');
const chart = join(stranger, 'chart');
const driver = join(stranger, 'proof');

describe('a chart that was written by hand', () => {
  const testbed = preparedTestbed();
  const abort = new AbortController();
  const image = (name: string) => imageOf(testbed, name);
  let set: string[];
  let scratch: string;
  let place: ProofCluster;

  before(async () => {
    set = [`images.cache=${image('redis')}`, `images.pages=${image('nginx')}`];
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-stranger-'));
    place = await startProofCluster(testbed, { nodes: 2 }, abort.signal);
  });

  after(async () => {
    abort.abort();
    await place[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  });

  async function prove(namespace: string, options: Partial<ProofOptions>): Promise<Report> {
    const report = await place.prove({
      chart,
      set,
      release: 'shop',
      namespace,
      ...options,
    });
    for (const { id, verdict, summary } of report.checks) {
      process.stdout.write(`      ${id} ${verdict}: ${summary}\n`);
    }
    return report;
  }

  const not = (report: Report, verdict: 'passed' | 'failed') =>
    report.checks.filter((check) => check.verdict !== verdict).map(({ id }) => id);

  it('is proven without a driver, by files on each of its claims', async () => {
    const report = await prove('files', {});
    expect(report.verdict, JSON.stringify(report.checks)).to.equal('proven');
    // A driver would have to say how: who the application is, where it keeps nothing, how it moves.
    expect(not(report, 'passed')).to.deep.equal(['I7', 'B2', 'R3', 'D4', 'D5', 'E1']);
    expect(report.checks).to.have.length(catalogue.length);
    expect(report.ledgers.map(({ name }) => name)).to.deep.equal([
      'shop-cache-0:/var/lib/cache',
      'shop-pages-0:/usr/share/nginx/html',
      'shop-pages-0:/notes',
      'shop-pages-1:/usr/share/nginx/html',
      'shop-pages-1:/notes',
    ]);
    const done = new Set(report.disruptions.map(({ kind }) => kind));
    expect([...done]).to.have.members(kinds.map(({ title }) => title));
  });

  it('is proven through its application, once it is told which Service clients use', async () => {
    const only = ['I6', 'R', 'D1', 'D2', 'D3', 'V5'];
    const disrupt = ['graceful', 'kill', 'all'];
    const options = { driver, only, disrupt, set: [...set, 'pages.replicas=1'] };
    const refused = await prove('which', options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(HoldfastError);
    expect((refused as HoldfastError).object).to.equal('shop-kv, shop-kv-admin');
    expect((refused as HoldfastError).hint).to.contain('--driver-service');

    const report = await prove('told', { ...options, reach: { service: 'kv' } });
    expect(not(report, 'passed')).to.deep.equal([]);
    expect(report.ledgers.map(({ name }) => name)).to.deep.equal(['shop-kv:16380']);
    expect(report.ledgers[0]?.acknowledged).to.be.greaterThan(100);
  });

  it('is proven from the command line, on a cluster that is there, with another key of the Secret', async () => {
    const namespace = 'theirs';
    const report = join(scratch, 'report');
    const values = [
      ...set,
      'pages.replicas=1',
      'cache.password=their own',
      // Not the key that the driver knows.
      'cache.existingSecretKey=code',
    ];
    await place.cluster.provideImages([testbed.client, image('redis'), image('nginx')]);
    const { stdout } = await run(
      process.execPath,
      [
        ...[holdfastMain, 'verify', chart, `--kubeconfig=${place.cluster.kubeconfigPath}`],
        ...[`--driver=${driver}`, '--driver-service=shop-kv', '--driver-port=6380'],
        ...['--driver-secret=password=shop-cache-auth:code', `--client-image=${testbed.client}`],
        ...['--disrupt=force', '--only=I6,R1,D1,D2,D3'],
        ...[`--namespace=${namespace}`, `--report=${report}`],
        ...values.map((pair) => `--set=${pair}`),
      ],
      { cwd: root, signal: abort.signal },
    );
    expect(stdout).to.contain('PROVEN');
    const written = JSON.parse(await readFile(join(report, 'report.json'), 'utf8')) as Report;
    expect(written.ledgers.map(({ name }) => name)).to.deep.equal(['shop-kv:16380']);
    expect(written.ledgers[0]?.lost.count).to.equal(0);
    expect(written.cluster.kind).to.equal('existing cluster');
  });
});
