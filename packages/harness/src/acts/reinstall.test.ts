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

/**
 * What V4 says where some kinds can't be listed, for so many times once they have been so many times, and a
 * Service may be left.
 */
async function verdict(
  unlisted: readonly string[],
  { status = 403, before = 0, times = Infinity, left = false, limitMs = 300, extraMs = 5_000 } = {},
) {
  const { stage } = world();
  const { client, limits } = stage.scene;
  let looks = 0;
  const answering = fakeClient(({ line }) => {
    if (line in kinds) return kinds[line];
    if (unlisted.includes(line.replace(/.*\//, ''))) {
      looks += 1;
      const fails = looks > before && looks <= before + times;
      if (fails) throw new ApiFailure(status, '', 'you may not', line);
    }
    return { items: left && line.endsWith('/services') ? [{ metadata: { name: 'web' } }] : [] };
  });
  const request: typeof client.request = (...asked) => answering.request(...asked);
  const scene = {
    ...{ ...stage.scene, client: { ...client, request } },
    limits: { ...limits, recoveryMs: limitMs },
  };
  const outcome = await uninstall({ ...stage, scene }, [], extraMs);
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
    for (const status of [403, 500]) {
      expect(await verdict(['jobs'], { status, extraMs: 300 })).to.include({
        verdict: 'skipped',
        summary: `not looked for: jobs in batch/v1: the API server answered ${status}: you may not`,
      });
    }
  });

  it('does not wait for a kind that is refused, once nothing else is left', async () => {
    const began = performance.now();
    expect(await verdict(['jobs'], { limitMs: 50_000 })).to.include({ verdict: 'skipped' });
    expect(performance.now() - began).to.be.lessThan(25_000);
  });

  it('looks again where a kind can’t be listed at the end', async () => {
    const failed = await verdict(['services'], { status: 500, before: 1, times: 1, left: true });
    expect(failed)
      .to.include({ verdict: 'failed' })
      .and.have.property('summary')
      .contains('Service/web');
  });

  it('fails all the same by what is left', async () => {
    expect(await verdict(['jobs'], { left: true })).to.include({ verdict: 'failed' });
  });

  it('looks again where a kind could not be listed for a while', async () => {
    const passed = await verdict(['jobs'], { status: 503, times: 1, limitMs: 30_000 });
    expect(passed).to.include({ verdict: 'passed' });
  });

  it('remarks on kinds of extensions that can’t be listed', async () => {
    const passed = await verdict(['things']);
    expect(passed).to.include({ verdict: 'passed' });
    expect(passed?.summary).to.contain('left: nothing; not looked for: things in example.org/v1');
  });
});
