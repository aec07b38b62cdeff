import { expect } from 'chai';
import { fakeClient } from './client.fixture.ts';
import { ApiFailure } from './failure.ts';
import { inventory } from './inventory.ts';

const verbs = ['list', 'get', 'delete'];
const resource = (name: string, kind: string, more = {}) => ({
  ...{ name, kind, namespaced: true, verbs },
  ...more,
});
const answers: Record<string, unknown> = {
  'GET /apis': {
    groups: ['apps/v1', 'metrics.k8s.io/v1', 'broken/v1'].map((groupVersion) => ({
      preferredVersion: { groupVersion },
    })),
  },
  'GET /api/v1': {
    resources: [
      resource('pods', 'Pod'),
      resource('pods/log', 'Pod'),
      resource('nodes', 'Node', { namespaced: false }),
    ],
  },
  'GET /apis/apps/v1': { resources: [resource('deployments', 'Deployment')] },
  'GET /apis/metrics.k8s.io/v1': {
    resources: [resource('pods', 'PodMetrics', { verbs: ['list', 'get'] })],
  },
  'GET /api/v1/namespaces/ns/pods': { items: [{ metadata: { name: 'web-0' }, spec: { a: 1 } }] },
};

const no = (path: string) => `the API server answered 503: no answer to GET ${path}`;

describe('inventory', () => {
  it('lists all that is kept in a namespace, and says what it could not list', async () => {
    const client = fakeClient(({ line }) => {
      if (line in answers) return answers[line];
      throw new ApiFailure(503, '', `no answer to ${line}`, line);
    });
    const { objects, unread } = await inventory(client, 'ns');
    expect(objects).to.eql([{ kind: 'Pod', metadata: { name: 'web-0' } }]);
    expect(unread).to.eql([
      {
        what: `deployments in apps/v1: ${no('/apis/apps/v1/namespaces/ns/deployments')}`,
        builtIn: true,
        forbidden: false,
      },
      { what: `broken/v1: ${no('/apis/broken/v1')}`, builtIn: false, forbidden: false },
    ]);
  });

  it('tells kinds of the API server itself from those of its extensions', async () => {
    const groups = [
      'batch/v1',
      'networking.k8s.io/v1',
      'gateway.networking.k8s.io/v1',
      'apps.example/v1',
    ];
    const client = fakeClient(({ line }) => {
      if (line !== 'GET /apis') throw new ApiFailure(403, '', 'you may not', line);
      return { groups: groups.map((groupVersion) => ({ preferredVersion: { groupVersion } })) };
    });
    const { unread } = await inventory(client, 'ns');
    expect(unread.every(({ forbidden }) => forbidden)).to.equal(true);
    expect(unread.map(({ what, builtIn }) => [what.replace(/: .*/, ''), builtIn])).to.eql([
      ['v1', true],
      ['batch/v1', true],
      ['networking.k8s.io/v1', true],
      ['gateway.networking.k8s.io/v1', false],
      ['apps.example/v1', false],
    ]);
  });

  it('does not hide that the API server is gone', async () => {
    const client = fakeClient(() => {
      throw new Error('no connection');
    });
    const error = await inventory(client, 'ns').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).and.to.have.property('message', 'no connection');
  });
});
