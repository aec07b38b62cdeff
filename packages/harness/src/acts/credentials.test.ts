import { expect } from 'chai';
import { fakeClient } from '../kube/client.fixture.ts';
import type { Secret } from '../disrupt/resources.ts';
import { digests, secretsOfPods } from './credentials.ts';

const secret = (name: string, data: Record<string, string>, type = 'Opaque'): Secret => ({
  metadata: { name },
  type,
  data,
});

describe('credentials', () => {
  it('are told apart by digests that say nothing without their key', () => {
    const before = digests([secret('web', { password: 'aaaa', user: 'bbbb' })], 'key');
    expect(Object.keys(before)).to.eql(['web password', 'web user']);
    expect(digests([secret('web', { password: 'aaaa', user: 'cccc' })], 'key')).to.include({
      'web password': before['web password'],
    });
    const user = digests([secret('web', { user: 'cccc' })], 'key')['web user'];
    expect(user).to.not.equal(before['web user']);
    const other = digests([secret('web', { user: 'bbbb' })], 'another key')['web user'];
    expect(other).to.not.equal(before['web user']);
    expect(JSON.stringify(before)).to.not.contain('aaaa');
  });

  it('are no certificates', () => {
    expect(digests([secret('tls', { 'tls.key': 'aaaa' }, 'kubernetes.io/tls')], 'key')).to.eql({});
  });

  it('are those that the pods use', async () => {
    const client = fakeClient(() => ['used', 'other', 'sh.helm.release'].map((n) => secret(n, {})));
    const spec = {
      containers: [],
      volumes: [{ projected: { sources: [{ secret: { name: 'used' } }] } }],
    };
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: { template: { spec } },
    };
    const found = await secretsOfPods(client, 'ns', [set], ['web']);
    expect(found.map(({ metadata }) => metadata.name)).to.eql(['used']);
  });
});
