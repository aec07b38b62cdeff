import { expect } from 'chai';
import { goodRecord } from '../checks/record.fixture.ts';
import { actNames, type ActName } from '../observe/acts.ts';
import { runActs } from './run-acts.ts';
import { world } from './world.fixture.ts';

async function done({ stage }: ReturnType<typeof world>, names: readonly ActName[]) {
  const record = { ...goodRecord(), acts: {} };
  const titles: string[] = [];
  await runActs(stage, new Set(names), record, async (title, work) => {
    titles.push(title);
    await work();
  });
  return { acts: record.acts, titles };
}

describe('runActs', () => {
  it('does what is needed and nothing else', async () => {
    const { acts, titles } = await done(world(), ['upgrade', 'orphan']);
    expect(Object.keys(acts)).to.eql(['upgrade', 'orphan']);
    expect(titles).to.eql(['upgrade with the same values', 'orphaned pods']);
  });

  it('leaves a release alone that is not Ready, and says so for every act', async () => {
    const broken = world();
    broken.state.pods.pop();
    const { acts, titles } = await done(broken, actNames);
    expect(Object.keys(acts).sort()).to.eql([
      ...['control', 'copies', 'external', 'fullDisk', 'orphan', 'reinstall', 'uninstall'],
      'upgrade',
    ]);
    expect(titles).to.eql(['without persistence', 'full volume']);
    for (const outcome of Object.values(acts)) expect(outcome).to.include({ state: 'skipped' });
    expect(acts).to.have.nested.property('upgrade.reason').that.contains('web-1 does not exist');
    expect(broken.asked.filter((line) => !line.startsWith('GET'))).to.eql([]);
  });
});
