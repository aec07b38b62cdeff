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

describe('inventory', () => {
  it('lists all that is kept in a namespace, and says what it could not list', async () => {
    const client = fakeClient(({ line }) => {
      if (line in answers) return answers[line];
      throw new ApiFailure(503, '', `no answer to ${line}`, line);
    });
    const { objects, unread } = await inventory(client, 'ns');
    expect(objects).to.eql([{ kind: 'Pod', metadata: { name: 'web-0' } }]);
    expect(unread.map((line) => line.replace(/: .*/, ''))).to.eql([
      'deployments in apps/v1',
      'broken/v1',
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
