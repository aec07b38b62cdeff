import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { asHoldfastError, failuresOf } from './any-error.ts';
import { badInput } from './errors.ts';

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) => error);
}

describe('errors of the command', () => {
  it('stay as they are when they were foreseen', () => {
    const error = badInput('no');
    expect(asHoldfastError(error)).to.equal(error);
  });

  it('are about the input when a path is wrong, and name it', async () => {
    const error = asHoldfastError(await thrownBy(readFile('/nonexistent/file')));
    expect(error).to.include({ kind: 'badInput', object: '/nonexistent/file' });
  });

  it('are about the machine when it lacks something, with the remedy', async function () {
    const thrown = await thrownBy(writeFile('/dev/full', 'text'));
    if ((thrown as NodeJS.ErrnoException | undefined)?.code !== 'ENOSPC') this.skip();
    const error = asHoldfastError(thrown);
    expect(error.kind).to.equal('environment');
    expect(error.hint).to.contain('make room');
  });

  it('are a defect otherwise, and say how to report it', () => {
    for (const thrown of [new TypeError('x is undefined'), 'text', undefined]) {
      const error = asHoldfastError(thrown);
      expect(error.kind).to.equal('internal');
      expect(error.hint).to.contain('defect of Holdfast').and.to.contain('HOLDFAST_DEBUG=1');
    }
  });

  it('are told in order when the clean-up failed as well', async () => {
    const work = new Error('work');
    const cleanUp = new Error('clean-up');
    const thing = { [Symbol.asyncDispose]: () => Promise.reject(cleanUp) };
    const both = async (): Promise<void> => {
      await using used = thing;
      expect(used).to.equal(thing);
      await Promise.reject(work);
    };
    expect(failuresOf(await thrownBy(both()))).to.deep.equal([work, cleanUp]);
    expect(failuresOf(work)).to.deep.equal([work]);
  });
});
