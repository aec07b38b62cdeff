import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import type { ExecResult } from '../kube/exec.ts';
import { askHostname } from './hostname.ts';

const ended = (exitCode: number | null, stdout = '', stderr = ''): ExecResult => ({
  exitCode,
  stdout,
  stderr,
});

/** As the kubelet says it of a program that the container does not have. */
const absent = ended(null, '', 'exec: "hostname": executable file not found in $PATH: unknown');

/** Answers the commands one after the other; what is an error is thrown. */
function answering(...results: (ExecResult | Error)[]) {
  return () => {
    const result = results.shift() ?? absent;
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  };
}

describe('askHostname', () => {
  it('takes the first answer', async () => {
    expect(await askHostname(answering(ended(0, 'web-0\n')))).to.eql({ hostname: 'web-0' });
    const second = answering(absent, ended(0, 'web-0\n'));
    expect(await askHostname(second)).to.eql({ hostname: 'web-0' });
  });

  it('has no error where there is no program to ask', async () => {
    for (const result of [absent, ended(126), ended(127)]) {
      const answer = await askHostname(answering(result, result));
      expect(answer).to.eql({ hostname: undefined });
    }
  });

  it('keeps a failure apart from that', async () => {
    const lost = new HoldfastError({ kind: 'internal', message: 'the connection ended' });
    expect(await askHostname(answering(lost, absent))).to.eql({
      hostname: undefined,
      hostnameError: 'the connection ended',
    });
    expect(await askHostname(answering(ended(1, '', 'denied\n')))).to.eql({
      hostname: undefined,
      hostnameError: 'exit 1: denied',
    });
    const dialing = ended(null, '', 'error dialing backend');
    expect(await askHostname(answering(dialing, absent))).to.eql({
      hostname: undefined,
      hostnameError: 'exit unknown: error dialing backend',
    });
  });

  it('hides no error of another kind', async () => {
    const thrown = await askHostname(answering(new TypeError('ours'))).catch((e: unknown) => e);
    expect(thrown).to.be.instanceOf(TypeError);
  });
});
