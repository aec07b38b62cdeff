import { expect } from 'chai';
import type { NodeControl } from '../cluster/cluster.ts';
import { parseDriver } from '../observe/driver.ts';
import { negativeControl } from './control.ts';
import { readCopies } from './copies.ts';
import { moveOutside } from './external.ts';
import { fullDisk } from './full-disk.ts';
import type { Stage } from './stage.ts';
import { world } from './world.fixture.ts';

const head = 'apiVersion: holdfast.dev/v1\nkind: Driver\n';
const ledger = 'port: 80\nledger: { write: write.sh, read: read.sh }\n';
const set = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    volumeClaimTemplates: [
      { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } },
    ],
  },
};

/** A world with a driver, of which nothing may be changed. */
function stageWith(driver: string | undefined, parts: Partial<Stage['scene']> = {}) {
  const place = world();
  const loaded =
    driver === undefined
      ? undefined
      : { ...parseDriver(head + driver, 'driver.yaml'), scripts: {} };
  const scene = { ...place.stage.scene, driver: loaded, ...parts };
  return { ...place, stage: { ...place.stage, objects: [set], scene } };
}

describe('acts that don’t apply', () => {
  const control = { server: 'server', agents: [] } as unknown as NodeControl;
  for (const [what, why, perform, place] of [
    ['no driver', 'without', negativeControl, stageWith(undefined)],
    ['a driver without values', 'without', negativeControl, stageWith('claims: required\n')],
    ['no driver', 'copies', readCopies, stageWith(undefined)],
    ['a driver that says nothing', 'copies', readCopies, stageWith('copies: false\n')],
    ['no driver', 'outside', moveOutside, stageWith(undefined)],
    ['no values that lead outside', 'outside', moveOutside, stageWith(ledger)],
    ['no programs that could follow', 'ledger', moveOutside, stageWith('outside: [a=b]\n')],
    ['nodes out of reach', 'out of reach', fullDisk, stageWith(undefined)],
  ] as const) {
    it(`are skipped with ${what}: ${why}`, async () => {
      const outcome = await perform(place.stage);
      expect(outcome).to.include({ state: 'skipped' });
      expect(outcome).to.have.property('reason').that.contains(why);
      expect(place.asked.filter((line) => !line.startsWith('GET'))).to.eql([]);
    });
  }

  it('are skipped where there is no claim whose volume could be full', async () => {
    const { stage } = stageWith(undefined, { control });
    const outcome = await fullDisk({ ...stage, objects: [] });
    expect(outcome).to.eql({ state: 'skipped', reason: 'no StatefulSet has a claim template' });
  });

  it('include reading on other members where there is one only', async () => {
    const place = stageWith(`${ledger}copies: true\n`);
    place.state.pods.pop();
    const outcome = await readCopies(place.stage);
    expect(outcome).to.eql({ state: 'skipped', reason: 'there is no other member' });
  });
});

describe('readCopies', () => {
  it('asks every member by its own name', async () => {
    const { stage } = stageWith(`${ledger}copies: true\n`);
    const asked: string[] = [];
    const readAt = (host: string) => {
      asked.push(host);
      return Promise.resolve({ name: 'web:80' });
    };
    const ledgers = [{ readAt }] as unknown as Stage['ledgers'];
    const outcome = await readCopies({ ...stage, ledgers });
    expect(asked).to.eql(
      ['web-0', 'web-1'].map((pod) => `${pod}.web-headless.ns.svc.cluster.local`),
    );
    expect(outcome).to.have.property('seen').that.has.length(2);
  });
});
