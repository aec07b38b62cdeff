import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLedger } from './file-ledger.ts';
import { localContainer, type LocalContainer } from './local-container.fixture.ts';
import { fine, nextAcknowledged, untilSilent } from './running-ledger.fixture.ts';
import type { RunningLedger } from './running-ledger.ts';

describe('a ledger in a file', function () {
  this.timeout(30_000);
  let folder: string;
  let file: string;
  let container: LocalContainer;
  let ledger: RunningLedger;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-file-ledger-'));
    file = join(folder, 'ledger');
    container = localContainer({});
    const parts = { name: 'web-0:/data', file, salt: 5, everyMs: 2 };
    ledger = await fileLedger(container, parts);
  });

  afterEach(async () => {
    container.pause(false);
    container.reachable = true;
    await ledger.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const acknowledged = () => nextAcknowledged(ledger);

  it('acknowledges, and finds everything again', async () => {
    await acknowledged();
    await acknowledged();
    const record = await ledger.stop();
    expect(record).to.deep.include({ ...fine, name: 'web-0:/data', failed: 0, unknown: 0 });
    expect(record.acknowledged).to.be.greaterThan(1);
    expect(record.error).to.equal(undefined);
    expect(await ledger.stop()).to.eql(record);
  });

  it('goes on when its connection was lost, and knows nothing of the write under way', async () => {
    await acknowledged();
    const began = performance.now();
    container.reachable = false;
    container.breakConnections();
    await untilSilent(ledger, 400);
    container.reachable = true;
    const ended = await acknowledged();
    expect(await ledger.gap(began, ended)).to.be.within(400, ended - began + 100);
    const record = await ledger.stop();
    expect(record).to.deep.include(fine);
    expect(record.unknown).to.be.within(0, 1);
  });

  it('knows nothing of what is not answered in time, and starts anew', async () => {
    await acknowledged();
    const began = performance.now();
    container.pause(true);
    // An answer from before may still be on its way.
    await untilSilent(ledger, 400);
    await acknowledged();
    expect(await ledger.gap(began, performance.now())).to.be.within(1_900, 6_000);
    const record = await ledger.stop();
    expect(record).to.deep.include(fine);
    expect(record.unknown).to.equal(1);
  });

  it('finds what is lost, altered and foreign, and which disruption it was after', async () => {
    for (let count = 0; count < 3; count += 1) await acknowledged();
    ledger.mark(1);
    await acknowledged();
    ledger.mark(2);
    const { acknowledged: before } = await ledger.stop();
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines[2]).to.match(/^2 \d+ \.$/);
    lines.splice(2, 1);
    lines[2] = '3 99 .';
    lines.push('1000000 5 .');
    await writeFile(file, lines.join('\n'));
    await ledger.readBack();
    const record = await ledger.stop();
    expect(record.acknowledged).to.equal(before);
    expect(record.lost.first.map(({ seq, disruption }) => [seq, disruption])).to.eql([[2, 0]]);
    expect(record.lost.first[0]?.at).to.match(/^\d{4}-\d\d-\d\dT/);
    expect([record.altered.count, record.altered.first[0]?.seq, record.foreign]).to.eql([1, 3, 1]);
  });

  it('finds everything lost where the file is empty', async () => {
    await acknowledged();
    const { acknowledged: count } = await ledger.stop();
    await writeFile(file, '');
    await ledger.readBack();
    expect((await ledger.stop()).lost.count).to.equal(count);
  });

  it('says why nothing was acknowledged', async () => {
    const nowhere = { name: 'n', file: join(folder, 'no-such-folder', 'f'), salt: 5, everyMs: 2 };
    const other = await fileLedger(container, { ...nowhere, readLimitMs: 1_000 });
    // It waits for a write to come.
    expect(await other.gap(0, 0)).to.equal(null);
    const record = await other.stop();
    expect(record.acknowledged).to.equal(0);
    expect(record.error).to.match(/^no write was acknowledged: exit code \d+: .*no-such-folder/);
  });
});
