import { expect } from 'chai';
import { fakeClient, type Asked } from '../kube/client.fixture.ts';
import type { RenderedObject } from '../observe/manifests.ts';
import { dryRunFindings } from './inspect.ts';

const definition: RenderedObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'certificates.example.org' },
  spec: { group: 'example.org', names: { kind: 'Certificate' } },
};

const object = (apiVersion: string, kind: string, namespace?: string): RenderedObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', ...(namespace === undefined ? {} : { namespace }) },
});

/** An API server that knows the core kinds and definitions. */
function server() {
  const posts: Asked[] = [];
  const known = (kind: string, name: string, namespaced: boolean) => ({ kind, name, namespaced });
  const client = fakeClient((asked) => {
    if (asked.line.startsWith('POST')) posts.push(asked);
    if (asked.line === 'GET /api/v1') {
      return { resources: [known('Secret', 'secrets', true), known('Node', 'nodes', false)] };
    }
    if (asked.line === 'GET /apis/apiextensions.k8s.io/v1') {
      return { resources: [known('CustomResourceDefinition', 'definitions', false)] };
    }
    return { resources: [] };
  });
  return { posts, find: (objects: RenderedObject[]) => dryRunFindings(client, 'ns', objects) };
}

describe('dryRunFindings', () => {
  it('excuses the kinds that the chart brings, and not those of another group', async () => {
    const own = object('example.org/v1', 'Certificate');
    const foreign = object('cert-manager.io/v1', 'Certificate');
    const found = await server().find([definition, own, foreign]);
    expect(found.map(({ ok }) => ok)).to.eql([true, true, false]);
    expect(found[1]?.text).to.contain('brings itself');
    expect(found[2]?.text).to.contain('cert-manager.io/v1');
  });

  it('judges an object in the namespace of the release, and says which other it names', async () => {
    const { posts, find } = server();
    const found = await find([object('v1', 'Secret', 'other'), object('v1', 'Secret', 'ns')]);
    expect(posts.map(({ line }) => line)).to.eql([
      'POST /api/v1/namespaces/ns/secrets',
      'POST /api/v1/namespaces/ns/secrets',
    ]);
    expect(posts[0]?.body).to.have.nested.property('metadata.namespace', 'ns');
    expect(found[0]).to.include({ ok: true });
    expect(found[0]?.text).to.equal('accepted; it names the namespace other, and was judged in ns');
    expect(found[1]?.text).to.equal('accepted');
  });

  it('leaves objects alone that have no namespace', async () => {
    const { posts, find } = server();
    const found = await find([object('v1', 'Node', 'other')]);
    expect(posts.map(({ line }) => line)).to.eql(['POST /api/v1/nodes']);
    expect(found[0]?.text).to.equal('accepted');
  });
});
