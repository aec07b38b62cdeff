import { expect } from 'chai';
import type { NotDone } from '@holdfast/core';
import type { ProofRecord } from '../observe/record.ts';
import { selectKinds } from './kinds.ts';
import { doPlanned, runRounds, type RoundsListener } from './rounds.ts';
import { memberPod, world, type World } from './world.fixture.ts';

function listener(told: string[]): RoundsListener {
  const line = ({ kind, reason, number }: NotDone) => `${number ?? 'plan'} ${kind}: ${reason}`;
  return {
    plan: (total) => told.push(`plan of ${total}`),
    planned: ({ number, kind }, targets) => {
      told.push(`${number} ${kind.id} ${targets.join(' ')}`);
    },
    moment: () => {},
    notDone: (entry) => told.push(line(entry)),
    done: ({ number }) => told.push(`done ${number}`),
  };
}

function emptyRecord(): ProofRecord {
  return {
    lint: [],
    rendered: { labels: [], services: [] },
    dryRun: [],
    install: [],
    enforced: true,
    marks: [],
    observations: [],
    disruptions: [],
    planned: 1,
    notDone: [],
    ledgers: [],
    acts: {},
    claims: 'required',
    limits: { recoveryMs: 1_000, dnsMs: 1_000 },
  };
}

/** Does one disruption; answers whether the next may follow, what is recorded, and what was told. */
async function one(there: World, id: string) {
  const [kind] = selectKinds([id]);
  if (!kind) throw new Error(id);
  const record = emptyRecord();
  const told: string[] = [];
  const planned = { number: 1, kind, pods: ['web-0'] };
  const goesOn = await doPlanned(there.scene, planned, record, listener(told), undefined);
  return { goesOn, record, told };
}

describe('doPlanned', () => {
  it('records what turns out not to be possible, and goes on', async () => {
    const there = world();
    for (const name of there.pods.keys()) there.pods.set(name, memberPod(name, name, 'server'));
    const { goesOn, record, told } = await one(there, 'node-stop');
    expect(goesOn).to.equal(true);
    expect(record.disruptions).to.eql([]);
    expect(record.notDone[0]).to.deep.include({ kind: 'node stopped', number: 1 });
    expect(told).to.have.length(1);
    expect(told[0]).to.contain('no pod of the sets');
    expect(there.done).to.eql([]);
  });

  it('ends the plan where the pods are not Ready for it', async () => {
    const there = world({ recoveryMs: 50 });
    there.pods.get('web-1')?.status.conditions?.splice(0);
    const { goesOn, record } = await one(there, 'graceful');
    expect(goesOn).to.equal(false);
    expect(record.stopped).to.contain('web-1 is Running, not Ready');
    expect(there.asked).to.eql([]);
  });

  it('ends the plan where a target is not back', async () => {
    const there = world({ recoveryMs: 50 });
    const { goesOn, record, told } = await one(there, 'graceful');
    expect(goesOn).to.equal(false);
    expect(record.disruptions).to.have.length(1);
    expect(record.disruptions[0]?.unsettled).to.equal('web-0 is Ready');
    expect(told).to.eql(['1 graceful web-0', 'done 1']);
  }).timeout(20_000);
});

describe('runRounds', () => {
  const failure = async (there: World, ids: string[]) => {
    const course = { kinds: selectKinds(ids), rounds: 1 };
    const rounds = runRounds(there.scene, course, emptyRecord(), listener([]));
    return rounds.then(
      () => expect.fail('nothing was thrown'),
      (error: unknown) => error,
    );
  };

  it('refuses a plan of which nothing can be done, with the reasons', async () => {
    const there = world();
    delete there.scene.control;
    const error = await failure(there, ['kill', 'restart']);
    expect(error).to.include({ kind: 'badInput', object: 'kill of PID 1, cluster restarted' });
    expect(error).to.have.property('hint').that.contains('kill of PID 1: the nodes are out of');
  });

  it('refuses sets without pods', async () => {
    const there = world();
    there.pods.clear();
    expect(await failure(there, ['graceful'])).to.include({ kind: 'badInput', object: 'web' });
  });
});
