import { expect } from 'chai';
import { changesSince } from './changes.ts';
import { exitCodeOf } from './exit-code.ts';
import { ApiFailure, failureOf, isGone, isNotFound } from './failure.ts';
import { basePath, collectionPath, objectPath } from './resource.ts';
import { warningsOf } from './warnings.ts';

describe('warningsOf', () => {
  it('reads one and several warnings', () => {
    const one = '299 - "would violate PodSecurity \\"restricted:latest\\": privileged"';
    expect(warningsOf(one)).to.eql(['would violate PodSecurity "restricted:latest": privileged']);
    expect(warningsOf('299 - "a, b", 299 - "c"')).to.eql(['a, b', 'c']);
    expect(warningsOf('')).to.eql([]);
  });
});

describe('exitCodeOf', () => {
  const failure = (message?: string) => ({
    status: 'Failure',
    details: { causes: [{ reason: 'ExitCode', ...(message === undefined ? {} : { message }) }] },
  });

  it('tells success, a code, and a command that never ran', () => {
    expect(exitCodeOf({ status: 'Success' })).to.equal(0);
    expect(exitCodeOf(failure('3'))).to.equal(3);
    expect(exitCodeOf({ status: 'Failure' })).to.equal(null);
    expect(exitCodeOf(failure())).to.equal(null);
    expect(exitCodeOf(failure('many'))).to.equal(null);
  });
});

describe('failureOf', () => {
  it('takes the words and the reason of a Status', () => {
    const failure = failureOf(409, '{"reason":"AlreadyExists","message":"it exists"}', 'POST /x');
    expect(failure).to.include({ status: 409, reason: 'AlreadyExists', object: 'POST /x' });
    expect(failure.message).to.contain('it exists');
    expect(isNotFound(failure)).to.equal(false);
  });

  it('quotes what is no Status', () => {
    for (const body of ['upstream died', '[]', 'null', '']) {
      expect(failureOf(502, body, 'GET /')).to.be.instanceOf(ApiFailure);
    }
    expect(failureOf(502, 'upstream died', 'GET /').message).to.contain('upstream died');
    expect(isNotFound(failureOf(404, '{}', 'GET /'))).to.equal(true);
    expect(isGone(failureOf(404, '{}', 'GET /'))).to.equal(true);
    const conflict = (message: string) =>
      failureOf(409, JSON.stringify({ reason: 'Conflict', message }), 'DELETE /');
    expect(isGone(conflict('the UID in the precondition (a) does not match'))).to.equal(true);
    expect(isGone(conflict('the object has been modified'))).to.equal(false);
  });
});

describe('paths', () => {
  const pods = { base: '/api/v1', plural: 'pods', namespaced: true };
  const volumes = { base: '/api/v1', plural: 'persistentvolumes', namespaced: false };

  it('have a namespace where the kind has', () => {
    expect(objectPath(pods, 'web-0', 'ns')).to.equal('/api/v1/namespaces/ns/pods/web-0');
    expect(collectionPath(volumes, 'ns')).to.equal('/api/v1/persistentvolumes');
    expect(collectionPath(pods)).to.equal('/api/v1/pods');
  });

  it('tell the core group from the others', () => {
    expect(basePath('v1')).to.equal('/api/v1');
    expect(basePath('apps/v1')).to.equal('/apis/apps/v1');
  });
});

describe('changesSince', () => {
  const object = (uid: string) => ({ metadata: { name: 'web-0', uid, resourceVersion: '1' } });

  it('tells a replacement as a removal and then an addition', () => {
    const changes = changesSince(new Map([['a', object('a')]]), [object('b')]);
    expect(changes.map((change) => `${change.type} ${change.object.metadata.uid}`)).to.eql([
      'DELETED a',
      'ADDED b',
    ]);
  });

  it('tells a known object as modified', () => {
    const changes = changesSince(new Map([['a', object('a')]]), [object('a')]);
    expect(changes.map((change) => change.type)).to.eql(['MODIFIED']);
  });
});
