import { expect } from 'chai';
import { selectKinds } from './kinds.ts';
import { planDisruptions, type Field, type Plan } from './plan.ts';

const three: Field = { sets: [['web-0', 'web-1', 'web-2']], agents: ['agent-1', 'agent-2'] };

function lines({ disruptions }: Plan): string[] {
  return disruptions.map(({ number, kind, pods }) => `${number} ${kind.id} ${pods.join(' ')}`);
}
function plan(ids: string[] | undefined, rounds: number, field: Field): Plan {
  return planDisruptions({ kinds: selectKinds(ids), rounds }, field);
}
function draw(count: number, seed: number, ids?: string[], field = three): Plan {
  return planDisruptions({ kinds: selectKinds(ids), rounds: 1, mixed: { count, seed } }, field);
}

describe('planDisruptions', () => {
  it('does every kind in a round: gracefully to each pod, else to the first and the last', () => {
    expect(lines(plan(undefined, 1, three))).to.eql([
      '1 graceful web-0',
      '2 graceful web-1',
      '3 graceful web-2',
      '4 force web-0',
      '5 force web-2',
      '6 evict web-0',
      '7 evict web-2',
      '8 kill web-0',
      '9 kill web-2',
      '10 all web-0 web-1 web-2',
      '11 node-stop web-0 web-1 web-2',
      '12 cut-off web-0 web-1 web-2',
      '13 restart web-0 web-1 web-2',
    ]);
    expect(plan(undefined, 1, three).notDone).to.eql([]);
  });

  it('takes the first and the last of each set', () => {
    const field = { ...three, sets: [['web-0', 'web-1', 'web-2'], ['db-0']] };
    expect(lines(plan(['force'], 1, field))).to.eql([
      '1 force web-0',
      '2 force web-2',
      '3 force db-0',
    ]);
  });

  it('does the chosen kinds in every round, in their own order', () => {
    const field = { ...three, sets: [['web-0', 'web-1']] };
    expect(lines(plan(['all', 'graceful'], 2, field))).to.eql([
      '1 graceful web-0',
      '2 graceful web-1',
      '3 all web-0 web-1',
      '4 graceful web-0',
      '5 graceful web-1',
      '6 all web-0 web-1',
    ]);
  });

  it('names what can not be done, and why', () => {
    const single = plan(undefined, 1, { sets: [['web-0']], agents: undefined });
    expect(lines(single)).to.eql(['1 graceful web-0', '2 force web-0', '3 evict web-0']);
    expect(single.notDone.map(({ kind }) => kind)).to.eql([
      'kill of PID 1',
      'all at once',
      'node stopped',
      'node cut off',
      'cluster restarted',
    ]);
    expect(single.notDone[0]?.reason).to.contain('out of reach');
    expect(single.notDone[1]?.reason).to.contain('a single pod');
    const alone = plan(['kill', 'node-stop', 'restart'], 1, { sets: [['web-0']], agents: [] });
    expect(lines(alone)).to.eql(['1 kill web-0', '2 restart web-0']);
    expect(alone.notDone).to.have.length(1);
    expect(alone.notDone[0]?.reason).to.contain('no node beside');
  });

  it('kills no container so often that the kubelet makes it wait for minutes', () => {
    const field = { ...three, sets: [['web-0']] };
    const often = plan(['kill'], 6, field);
    expect(lines(often)).to.have.length(4);
    expect(often.notDone).to.have.length(2);
    expect(often.notDone[0]).to.deep.include({ kind: 'kill of PID 1', targets: ['web-0'] });
    const fresh = plan(['graceful', 'kill'], 6, field);
    expect(lines(fresh), 'a pod that was replaced').to.have.length(12);
  });

  describe('drawn by a seed', () => {
    it('is the same for the same seed, and another for another', () => {
      expect(lines(draw(30, 7))).to.eql(lines(draw(30, 7)));
      expect(lines(draw(30, 7))).to.not.eql(lines(draw(30, 8)));
      expect(lines(draw(30, 7))).to.have.length(30);
    });

    it('stays what it is, so that a seed of an old report still means the same', () => {
      expect(lines(draw(4, 1))).to.eql([
        '1 all web-0 web-1 web-2',
        '2 kill web-2',
        '3 force web-2',
        '4 restart web-0 web-1 web-2',
      ]);
    });

    it('draws every kind and every pod in the end', () => {
      const { disruptions } = draw(300, 3);
      const drawn = new Set(disruptions.map(({ kind }) => kind.id));
      expect(drawn).to.have.keys(selectKinds(undefined).map(({ id }) => id));
      const single = disruptions.filter(({ kind }) => kind.aim === 'pod');
      expect(new Set(single.map(({ pods }) => pods.join(' ')))).to.have.keys(three.sets.flat());
      const nodes = disruptions.filter(({ kind }) => kind.aim === 'node');
      expect(new Set(nodes.map(({ pods }) => pods[0]))).to.have.keys(three.sets.flat());
      for (const { pods } of nodes) expect(pods).to.have.members(three.sets.flat());
    });

    it('draws among the chosen kinds that can be done', () => {
      const field = { ...three, agents: undefined };
      const { disruptions, notDone } = draw(50, 3, ['force', 'kill'], field);
      expect(new Set(disruptions.map(({ kind }) => kind.id))).to.have.keys('force');
      expect(notDone.map(({ kind }) => kind)).to.eql(['kill of PID 1']);
    });

    it('counts a node that was away before the first kill as one', () => {
      const field = { ...three, sets: [['web-0']] };
      const most = { kill: 0, restart: 0 };
      for (let seed = 0; seed < 20; seed += 1) {
        const drawn = draw(40, seed, ['kill', 'restart'], field).disruptions;
        const [first] = drawn;
        const killed = drawn.filter(({ kind }) => kind.id === 'kill').length;
        const key = first?.kind.id === 'kill' ? 'kill' : 'restart';
        most[key] = Math.max(most[key], killed);
      }
      expect(most).to.eql({ kill: 4, restart: 3 });
    });

    it('says so where fewer can be drawn than were wanted', () => {
      const { disruptions, notDone } = draw(50, 3, ['kill'], { ...three, sets: [['web-0']] });
      expect(disruptions).to.have.length(4);
      expect(notDone[0]?.kind).to.equal('46 of those to be drawn');
      const none = draw(50, 3, ['kill'], { ...three, agents: undefined });
      expect(none.disruptions).to.eql([]);
      expect(none.notDone).to.have.length(1);
    });
  });
});
