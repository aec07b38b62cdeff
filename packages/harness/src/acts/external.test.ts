import { expect } from 'chai';
import { badInput, environmentError } from '@holdfast/core';
import type { CredentialFile } from '../ledger/find-credentials.ts';
import { fakeClient, notFound } from '../kube/client.fixture.ts';
import { parseDriver } from '../observe/driver.ts';
import { writersOutside } from './external.ts';
import { attempt, type Stage } from './stage.ts';
import { world } from './world.fixture.ts';

const driver = {
  ...parseDriver('apiVersion: holdfast.dev/v1\nkind: Driver\n', 'driver.yaml'),
  scripts: {},
};
const credentials: CredentialFile[] = [{ file: 'password', secret: 'web', key: 'redis-password' }];

/** What comes of writers of a release that is outside, of whose Secret these keys are there. */
function outcome(data: Record<string, string> | undefined, parts: Partial<Stage> = {}) {
  const { stage } = world();
  const tags: (string | undefined)[] = [];
  const client = fakeClient(({ line }) => {
    expect(line).to.equal('GET /api/v1/namespaces/ns/secrets/web');
    if (data === undefined) throw notFound();
    return { data };
  });
  const started = attempt(() =>
    writersOutside(
      {
        ...{ ...stage, scene: { ...stage.scene, client } },
        reach: () => Promise.resolve({ credentials } as Awaited<ReturnType<Stage['reach']>>),
        startLedgers: (_, tag) => {
          tags.push(tag);
          return Promise.resolve([]);
        },
        ...parts,
      },
      driver,
    ),
  );
  return { started, tags };
}

describe('writersOutside', () => {
  it('starts them where the credentials are still there', async () => {
    const { started, tags } = outcome({ 'redis-password': 'cHc=' });
    expect(await started).to.eql({ state: 'done', seen: [] });
    expect(tags).to.eql(['outside']);
  });

  it('finds fault with a chart that loses a credential by the move', async () => {
    const gone = badInput('no Secret that the pods use has the key redis-password');
    const reason = `once outside: ${gone.message}`;
    for (const key of ['reach', 'startLedgers'] as const) {
      const { started } = outcome({ 'redis-password': '' }, { [key]: () => Promise.reject(gone) });
      expect(await started).to.eql({ state: 'stopped', reason });
    }
  });

  it('finds fault also where the credential was named', async () => {
    for (const data of [undefined, { other: '' }]) {
      const { started, tags } = outcome(data);
      const reason = 'once outside, Secret web has no redis-password (credential password)';
      expect(await started).to.eql({ state: 'stopped', reason });
      expect(tags).to.eql([]);
    }
  });

  it('passes on what is no fault of the chart', async () => {
    const error = environmentError('no image');
    const { started } = outcome(
      { 'redis-password': '' },
      { startLedgers: () => Promise.reject(error) },
    );
    expect(await started.catch((thrown: unknown) => thrown)).to.equal(error);
  });
});
