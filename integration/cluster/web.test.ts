import { expect } from 'chai';
import Docker from 'dockerode';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HoldfastError, type Report } from '@holdfast/core';
import { catalogue, type ProofOptions } from '@holdfast/harness';
import { root } from '../holdfast.ts';
import { setsFor } from '../testbed/prepare.ts';
import { type ProofCluster, startProofCluster } from './proof-cluster.ts';
import { preparedTestbed } from './testbed-images.ts';

const chart = join(root, 'charts-out', 'web');
const driver = join(root, 'examples', 'web', 'proof');

describe('web on a cluster in containers', () => {
  const testbed = preparedTestbed();
  const sets = setsFor(testbed, 'web');
  const abort = new AbortController();
  /** Only an archive has it: the engine forgets the name before the cluster starts. */
  const archived = 'holdfast.local/from-an-archive:1';
  let scratch: string;
  let place: ProofCluster;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-web-'));
    const docker = new Docker();
    await docker.getImage(testbed.client).tag({ repo: archived.replace(/:1$/, ''), tag: '1' });
    const archive = await docker.getImage(archived).get();
    await pipeline(archive, createWriteStream(join(scratch, 'client.tar')));
    await docker.getImage(archived).remove();
    place = await startProofCluster(testbed, { nodes: 3, imagesDir: scratch }, abort.signal);
  });

  after(async () => {
    abort.abort();
    await place[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  });

  const prove = (namespace: string, options: Partial<ProofOptions> = {}): Promise<Report> =>
    place.prove({ chart, release: 'web', namespace, set: sets, driver, ...options });

  const failedIn = (report: Report) =>
    report.checks.filter((check) => check.verdict === 'failed').map((check) => check.id);

  it('boots three nodes that are Ready', () => {
    expect(place.cluster.facts.nodes).to.deep.equal(['agent-1', 'agent-2', 'server']);
    process.stdout.write(`      three nodes Ready after ${place.cluster.facts.bootMs ?? 0} ms\n`);
  });

  it('is proven: identity and data come back after every disruption', async () => {
    // What nginx has nothing to show for, and what the proofs of Redis and of a stranger's chart show.
    const apart = ['I7', 'I8', 'V4', 'V5', 'B2', 'R3', 'D4', 'D5', 'D6', 'D7', 'E1'];
    const only = catalogue.map(({ id }) => id).filter((id) => !apart.includes(id));
    const disrupt = ['graceful', 'kill', 'all', 'node-stop'];
    const report = await prove('proven', { clientImage: archived, only, disrupt });
    const open = report.checks.filter((check) => check.verdict !== 'passed');
    expect(open, JSON.stringify(open)).to.deep.equal([]);
    expect(report.verdict).to.equal('proven');
    expect(report.checks.map((check) => check.id)).to.deep.equal(only);
    expect(report.notDone).to.deep.equal([]);
    const done = report.disruptions.map(({ kind, targets }) => [kind, ...targets]);
    expect(done.slice(0, -1)).to.deep.equal([
      ['graceful delete', 'web-0'],
      ['graceful delete', 'web-1'],
      ['graceful delete', 'web-2'],
      ['kill of PID 1', 'web-0'],
      ['kill of PID 1', 'web-2'],
      ['all at once', 'web-0', 'web-1', 'web-2'],
    ]);
    expect(done.at(-1)?.[0]).to.equal('node stopped');
    for (const { recoveryMs } of report.disruptions) expect(recoveryMs).to.be.greaterThan(0);
    expect(report.ledgers).to.have.length(3);
    for (const { name, acknowledged, lost } of report.ledgers) {
      process.stdout.write(`      ${name}: ${acknowledged} acknowledged, ${lost.count} lost\n`);
      expect(acknowledged).to.be.greaterThan(100);
      expect(lost.count).to.equal(0);
    }
    expect(report.cluster.kubernetesVersion).to.match(/^v1\./);
    expect(report.cluster.kind).to.equal(testbed.k3s ? 'k3s' : 'stand-in Kubernetes');
  });

  it('is rejected without the security contexts that the namespace enforces', async () => {
    const set = [
      ...sets,
      'podSecurityContext.enabled=false',
      'containerSecurityContext.enabled=false',
    ];
    const limits = { readyMs: 5_000 };
    const report = await prove('restricted', { set, limits, only: ['S6', 'H1'] });
    expect(report.verdict).to.equal('rejected');
    expect(failedIn(report)).to.deep.equal(['S6', 'H1']);
    const evidence = JSON.stringify(report.checks[0]?.evidence);
    expect(evidence)
      .to.match(/restricted/)
      .and.to.match(/runAsNonRoot/);
  });

  it('an image that can not be had stops the proof with its name', async () => {
    const error = await prove('no-image', { set: [...sets, 'image.tag=is-not-there'] }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(HoldfastError);
    const { kind, object, hint } = error as HoldfastError;
    expect(kind).to.equal('environment');
    expect(object).to.include(':is-not-there');
    expect(hint).to.include('--images DIR');
  });
});
