import { expect } from 'chai';
import { badInput, environmentError, exitCode, HoldfastError, messageOf } from './errors.ts';

describe('errors', () => {
  it('carry what failed, on which object, what to do, and why', () => {
    const cause = new Error('below');
    const error = badInput('the chart is bad', { object: 'web', hint: 'mend it', cause });
    expect(error).to.be.instanceOf(HoldfastError).and.to.be.instanceOf(Error);
    expect(error).to.include({
      name: 'HoldfastError',
      kind: 'badInput',
      message: 'the chart is bad',
      object: 'web',
      hint: 'mend it',
      cause,
    });
  });

  it('are told apart by who can mend them', () => {
    expect(badInput('x').kind).to.equal('badInput');
    expect(environmentError('x').kind).to.equal('environment');
    expect(environmentError('x').object).to.equal(undefined);
  });

  it('have the exit codes of the contract', () => {
    expect(exitCode).to.deep.equal({ ok: 0, findings: 1, badInput: 2, environment: 3 });
  });
});

describe('messageOf', () => {
  it('is the text of anything that was thrown', () => {
    expect(messageOf(new Error('why'))).to.equal('why');
    expect(messageOf('why')).to.equal('why');
    expect(messageOf(undefined)).to.equal('undefined');
  });
});
