import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { fakeClient } from '../kube/client.fixture.ts';
import type { ClientShell } from '../kube/client-pod.ts';
import { ExecTimeout } from '../kube/exec.ts';
import { setRecord } from '../observe/identity.ts';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import { resolvePods } from './names.ts';

const members = ['web-0', 'web-1'].map((name) => ({
  pod: podObject(name),
  set: setRecord(setObject(2)),
}));

/** What is recorded of the two pods when the client pod's shell answers so. */
function resolved(sh: ClientShell['sh'], podIPs?: { ip: string }[]) {
  const pods = members.map(({ pod }) => {
    const status = podIPs === undefined ? pod.status : { ...pod.status, podIPs };
    return { ...pod, status };
  });
  const scene = {
    client: fakeClient(() => pods),
    namespace: 'ns',
    sets: ['web'],
    shell: { sh },
    clusterDomain: 'cluster.local',
    driver: undefined,
    limits: { readyMs: 0, recoveryMs: 0, dnsMs: 0, helmMs: 0 },
  };
  return resolvePods(scene, members);
}

const answerOf = (name: string, ...addresses: string[]) => {
  const fqdn = `${name}.web-headless.ns.svc.cluster.local`;
  return `== ${fqdn}\nName: ${fqdn}\n${addresses.map((a) => `Address: ${a}\n`).join('')}`;
};
const said = (stdout: string) => () => Promise.resolve({ exitCode: 0, stdout, stderr: '' });

describe('resolvePods', () => {
  it('takes what a look-up that did not end had answered, and no answer for the rest', async () => {
    const records = await resolved(() => {
      const timeout = new ExecTimeout(30_000, 'exec in holdfast-client/client: sh -c');
      timeout.stdout = answerOf('web-0', '10.42.0.7');
      return Promise.reject(timeout);
    });
    expect(records.map(({ pod, addresses }) => [pod, ...addresses])).to.eql([
      ['web-0', '10.42.0.7'],
      ['web-1'],
    ]);
    expect(records.map(({ settledMs }) => settledMs === null)).to.eql([false, true]);
  });

  it('hides no other failure', async () => {
    const lost = new HoldfastError({ kind: 'internal', message: 'no connection' });
    const error = await resolved(() => Promise.reject(lost)).catch((e: unknown) => e);
    expect(error).to.equal(lost);
  });

  it('accepts the addresses of both families', async () => {
    const both = ['10.42.0.7', 'fd00::7'];
    const answers = answerOf('web-0', ...both) + answerOf('web-1', ...both);
    const records = await resolved(
      said(answers),
      both.map((ip) => ({ ip })),
    );
    expect(records.map(({ settledMs }) => settledMs)).to.not.include(null);
    expect(records[0]?.ips).to.eql(both);
    const single = await resolved(said(answers));
    expect(single.map(({ settledMs }) => settledMs)).to.eql([null, null]);
  });
});
