import { expect } from 'chai';
import type { Helm, RunResult } from '@holdfast/core';
import { removeRelease } from './clean-up.ts';
import { fakeClient, notFound } from './client.fixture.ts';
import { ApiFailure } from './failure.ts';
import { createNamespace } from './namespace.ts';

const path = '/api/v1/namespaces/ns';
const spec = {
  chart: 'charts-out/web',
  values: [],
  set: [],
  release: 'web',
  namespace: 'ns',
  kubeVersion: 'v1.34.4',
  signal: new AbortController().signal,
};

/** An API server with one namespace, and a Helm, that say what they were asked. */
function scene(owner: string, uninstall: () => Promise<RunResult>, deletes = true) {
  const asked: string[] = [];
  let there = true;
  const client = fakeClient(({ line }) => {
    asked.push(line);
    if (!there) throw notFound();
    if (line === `DELETE ${path}`) {
      if (!deletes) throw new ApiFailure(403, 'Forbidden', 'you may not', line);
      there = false;
    }
    return { metadata: { name: 'ns', uid: 'u', annotations: { 'holdfast.dev/proof': owner } } };
  });
  const run: Helm['run'] = (args) => {
    asked.push(`helm ${args[0] ?? ''}`);
    return uninstall();
  };
  const helm = { run } as Helm;
  return { asked, remove: () => removeRelease(client, helm, spec, 'mine') };
}

const ended = (exitCode: number, stderr = '') => Promise.resolve({ exitCode, stdout: '', stderr });

describe('removeRelease', () => {
  it('uninstalls the release, and deletes the namespace', async () => {
    const { asked, remove } = scene('mine', () => ended(0));
    expect(await remove()).to.eql([]);
    expect(asked).to.include.members(['helm uninstall', `DELETE ${path}`]);
  });

  it('deletes the namespace though Helm fails or does not end, and says so', async () => {
    const failing = [
      () => ended(1, 'Error: no such hook\n'),
      () => Promise.reject(new Error('helm did not end')),
    ];
    for (const [index, uninstall] of failing.entries()) {
      const { asked, remove } = scene('mine', uninstall);
      const left = await remove();
      expect(left).to.have.length(1);
      expect(left[0]).to.contain('release web').and.contain(['no such hook', 'not end'][index]);
      expect(asked).to.include(`DELETE ${path}`);
    }
  });

  it('says which namespace is left behind', async () => {
    const left = await scene('mine', () => ended(0), false).remove();
    expect(left).to.have.length(1);
    expect(left[0]).to.contain('namespace ns is left behind').and.contain('you may not');
  });

  it('touches nothing in a namespace that another has made', async () => {
    const { asked, remove } = scene('theirs', () => ended(0));
    expect(await remove()).to.eql([]);
    expect(asked).to.eql([`GET ${path}`]);
  });
});

describe('createNamespace', () => {
  it('marks the namespace as this proof’s', async () => {
    let body: unknown;
    const client = fakeClient((asked) => (body = asked.body));
    await createNamespace(client, 'ns', 'mine');
    expect(JSON.stringify(body)).to.contain('"holdfast.dev/proof":"mine"');
    expect(JSON.stringify(body)).to.contain('"pod-security.kubernetes.io/enforce":"restricted"');
  });

  it('tells how to know a leftover where the namespace exists', async () => {
    const client = fakeClient(() => {
      throw new ApiFailure(409, 'AlreadyExists', 'it exists', 'POST');
    });
    const error: unknown = await createNamespace(client, 'ns', 'mine').catch((e: unknown) => e);
    expect(error).to.include({ kind: 'badInput', object: 'ns' });
    expect(error)
      .to.have.property('hint')
      .that.contains('kubectl delete namespace ns')
      .and.contains('get namespaces -l app.kubernetes.io/managed-by=holdfast');
  });
});
