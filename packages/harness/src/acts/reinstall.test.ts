import { expect } from 'chai';
import { goodRecord } from '../checks/record.fixture.ts';
import { uninstallChecks } from '../checks/uninstall.ts';
import { fakeClient } from '../kube/client.fixture.ts';
import { ApiFailure } from '../kube/failure.ts';
import { uninstall } from './reinstall.ts';
import { world } from './world.fixture.ts';

const listed = (name: string, kind: string) => ({
  ...{ name, kind, namespaced: true, verbs: ['list', 'delete'] },
});
const kinds: Record<string, unknown> = {
  'GET /apis': {
    groups: ['batch/v1', 'example.org/v1'].map((groupVersion) => ({
      preferredVersion: { groupVersion },
    })),
  },
  'GET /api/v1': { resources: [listed('services', 'Service')] },
  'GET /apis/batch/v1': { resources: [listed('jobs', 'Job')] },
  'GET /apis/example.org/v1': { resources: [listed('things', 'Thing')] },
};

/** What V4 says where some kinds can't be listed, for the first so many times, and a Service may be left. */
async function verdict(unlisted: readonly string[], { times = Infinity, left = false } = {}) {
  const { stage } = world();
  const { client } = stage.scene;
  let refused = 0;
  const answering = fakeClient(({ line }) => {
    if (line in kinds) return kinds[line];
    if (unlisted.includes(line.replace(/.*\//, '')) && refused < times) {
      refused += 1;
      throw new ApiFailure(403, 'Forbidden', 'you may not', line);
    }
    return { items: left && line.endsWith('/services') ? [{ metadata: { name: 'web' } }] : [] };
  });
  const request: typeof client.request = (...asked) => answering.request(...asked);
  const scene = { ...stage.scene, client: { ...client, request } };
  const outcome = await uninstall({ ...stage, scene }, []);
  const [check] = uninstallChecks;
  return check?.conclude({ ...goodRecord(), acts: { uninstall: outcome } });
}

describe('uninstall', () => {
  it('looks at all that is left', async () => {
    expect(await verdict([])).to.include({ verdict: 'passed', summary: 'left: nothing' });
    const left = await verdict([], { left: true });
    expect(left)
      .to.include({ verdict: 'failed' })
      .and.have.property('summary')
      .contains('Service/web');
  });

  it('shows nothing where a kind of the API server itself can’t be listed', async () => {
    expect(await verdict(['jobs'])).to.include({
      verdict: 'skipped',
      summary: 'not looked for: jobs in batch/v1: the API server answered 403: you may not',
    });
  });

  it('fails all the same by what is left', async () => {
    expect(await verdict(['jobs'], { left: true })).to.include({ verdict: 'failed' });
  });

  it('looks again where a kind could not be listed for a while', async () => {
    expect(await verdict(['jobs'], { times: 1 })).to.include({ verdict: 'passed' });
  });

  it('remarks on kinds of extensions that can’t be listed', async () => {
    const passed = await verdict(['things']);
    expect(passed).to.include({ verdict: 'passed' });
    expect(passed?.summary).to.contain('left: nothing; not looked for: things in example.org/v1');
  });
});
