import { expect } from 'chai';
import { HoldfastError, poll, type Probe } from '@holdfast/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appLedger } from './app-ledger.ts';
import { localContainer, type LocalContainer } from './local-container.fixture.ts';
import { fine, nextAcknowledged, untilSilent } from './running-ledger.fixture.ts';
import type { RunningLedger } from './running-ledger.ts';

/** An application that is a file: the one of $HOST. It refuses all writes while `full` is there. */
const write = `while read -r seq value; do
  if [ -e "$PLACE/full" ]; then echo "fail $seq full"; continue; fi
  echo "$seq $value" >>"$PLACE/$HOST"
  echo "ack $seq"
done
`;
const read = `while read -r seq value; do
  echo "$seq $value"
done <"$PLACE/$HOST"
`;
describe('a ledger of an application', function () {
  this.timeout(30_000);
  let folder: string;
  let container: LocalContainer;
  let ledger: RunningLedger;
  let writer: ChildProcess | undefined;

  /** Starts writer.sh as its container does. */
  async function startWriter(): Promise<void> {
    const script = join(import.meta.dirname, 'writer.sh');
    const env = { ...process.env, ...container.env };
    writer = spawn('sh', [script], { env, stdio: 'ignore', detached: true });
    await once(writer, 'spawn');
  }

  async function killWriter(): Promise<void> {
    if (writer?.pid === undefined) return;
    const closed = once(writer, 'close');
    process.kill(-writer.pid, 'SIGKILL');
    await closed;
    writer = undefined;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-app-ledger-'));
    const at = (name: string) => join(folder, name);
    for (const name of ['ledger', 'tmp']) await mkdir(at(name));
    await writeFile(at('write.sh'), write);
    await writeFile(at('read.sh'), read);
    container = localContainer({
      PLACE: folder,
      HOST: 'app',
      PORT: '1',
      LEDGER_DIR: at('ledger'),
      TMPDIR: at('tmp'),
      WRITE: at('write.sh'),
      READ: at('read.sh'),
      RATE: '100',
      SALT: '9',
    });
    await startWriter();
    const said = () => Promise.resolve('its last words');
    ledger = appLedger(container, {
      name: 'app:1',
      salt: 9,
      podPort: 2,
      reached: 'names',
      said,
    });
    await acknowledged();
  });

  afterEach(async () => {
    await killWriter();
    await rm(folder, { recursive: true, force: true });
  });

  const acknowledged = () => nextAcknowledged(ledger);

  it("has the writer's times on this process' clock", async () => {
    const before = performance.now();
    const last = await acknowledged();
    expect(last).to.be.within(before, performance.now() + 50);
  });

  it('finds everything again', async () => {
    const record = await ledger.stop();
    expect(record.reached).to.equal('names');
    expect(record).to.deep.include({ ...fine, name: 'app:1', failed: 0, unknown: 0 });
    expect(record.error).to.equal(undefined);
    const lines = (await readFile(join(folder, 'app'), 'utf8')).trim().split('\n');
    expect(record.acknowledged).to.equal(lines.length);
    expect(record.durationMs).to.be.greaterThan(0);
  });

  it('says how long nothing was acknowledged', async () => {
    const began = performance.now();
    await writeFile(join(folder, 'full'), '');
    await untilSilent(ledger, 700);
    await rm(join(folder, 'full'));
    const ended = await acknowledged();
    expect(await ledger.gap(began, ended)).to.be.within(650, ended - began + 100);
    const record = await ledger.stop();
    expect(record).to.deep.include(fine);
    expect(record.failed).to.be.greaterThan(0);
  });

  it('waits for the writer that was out of reach, and has all that it wrote meanwhile', async () => {
    container.reachable = false;
    // What was asked a moment ago is still good.
    const probe = async (): Promise<Probe<unknown>> =>
      ledger.lastAcknowledgedMs().then(
        (saw) => ({ done: false, saw: String(saw) }),
        (value: unknown) => ({ done: true, value }),
      );
    const error = await poll(probe, { what: 'a failure', limitMs: 5_000, everyMs: 20 });
    expect(error).to.be.instanceOf(HoldfastError);
    await killWriter();
    await startWriter();
    container.reachable = true;
    await acknowledged();
    const record = await ledger.stop();
    expect(record).to.deep.include({ ...fine, unknown: 1 });
  });

  it('reads another member by its own name, and counts that apart', async () => {
    await ledger.stop();
    const lines = (await readFile(join(folder, 'app'), 'utf8')).split('\n');
    await writeFile(join(folder, 'app-1'), lines.slice(1).join('\n'));
    const copy = await ledger.readAt?.('app-1');
    expect(copy?.lost.first.map(({ seq }) => seq)).to.eql([1]);
    expect(await ledger.stop()).to.deep.include(fine);
  });

  it('finds what is lost after the writer has stopped', async () => {
    await ledger.stop();
    await writeFile(join(folder, 'app'), '');
    await ledger.readBack();
    const record = await ledger.stop();
    expect(record.lost.count).to.equal(record.acknowledged);
  });

  it('takes no output of the read program that is no entry', async () => {
    await ledger.stop();
    await writeFile(join(folder, 'read.sh'), 'echo LOADING\n');
    const quick = appLedger(container, {
      name: 'app:1',
      salt: 9,
      podPort: 2,
      said: () => Promise.resolve(undefined),
      readLimitMs: 500,
    });
    const record = await quick.stop();
    expect(record.error).to.include('"LOADING"');
    expect(record.lost.count).to.equal(0);
  });
});
