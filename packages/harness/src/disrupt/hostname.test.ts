import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import type { ExecResult } from '../kube/exec.ts';
import { askHostname } from './hostname.ts';

const ended = (exitCode: number | null, stdout = '', stderr = ''): ExecResult => ({
  exitCode,
  stdout,
  stderr,
});

/** Answers the commands one after the other; what is an error is thrown. */
function answering(...results: (ExecResult | Error)[]) {
  return () => {
    const result = results.shift() ?? ended(null);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
}

describe('askHostname', () => {
  it('takes the first answer', async () => {
    expect(await askHostname(answering(ended(0, 'web-0\n')))).to.eql({ hostname: 'web-0' });
    const second = answering(ended(null), ended(0, 'web-0\n'));
    expect(await askHostname(second)).to.eql({ hostname: 'web-0' });
  });

  it('has no error where there is no program to ask', async () => {
    for (const code of [null, 126, 127]) {
      const answer = await askHostname(answering(ended(code), ended(code)));
      expect(answer).to.eql({ hostname: undefined });
    }
  });

  it('keeps a failure apart from that', async () => {
    const lost = new HoldfastError({ kind: 'internal', message: 'the connection ended' });
    expect(await askHostname(answering(lost, ended(null)))).to.eql({
      hostname: undefined,
      hostnameError: 'the connection ended',
    });
    expect(await askHostname(answering(ended(1, '', 'denied\n')))).to.eql({
      hostname: undefined,
      hostnameError: 'exit 1: denied',
    });
  });

  it('hides no error of another kind', async () => {
    const thrown = await askHostname(answering(new TypeError('ours'))).catch((e: unknown) => e);
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
