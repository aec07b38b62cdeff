import { expect } from 'chai';
import { inspect } from 'node:util';
import { environmentError, HoldfastError } from '@holdfast/core';
import { cleanError } from './clean-error.ts';

describe('cleanError', () => {
  it('takes secrets out of an error and all that it stands on, and keeps what it is', () => {
    const cause = new Error('AUTH live-one failed');
    const object = 'exec of live-one';
    const error = environmentError('it said live-one', { object, hint: 'see live-one', cause });
    expect(cleanError(error, ['live-one']))
      .to.equal(error)
      .and.to.be.instanceOf(HoldfastError);
    expect(error).to.include({
      ...{ kind: 'environment', message: 'it said <redacted>' },
      ...{ object: 'exec of <redacted>', hint: 'see <redacted>' },
    });
    expect(inspect(error, { depth: 4 })).to.not.contain('live-one');
    const many = new AggregateError([new Error('live-one')], 'all failed');
    expect(inspect(cleanError(many, ['live-one']))).to.not.contain('live-one');
  });

  it('bears what is no error, and errors that cause each other', () => {
    expect(cleanError('live-one', ['live-one'])).to.equal('<redacted>');
    expect(cleanError(7, ['live-one'])).to.equal(7);
    const error = new Error('live-one');
    error.cause = error;
    expect(cleanError(error, ['live-one'])).to.have.property('message', '<redacted>');
  });
});
