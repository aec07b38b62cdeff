import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { assertNamedOnce, parseImage, parsePort, parseReady, parseVolume } from './parse.ts';

/** The error that some work throws, which must be about the input. */
function refusal(work: () => unknown): HoldfastError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(HoldfastError).and.to.have.property('kind', 'badInput');
    return error as HoldfastError;
  }
  return expect.fail('it was not refused');
}

describe('the options of init', () => {
  const images: [string, object][] = [
    ['app', { repository: 'library/app' }],
    ['app:8.0.2', { repository: 'library/app', tag: '8.0.2' }],
    ['docker.io/app', { repository: 'library/app' }],
    ['docker.io/library/app:8', { repository: 'library/app', tag: '8' }],
    ['my-org/my-app', { repository: 'my-org/my-app' }],
    ['images.example.org/a:1', { registry: 'images.example.org', repository: 'a', tag: '1' }],
    ['localhost/a/b', { registry: 'localhost', repository: 'a/b' }],
    [
      'reg.example.org:5000/a/b:c',
      { registry: 'reg.example.org:5000', repository: 'a/b', tag: 'c' },
    ],
  ];
  for (const [text, image] of images) {
    it(`read the image ${text} as Docker does`, () => {
      expect(parseImage(text)).to.deep.equal(image);
    });
  }

  it('refuse what is no image, and a digest with the way to give it', () => {
    for (const text of ['', 'a//b', '/a', 'a b', 'a/']) {
      expect(refusal(() => parseImage(text))).to.include({
        object: `--image ${text}`,
        hint: 'for example: --image my-org/my-app:1.4.2',
      });
    }
    expect(refusal(() => parseImage('a@sha256:1')).hint).to.contain('image.digest');
  });

  it('read ports with their protocol', () => {
    expect(parsePort('http=8080')).to.deep.equal({ name: 'http', number: 8080, protocol: 'TCP' });
    expect(parsePort('dns=53/udp')).to.deep.equal({ name: 'dns', number: 53, protocol: 'UDP' });
    for (const text of ['', 'http', '8080', '=80', 'a=b', 'a=80/']) {
      expect(refusal(() => parsePort(text)).object).to.equal(`--port ${text}`);
    }
  });

  it('read volumes', () => {
    expect(parseVolume('data=/var/lib/data:1Gi')).to.deep.equal({
      ...{ name: 'data', mountPath: '/var/lib/data', size: '1Gi' },
    });
    for (const text of ['', 'data', 'data=/data', 'data=:1Gi', '=/data:1Gi', 'a=/b:1:2']) {
      expect(refusal(() => parseVolume(text)).object).to.equal(`--volume ${text}`);
    }
  });

  it('read readiness by a port’s name or number', () => {
    const ports = [parsePort('http=8080')];
    expect(parseReady('tcp:http', ports)).to.deep.equal({ tcp: 'http' });
    expect(parseReady('tcp:8080', ports)).to.deep.equal({ tcp: 'http' });
    expect(parseReady('http:8080', ports)).to.deep.equal({ http: { port: 'http', path: '/' } });
    expect(parseReady('http:http/a/b?c', ports)).to.deep.equal({
      http: { port: 'http', path: '/a/b?c' },
    });
    for (const text of ['', 'http', 'tcp:', 'tcp:http/x', 'exec:ls']) {
      expect(refusal(() => parseReady(text, ports)).object).to.equal(`--ready ${text}`);
    }
    expect(refusal(() => parseReady('tcp:9', ports)).hint).to.equal('add it: --port main=9');
  });

  it('name each thing once', () => {
    assertNamedOnce('port', [{ name: 'a' }, { name: 'b' }]);
    const twice = [{ name: 'a' }, { name: 'a' }];
    expect(
      refusal(() => {
        assertNamedOnce('port', twice);
      }).message,
    ).to.equal('--port names "a" twice');
  });
});
