import { expect } from 'chai';
import { fakeClient } from '../kube/client.fixture.ts';
import { secretKeeper } from './known-secrets.ts';

const rendered = { kind: 'Secret', stringData: { password: 'rendered-one' } };
const secret = (value: string) => ({ metadata: {}, stringData: { key: value } });

describe('a keeper of secrets', () => {
  it('knows those rendered, and all that were in a namespace at some time', async () => {
    const there: Record<string, unknown[]> = { ns: [secret('live-one')] };
    const client = fakeClient(
      ({ line }) => there[/namespaces\/(.*)\/secrets$/.exec(line)?.[1] ?? ''],
    );
    const keeper = secretKeeper(client, [rendered]);
    expect(keeper.known()).to.eql({ values: ['rendered-one'] });
    await keeper.learn('ns');
    there['ns'] = [secret('one-in-its-place')];
    there['ns-control'] = [secret('another-one')];
    await keeper.learn('ns');
    await keeper.learn('ns-control');
    expect(keeper.known()).to.eql({
      values: ['one-in-its-place', 'rendered-one', 'another-one', 'live-one'],
    });
  });

  it('goes on saying why they are not all', async () => {
    let refuses = true;
    const client = fakeClient(() => {
      if (refuses) throw new Error('you may not');
      return [secret('live-one')];
    });
    const keeper = secretKeeper(client, [rendered]);
    await keeper.learn('ns');
    refuses = false;
    await keeper.learn('ns');
    expect(keeper.known()).to.eql({
      values: ['rendered-one', 'live-one'],
      unread: 'namespace ns: you may not',
    });
  });

  it('keeps nothing back that goes on after an abort', async () => {
    const asked: string[] = [];
    const stop = new AbortController();
    const client = fakeClient(({ line }) => {
      asked.push(line);
      stop.abort();
      throw new Error('aborted');
    }, stop.signal);
    const keeper = secretKeeper(client, []);
    await keeper.learn('ns');
    await keeper.learn('ns');
    expect(keeper.known()).to.eql({ values: [] });
    expect(asked).to.have.length(1);
  });
});
