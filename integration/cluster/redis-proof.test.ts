import { expect } from 'chai';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@holdfast/core';
import { catalogue, kinds } from '@holdfast/harness';
import { root } from '../holdfast.ts';
import { setsFor } from '../testbed/prepare.ts';
import { type ProofCluster, startProofCluster } from './proof-cluster.ts';
import { preparedTestbed } from './testbed-images.ts';

const redis = join(root, 'templates', 'redis', 'proof');

describe('the checks of a proof of Redis', () => {
  const testbed = preparedTestbed();
  const abort = new AbortController();
  let scratch: string;
  let place: ProofCluster;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-acts-'));
    place = await startProofCluster(testbed, { nodes: 2 }, abort.signal);
  });

  after(async () => {
    abort.abort();
    await place[Symbol.asyncDispose]();
    await rm(scratch, { recursive: true, force: true });
  });

  async function prove(
    namespace: string,
    only?: string[],
    { driver = redis, disrupt = only && ['force'] } = {},
  ): Promise<Report> {
    const report = await place.prove({
      chart: join(root, 'charts-out', 'redis'),
      set: setsFor(testbed, 'redis'),
      release: 'redis',
      namespace,
      driver,
      ...(only === undefined ? {} : { only }),
      ...(disrupt === undefined ? {} : { disrupt }),
    });
    for (const { id, summary } of report.checks) process.stdout.write(`      ${id}: ${summary}\n`);
    return report;
  }

  it('are all passed, after every kind of disruption', async () => {
    const report = await prove('acts');
    expect(report.verdict, JSON.stringify(report.checks)).to.equal('proven');
    const open = report.checks.filter((check) => check.verdict !== 'passed').map(({ id }) => id);
    // A single pod has no bystander and no budget to use up, and no other member has its data.
    expect(open).to.deep.equal(['B1', 'B2', 'D4']);
    expect(report.checks.map(({ id }) => id)).to.deep.equal(catalogue.map(({ id }) => id));
    const done = report.disruptions.map(({ kind }) => kind);
    expect(done).to.deep.equal(
      kinds.map(({ title }) => title).filter((title) => title !== 'all at once'),
    );
    expect(report.ledgers).to.have.length(1);
    for (const { name, acknowledged, durationMs, lost } of report.ledgers) {
      process.stdout.write(
        `      ${name}: ${acknowledged} in ${durationMs} ms, ${lost.count} lost\n`,
      );
      expect(acknowledged).to.be.greaterThan(1000);
      expect(lost.count).to.equal(0);
    }
    for (const { kind, recoveryMs, gapMs } of report.disruptions) {
      const gap = JSON.stringify(gapMs);
      process.stdout.write(`      ${kind}: Ready after ${recoveryMs ?? 'never'} ms, gap ${gap}\n`);
    }
  });

  it('a release that was to lose all and does not makes D5 fail', async () => {
    const driver = join(scratch, 'driver');
    await cp(redis, driver, { recursive: true });
    const file = join(driver, 'driver.yaml');
    const text = await readFile(file, 'utf8');
    const changed = text.replace(/^without: .*$/m, 'without: [appendfsync=everysec]');
    expect(changed).to.not.equal(text);
    await writeFile(file, changed);
    const report = await prove('control', ['D5'], { driver });
    expect(report.checks).to.have.length(1);
    expect(report.checks[0]).to.include({ id: 'D5', verdict: 'failed' });
    expect(report.checks[0]?.summary).to.match(/[1-9]\d* acknowledged.* 0 lost/);
  });

  it('only one pod at a time writes, also where one is deleted by force', async () => {
    const report = await prove('holders', ['D7']);
    expect(report.checks[0]?.summary).to.match(
      /^\d+ samples from the node in \d+ deletions? by force$/,
    );
    // Each of the two was seen, or nothing was shown of them.
    expect(report.checks[0]?.evidence[0]?.after).to.contain('2 pods, never two at a time');
    expect(report.verdict).to.equal('proven');
  });
});
