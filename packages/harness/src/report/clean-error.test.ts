import { expect } from 'chai';
import { inspect } from 'node:util';
import { environmentError, HoldfastError, PollTimeout } from '@holdfast/core';
import { ExecTimeout } from '../kube/exec.ts';
import { ApiFailure } from '../kube/failure.ts';
import { cleanError } from './clean-error.ts';

const known = { values: ['live-one'] };

describe('cleanError', () => {
  it('takes secrets out of an error and all that it stands on, and keeps what it is', () => {
    const cause = new Error('AUTH live-one failed');
    const object = 'exec of live-one';
    const error = environmentError('it said live-one', { object, hint: 'see live-one', cause });
    expect(cleanError(error, known)).to.equal(error).and.to.be.instanceOf(HoldfastError);
    expect(error).to.include({
      ...{ kind: 'environment', message: 'it said <redacted>' },
      ...{ object: 'exec of <redacted>', hint: 'see <redacted>' },
    });
    expect(inspect(error, { depth: 4 })).to.not.contain('live-one');
    const many = new AggregateError([new Error('live-one')], 'all failed');
    expect(inspect(cleanError(many, known))).to.not.contain('live-one');
  });

  it('bears what is no error, and errors that cause each other', () => {
    expect(cleanError('live-one', known)).to.equal('<redacted>');
    expect(cleanError(7, known)).to.equal(7);
    const error = new Error('live-one');
    error.cause = error;
    expect(cleanError(error, known)).to.have.property('message', '<redacted>');
  });

  it('takes them out of lists and plain objects that it holds, which stay as they are for others', () => {
    const body = { code: 7, message: 'said live-one' };
    const held = { body, errors: ['live-one', [body]] };
    const error = Object.assign(new Error('failed', { cause: held }), { errors: held.errors });
    expect(cleanError(error, known)).to.equal(error);
    const clean = { code: 7, message: 'said <redacted>' };
    expect(error.cause).to.eql({ body: clean, errors: ['<redacted>', [clean]] });
    expect(error.errors).to.eql(['<redacted>', [clean]]);
    expect(body.message).to.equal('said live-one');
  });

  it('bears lists and plain objects that hold themselves', () => {
    const list: unknown[] = ['live-one'];
    list.push({ list });
    const clean = cleanError(list, known) as unknown[];
    expect(clean[0]).to.equal('<redacted>');
    expect(clean[1]).to.have.property('list', clean);
  });
});

describe('cleanError, where not all secrets are known', () => {
  const unread = { values: ['rendered-one'], unread: 'you may not' };

  it('leaves out what may quote a program, with its stack and its causes, and says so', () => {
    const timeout = Object.assign(new ExecTimeout(1_000, 'exec in web-0'), { stdout: 'live-one' });
    const cause = new Error('live-one', { cause: { body: ['live-one'], timeout } });
    const details = { object: 'web-0', hint: 'see rendered-one', cause };
    const error = new HoldfastError({ ...details, kind: 'internal', message: 'said live-one' });
    expect(cleanError(error, unread)).to.equal(error);
    expect(inspect(error, { depth: 9 })).to.not.match(/live-one|rendered-one/);
    expect(error).to.include({ object: 'web-0', hint: 'see <redacted>', kind: 'internal' });
    expect(error.message).to.contain('left out').and.to.contain('you may not');
    expect(error.stack).to.contain('clean-error.test.ts');
    expect(cleanError('live-one', unread)).to.not.contain('live-one');
  });

  it('keeps the words of Holdfast and of the API server', () => {
    const lack = environmentError('no image rendered-one', { cause: new Error('live-one') });
    cleanError(lack, unread);
    expect(lack.message).to.equal('no image <redacted>');
    expect(inspect(lack)).to.not.contain('live-one');
    const ended = environmentError('a node has ended with exit code 1:\nPASSWORD=live-one');
    cleanError(ended, unread);
    expect(ended.message).to.match(
      /^a node has ended with exit code 1:\nwhat was printed is left out/,
    );
    expect(inspect(ended)).to.not.contain('live-one');
    const refused = new ApiFailure(403, 'Forbidden', 'you may not list pods', 'GET /pods');
    const words = 'the API server answered 403: you may not list pods';
    expect(cleanError(refused, unread)).to.have.property('message', words);
  });

  it('says what was waited for, and not what was seen', () => {
    const late = new PollTimeout({ what: 'web-0 to answer', limitMs: 1_000 }, 'live-one');
    cleanError(late, unread);
    expect(late.message).to.match(
      /^waited 1 s for web-0 to answer; last seen: what was printed is/,
    );
    expect(inspect(late)).to.not.contain('live-one');
  });
});
