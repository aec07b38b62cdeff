import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import { loadDriver } from './load-driver.ts';

const head = 'apiVersion: holdfast.dev/v1\nkind: Driver\n';

describe('loadDriver', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-driver-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('reads the scripts that are named, and those beside them', async () => {
    const text = `${head}port: 1\nledger: { write: w, read: read.sh }\nidentity: who.sh\n`;
    await writeFile(join(folder, 'driver.yaml'), text);
    for (const name of ['w', 'read.sh', 'who.sh', 'common.sh', 'notes.txt']) {
      await writeFile(join(folder, name), name);
    }
    const { scripts } = await loadDriver(folder);
    expect(scripts).to.eql(
      Object.fromEntries(['w', 'read.sh', 'who.sh', 'common.sh'].map((name) => [name, name])),
    );
  });

  it('names the script that is missing, and the key', async () => {
    await writeFile(join(folder, 'driver.yaml'), `${head}port: 1\nidentity: who.sh\n`);
    const error = await loadDriver(folder).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(HoldfastError);
    const { kind, object, hint } = error as HoldfastError;
    expect([kind, object]).to.eql(['badInput', join(folder, 'who.sh')]);
    expect(hint).to.match(/under the key identity$/);
  });
});
