import { expect } from 'chai';
import { helmChecks } from '../checks/helm.ts';
import { goodRecord } from '../checks/record.fixture.ts';
import type { Outcome, UpgradeRecord } from '../observe/acts.ts';
import { upgradeAsIs } from './upgrade.ts';
import { world } from './world.fixture.ts';

function conclude(outcome: Outcome<UpgradeRecord>) {
  const record = { ...goodRecord(), acts: { upgrade: outcome } };
  return helmChecks.find(({ id }) => id === 'H2')?.conclude(record);
}

describe('upgradeAsIs', () => {
  it('upgrades twice and sees that nothing changed', async () => {
    const { stage, asked } = world();
    const outcome = await upgradeAsIs(stage);
    expect(asked.filter((line) => line === 'helm upgrade')).to.have.length(2);
    expect(conclude(outcome)).to.include({ verdict: 'passed' });
    expect(conclude(outcome)?.summary).to.equal('2 upgrades, 2 pods untouched');
  });

  it('sees a template that is another each time, though no pod was replaced yet', async () => {
    let upgrades = 0;
    const place = world({}, () => {
      upgrades += 1;
      const template = { metadata: { annotations: { random: `${upgrades}` } } };
      place.changeSet((set) => ({ ...set, spec: { ...set.spec, template } }));
      return {};
    });
    const conclusion = conclude(await upgradeAsIs(place.stage));
    expect(conclusion?.verdict).to.equal('failed');
    expect(conclusion?.summary).to.contain('template of StatefulSet/web, upgrade 1');
    const failed = conclusion?.evidence.filter(({ ok }) => !ok).map(({ object }) => object);
    expect(failed).to.have.length(2);
  });

  it('sees pods that an upgrade replaces, and those that don’t come back', async () => {
    const replacing = world({}, () => {
      for (const pod of replacing.state.pods) pod.metadata.uid += 'x';
      return {};
    });
    expect(conclude(await upgradeAsIs(replacing.stage))?.summary).to.contain('UID pod-1x');
    const losing = world({}, () => {
      losing.state.pods.pop();
      return {};
    });
    const conclusion = conclude(await upgradeAsIs(losing.stage));
    expect(conclusion?.summary).to.contain('web-1 does not exist');
  });

  it('stops with what Helm says', async () => {
    const { stage } = world({}, () => ({ exitCode: 1, stderr: 'Error: immutable\n' }));
    const outcome = await upgradeAsIs(stage);
    expect(outcome).to.eql({ state: 'stopped', reason: 'helm upgrade: immutable' });
  });
});
