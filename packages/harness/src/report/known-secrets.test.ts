import { expect } from 'chai';
import { fakeClient } from '../kube/client.fixture.ts';
import { knownSecrets, withoutLogs } from './known-secrets.ts';

const rendered = { kind: 'Secret', stringData: { password: 'rendered-one' } };

describe('knownSecrets', () => {
  it('are those rendered and those in the namespace', async () => {
    const client = fakeClient(() => [{ metadata: {}, stringData: { key: 'live-one' } }]);
    const { values, unread } = await knownSecrets(client, 'ns', [rendered]);
    expect(values).to.have.members(['rendered-one', 'live-one']);
    expect(unread).to.equal(undefined);
  });

  it('say why they are not all', async () => {
    const client = fakeClient(() => {
      throw new Error('you may not');
    });
    expect(await knownSecrets(client, 'ns', [rendered])).to.eql({
      values: ['rendered-one'],
      unread: 'you may not',
    });
  });

  it('are not asked for any more after an abort', async () => {
    const stopped = new Error('stopped');
    const client = fakeClient(() => {
      throw new Error('aborted');
    }, AbortSignal.abort(stopped));
    const error = await knownSecrets(client, 'ns', []).catch((e: unknown) => e);
    expect(error).to.equal(stopped);
  });
});

describe('withoutLogs', () => {
  const finding = { object: 'web-0', ok: false, text: 'crashed', log: 'the password is live-one' };

  it('leaves logs out where the secrets are not known', () => {
    expect(withoutLogs([finding], { values: [] })).to.eql([finding]);
    const [bare] = withoutLogs([finding], { values: [], unread: 'you may not' });
    expect(bare).to.include({ text: 'crashed' });
    expect(bare?.log).to.not.contain('live-one');
  });
});
