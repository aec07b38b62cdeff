import { expect } from 'chai';
import { PollTimeout } from '@holdfast/core';
import { fakeClient, notFound } from './client.fixture.ts';
import { awaitServiceAccount } from './namespace.ts';

describe('awaitServiceAccount', () => {
  it('waits until the account is there', async () => {
    let asked = 0;
    const client = fakeClient(({ line }) => {
      expect(line).to.equal('GET /api/v1/namespaces/ns/serviceaccounts/default');
      asked += 1;
      if (asked < 2) throw notFound();
      return {};
    });
    await awaitServiceAccount(client, 'ns');
    expect(asked).to.equal(2);
  });

  it('blames the cluster, and no chart, where it does not come', async () => {
    const client = fakeClient(() => {
      throw notFound();
    });
    const error = await awaitServiceAccount(client, 'ns', 0).catch((reason: unknown) => reason);
    expect(error).to.not.be.instanceOf(PollTimeout);
    expect(error).to.include({ kind: 'environment', object: 'ns' });
    expect(error).to.have.property('message').that.contains('service account default in ns');
    expect(error).to.have.property('hint').that.contains('controller manager');
  });
});
