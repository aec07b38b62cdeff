import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { assertReadable, assertWritableFile, assertWritableFolder } from './paths.ts';

async function refusal(work: Promise<void>): Promise<string> {
  const error = await work.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(HoldfastError).and.to.have.property('kind', 'badInput');
  const { message, object } = error as HoldfastError;
  return `${object ?? ''}: ${message}`;
}

describe('paths that options name', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-test-'));
    file = join(folder, 'file');
    await writeFile(file, '');
    await mkdir(join(folder, 'sub'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('are there and are what they should be', async () => {
    await assertReadable('--values', file, 'file');
    await assertReadable('--driver', folder, 'folder');
    const none = join(folder, 'none');
    const missing = await refusal(assertReadable('--values', none, 'file'));
    expect(missing).to.equal(`--values ${none}: the file does not exist`);
    expect(await refusal(assertReadable('--values', folder, 'file'))).to.contain('not a file');
    expect(await refusal(assertReadable('--images', file, 'folder'))).to.contain('not a folder');
  });

  it('may be a process substitution, which is no ordinary file', async () => {
    await assertReadable('--values', '/dev/null', 'file');
  });

  it('can be made, and are not made by asking', async () => {
    await assertWritableFolder('--report', join(folder, 'a', 'b'));
    await assertWritableFile('--junit', join(folder, 'c', 'junit.xml'));
    await assertWritableFile('--junit', file);
    expect((await readdir(folder)).sort()).to.deep.equal(['file', 'sub']);
  });

  it('can not be made where something else stands', async () => {
    const below = join(file, 'report');
    expect(await refusal(assertWritableFolder('--report', below))).to.contain('is not a folder');
    expect(await refusal(assertWritableFolder('--report', file))).to.contain('is not a folder');
    const sub = join(folder, 'sub');
    expect(await refusal(assertWritableFile('--junit', sub))).to.contain('this is a folder');
  });
});
