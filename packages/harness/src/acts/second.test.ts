import { expect } from 'chai';
import { badInput, PollTimeout, type RunResult } from '@holdfast/core';
import { fakeClient, notFound } from '../kube/client.fixture.ts';
import { WriterRefused } from '../ledger/start-writer.ts';
import { parseManifests } from '../observe/manifests.ts';
import { setObject, podObject } from '../observe/objects.fixture.ts';
import { besideName, withRelease } from './second.ts';
import { attempt, type Rendered, type Stage } from './stage.ts';

const manifest = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec: {}\n';

/** The kinds of some groups, as the API server tells them. */
const kinds: Record<string, object[]> = {
  'rbac.authorization.k8s.io': [
    { name: 'clusterroles', kind: 'ClusterRole', namespaced: false },
    { name: 'roles', kind: 'Role', namespaced: true },
  ],
  'apiextensions.k8s.io': [
    { name: 'customresourcedefinitions', kind: 'CustomResourceDefinition', namespaced: false },
  ],
};

/** A cluster on which namespaces can be made, with a StatefulSet that is Ready or never is. */
function place(ready = true, text = manifest) {
  const asked: string[] = [];
  const namespaces = new Map<string, object>();
  const client = fakeClient(({ line, body }) => {
    asked.push(line);
    const { metadata } = (body ?? {}) as { metadata?: { name?: string } };
    if (line === 'POST /api/v1/namespaces') {
      const made = metadata?.name ?? '';
      namespaces.set(made, body as object);
    }
    const name = line.replace(/.*\//, '');
    if (line.startsWith('GET /api/v1/namespaces/') && namespaces.has(name))
      return namespaces.get(name);
    if (line.startsWith('DELETE /api/v1/namespaces/')) return namespaces.delete(name);
    if (line.endsWith('/serviceaccounts/default')) return {};
    const resources = kinds[/^GET \/apis\/([^/]+)\/v1$/.exec(line)?.[1] ?? ''];
    if (resources) return { resources };
    if (line.endsWith('/statefulsets')) return [setObject()];
    if (line.endsWith('/pods')) return ready ? [podObject()] : [];
    if (/(persistentvolumeclaims|events)$/.test(line)) return [];
    if (line.startsWith('POST')) return {};
    throw notFound();
  });
  const run = (args: readonly string[]): Promise<RunResult> => {
    asked.push(`helm ${args.join(' ')}`);
    return Promise.resolve({ exitCode: 0, stdout: text, stderr: '' });
  };
  const limits = { readyMs: 600, recoveryMs: 600, dnsMs: 600, helmMs: 600 };
  const { signal } = client;
  const stage = {
    scene: { client, namespace: 'ns', sets: ['old'], limits, ledgers: ['of the proof'] },
    spec: {
      ...{ chart: 'web', values: [], set: ['a=1'], release: 'web', namespace: 'ns' },
      ...{ kubeVersion: 'v1.34.4', signal },
    },
    objects: parseManifests(text),
    helm: { run },
    notice: (text: string) => asked.push(`notice ${text}`),
  } as unknown as Stage;
  return { asked, stage, namespaces };
}

/** What becomes of a release that nothing is done with: an error's name and message, or "done". */
function outcome({ stage }: ReturnType<typeof place>): Promise<string> {
  return withRelease(stage, { namespace: 'ns-x' }, () => Promise.resolve('done')).catch(
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : ''),
  );
}

/** What was done on the cluster, and not just asked. */
function done({ asked }: ReturnType<typeof place>): string[] {
  return asked.filter((line) => !/^(GET |helm template)/.test(line));
}

describe('withRelease', () => {
  it('works on a release of its own, and removes it', async () => {
    const { asked, stage, namespaces } = place();
    let seen: Rendered | undefined;
    const prepared: string[] = [];
    const value = await withRelease(
      stage,
      {
        namespace: 'ns-control',
        set: ['b=2'],
        prepare: ({ scene }) => {
          prepared.push(scene.namespace);
          expect(asked.some((line) => line.startsWith('helm install'))).to.equal(false);
          return Promise.resolve();
        },
      },
      (release) => {
        seen = release;
        return Promise.resolve(7);
      },
    );
    expect(value).to.equal(7);
    expect(prepared).to.eql(['ns-control']);
    expect(seen?.scene).to.deep.include({
      ...{ namespace: 'ns-control', sets: ['web'], ledgers: [] },
    });
    const installed = asked.find((line) => line.startsWith('helm install'));
    expect(installed).to.contain('--namespace ns-control').and.contain('--set a=1 --set b=2');
    expect(asked.some((line) => line.startsWith('helm uninstall'))).to.equal(true);
    expect([...namespaces]).to.eql([]);
  });

  it('removes it also where the work fails, and where it is never Ready', async () => {
    const failing = place();
    const error = await withRelease(failing.stage, { namespace: 'ns-x' }, () =>
      Promise.reject(new Error('broken')),
    ).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'broken');
    expect([...failing.namespaces]).to.eql([]);
    const never = place(false);
    const stopped = await withRelease(never.stage, { namespace: 'ns-x' }, () =>
      Promise.resolve(),
    ).catch((reason: unknown) => reason);
    expect(stopped).to.have.property('name', 'ActStopped');
    expect(stopped).to.not.be.instanceOf(PollTimeout);
    expect([...never.namespaces]).to.eql([]);
  });

  it('is skipped where the driver does not tell how it is written through, or does not fit', async () => {
    const { stage, namespaces } = place();
    const work = () => Promise.reject(badInput('several Services', { object: 'a, b' }));
    const unknown = await attempt(() => withRelease(stage, { namespace: 'ns-x' }, work));
    expect(unknown).to.eql({ state: 'skipped', reason: 'several Services (a, b)' });
    expect([...namespaces]).to.eql([]);
    const fitting = place();
    const run = () => Promise.resolve({ exitCode: 1, stdout: '', stderr: 'Error: not here' });
    const misfit = {
      ...fitting,
      stage: { ...fitting.stage, helm: { ...fitting.stage.helm, run } },
    };
    expect(await outcome(misfit)).to.match(/^ActSkipped: the chart does not render .*not here/);
    expect(done(misfit)).to.eql([]);
  });

  it('leads to the log of a writer where its namespace stays', async () => {
    for (const kept of [false, true]) {
      let refused: WriterRefused | undefined;
      const error = await withRelease(place().stage, { namespace: 'ns-x' }, ({ scene }) => {
        const namespace = kept ? 'ns' : scene.namespace;
        const target = { namespace, pod: 'holdfast-writer-0', container: 'writer' };
        refused = new WriterRefused('the writer does not run', 'app:1', target);
        return Promise.reject(refused);
      }).catch((thrown: unknown) => thrown);
      if (!(error instanceof WriterRefused)) return expect.fail('it was not refused');
      expect(error).to.include({ message: refused?.message, object: 'app:1' });
      expect(error.hint?.includes('--report')).to.equal(kept);
    }
  });

  it('installs nothing that is there once in a cluster, as the API server says of its kind', async () => {
    const role = (kind: string) =>
      `${manifest}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: web }\n`;
    const once = place(true, role('ClusterRole'));
    expect(await outcome(once)).to.match(/^ActSkipped: ClusterRole web is there once in a cluster/);
    expect(done(once)).to.eql([]);
    expect(await outcome(place(true, role('Role')))).to.equal('done');
  });

  it('installs definitions of a folder, which Helm leaves as they are where they are', async () => {
    const chart = (folder: string) =>
      `---\n# Source: web/${folder}/a.yaml\napiVersion: apiextensions.k8s.io/v1\n` +
      'kind: CustomResourceDefinition\nmetadata: { name: a }\n' +
      `---\n# Source: web/templates/web.yaml\n${manifest}`;
    expect(await outcome(place(true, chart('crds')))).to.equal('done');
    expect(await outcome(place(true, chart('templates/crds')))).to.contain('Definition a is there');
  });

  it('follows no release without a StatefulSet', async () => {
    const stateless = place(true, manifest.replace('StatefulSet', 'Deployment'));
    expect(await outcome(stateless)).to.match(/^ActSkipped: .*renders no StatefulSet/);
    expect(done(stateless)).to.eql([]);
  });

  it('names the namespace so that it is one', () => {
    expect(besideName('proof', 'full')).to.match(/^proof-full-[0-9a-f]{4}$/);
    const long = besideName(`${'a'.repeat(52)}-${'b'.repeat(10)}`, 'full');
    expect(long).to.match(/^a{52}-full-[0-9a-f]{4}$/);
    expect(long.length).to.be.at.most(63);
    // What a killed proof has left has another name.
    const names = Array.from({ length: 20 }, () => besideName('proof', 'full'));
    expect(new Set(names).size).to.be.greaterThan(1);
  });
});
