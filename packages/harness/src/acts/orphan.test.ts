import { expect } from 'chai';
import { adoptionChecks } from '../checks/adoption.ts';
import { goodRecord } from '../checks/record.fixture.ts';
import type { OrphanRecord, Outcome } from '../observe/acts.ts';
import { orphan } from './orphan.ts';
import { world } from './world.fixture.ts';

function verdict(outcome: Outcome<OrphanRecord>) {
  const record = { ...goodRecord(), acts: { orphan: outcome } };
  return adoptionChecks[0]?.conclude(record);
}

describe('orphan', () => {
  it('sees pods orphaned, adopted, and one of them released and replaced', async () => {
    const { stage, asked } = world();
    const outcome = await orphan(stage);
    if (outcome.state !== 'done') return expect.fail(JSON.stringify(outcome));
    const { seen } = outcome;
    const controllers = (list: OrphanRecord['before']) => list.map((pod) => pod.controller);
    expect(controllers(seen.before)).to.eql(['set-uid', 'set-uid']);
    expect(controllers(seen.orphaned)).to.eql([undefined, undefined]);
    expect(controllers(seen.adopted)).to.eql(['set-uid-2', 'set-uid-2']);
    expect(seen.uids).to.eql({ before: 'set-uid', after: 'set-uid-2' });
    expect(seen.released).to.include({ name: 'web-1', uid: 'pod-2', controller: undefined });
    expect(seen.replacement).to.include({ name: 'web-1', uid: 'pod-3', controller: 'set-uid-2' });
    expect(verdict(outcome)?.verdict).to.equal('passed');
    const deletions = asked.filter((line) => line.startsWith('DELETE')).map((l) => l.slice(-11));
    expect(deletions).to.eql(['efulsets/web', '/pods/web-1'].map((l) => l.slice(-11)));
  });

  it('stops where pods are not adopted, not released, or the set is refused', async () => {
    for (const [defects, why] of [
      [{ adopts: false }, 'web-0, web-1 to belong to the set set-uid-2'],
      [{ releases: false }, 'web-1 to belong to no set'],
      [{ creates: false }, 'it is invalid'],
    ] as const) {
      const outcome = await orphan(world(defects).stage);
      expect(outcome).to.include({ state: 'stopped' }).and.have.property('reason').contains(why);
      expect(verdict(outcome)?.verdict).to.equal('failed');
    }
  });

  it('is skipped where the set has no label that could be changed', async () => {
    const place = world();
    place.changeSet((set) => ({ ...set, spec: { ...set.spec, selector: {} } }));
    expect(await orphan(place.stage)).to.include({ state: 'skipped' });
  });
});
