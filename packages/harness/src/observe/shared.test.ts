import { expect } from 'chai';
import { parseManifests, type RenderedObject } from './manifests.ts';
import { sharedReason, withoutFolders } from './shared.ts';

const scoped = ['ClusterRole', 'ClusterRoleBinding', 'PriorityClass', 'StorageClass', 'Namespace'];
const isClusterScoped = ({ kind }: RenderedObject) => scoped.includes(kind);

/** Why a chart can't stand in ns and ns-control at once; $NS in its objects is the release's namespace. */
function reason(text: string, other = text): string | undefined {
  const [first, second] = [
    { text, namespace: 'ns' },
    { text: other, namespace: 'ns-control' },
  ].map((release) => ({
    namespace: release.namespace,
    objects: parseManifests(release.text.replaceAll('$NS', release.namespace)),
  }));
  if (first === undefined || second === undefined) throw new Error('two releases');
  return sharedReason(first, second, isClusterScoped);
}

function object(kind: string, metadata: string, rest = ''): string {
  return `---\napiVersion: v1\nkind: ${kind}\nmetadata: { ${metadata} }\n${rest}\n`;
}

const once = 'is there once in a cluster, and the chart would be installed twice';

describe('sharedReason', () => {
  it('names objects without a namespace, the first three of them', () => {
    const role = object('ClusterRole', 'name: web');
    expect(reason(role)).to.equal(`ClusterRole web ${once}`);
    const more = ['a', 'b', 'c'].map((name) => object('PriorityClass', `name: ${name}`));
    expect(reason([role, ...more].join(''))).to.equal(
      'ClusterRole web, PriorityClass a, PriorityClass b and 1 more are there once in a cluster, ' +
        'and the chart would be installed twice',
    );
  });

  it('leaves alone what has its namespace in its name, or is of one release only', () => {
    expect(reason(object('ClusterRole', 'name: $NS-web'))).to.equal(undefined);
    expect(reason(object('Namespace', 'name: $NS'))).to.equal(undefined);
    const role = object('ClusterRole', 'name: web');
    expect(reason(role, object('ClusterRoleBinding', 'name: web'))).to.equal(undefined);
  });

  it('names objects of another namespace that is the same for both, and no others', () => {
    const role = object('Role', 'name: web, namespace: kube-system');
    expect(reason(role)).to.equal(`Role web in namespace kube-system ${once}`);
    expect(reason(object('Role', 'name: web'))).to.equal(undefined);
    expect(reason(object('Role', 'name: web, namespace: $NS'))).to.equal(undefined);
    // The first release's own namespace, written down.
    const own = object('Role', 'name: web, namespace: ns');
    expect(reason(object('Role', 'name: web'), own)).to.equal(`Role web in namespace ns ${once}`);
  });

  it('counts hooks that stay behind after an installation', () => {
    const hook = (hooks: string, policy = '') =>
      object(
        'ClusterRole',
        `name: web, annotations: { helm.sh/hook: "${hooks}"${policy && `, helm.sh/hook-delete-policy: "${policy}"`} }`,
      );
    expect(reason(hook('pre-install, pre-upgrade'))).to.equal(`ClusterRole web ${once}`);
    expect(reason(hook('post-install', 'before-hook-creation'))).to.contain('ClusterRole web');
    expect(reason(hook('pre-install', 'before-hook-creation,hook-succeeded'))).to.equal(undefined);
    for (const hooks of ['test', 'pre-upgrade', 'post-delete']) {
      expect(reason(hook(hooks))).to.equal(undefined);
    }
  });

  it('names node ports and addresses that are written down', () => {
    const service = (spec: string) => object('Service', 'name: web', `spec: ${spec}`);
    expect(reason(service('{ ports: [{ port: 80, nodePort: 31000 }] }'))).to.equal(
      `node port 31000 ${once}`,
    );
    expect(reason(service('{ healthCheckNodePort: 31001, ports: null }'))).to.contain('31001');
    expect(reason(service('{ clusterIP: 10.43.0.9, clusterIPs: [10.43.0.9] }'))).to.equal(
      `cluster IP 10.43.0.9 ${once}`,
    );
    expect(reason(service('{ loadBalancerIP: 192.0.2.1 }'))).to.equal(
      `load balancer IP 192.0.2.1 ${once}`,
    );
    for (const spec of [
      '{ clusterIP: None, ports: [{ port: 80 }] }',
      '{ clusterIP: "", loadBalancerIP: "", ports: [{ port: 80, nodePort: 0 }] }',
      '{ clusterIP: null, ports: [{ port: 80, nodePort: null }] }',
    ]) {
      expect(reason(service(spec))).to.equal(undefined);
    }
    const ports = (port: number) => service(`{ ports: [{ port: 80, nodePort: ${port} }] }`);
    expect(reason(ports(31_000), ports(31_001))).to.equal(undefined);
  });

  it('names volumes that claims name', () => {
    const set =
      'spec: { volumeClaimTemplates: [{ metadata: { name: a }, spec: { volumeName: v } }] }';
    expect(reason(object('StatefulSet', 'name: web', set))).to.equal(`PersistentVolume v ${once}`);
    const claim = object('PersistentVolumeClaim', 'name: a', 'spec: { volumeName: v }');
    expect(reason(claim)).to.equal(`PersistentVolume v ${once}`);
    expect(reason(object('StatefulSet', 'name: web', 'spec: {}'))).to.equal(undefined);
  });
});

describe('withoutFolders', () => {
  it('leaves out what is in folders of definitions, and keeps those of templates', () => {
    const definition = (name: string) => object('CustomResourceDefinition', `name: ${name}`);
    const from = (source: string, name: string) =>
      definition(name).replace('---\n', `---\n# Source: ${source}\n`);
    const text = [
      from('web/crds/two.yaml', 'a'),
      definition('b'),
      from('web/charts/db/crds/c.yaml', 'c'),
      from('web/templates/crds/d.yaml', 'd'),
      from('web/charts/db/templates/e.yaml', 'e'),
    ].join('');
    expect(withoutFolders(text).map(({ metadata }) => metadata.name)).to.eql(['d', 'e']);
  });
});
