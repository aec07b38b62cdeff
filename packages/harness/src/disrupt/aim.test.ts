import { expect } from 'chai';
import { aimAt, type Aimed } from './aim.ts';
import { selectKinds } from './kinds.ts';
import { memberPod, world } from './world.fixture.ts';

const { control } = world().scene;
const members = [
  memberPod('web-0', 'u0', 'server'),
  memberPod('web-1', 'u1', 'agent-2'),
  memberPod('web-2', 'u2', 'agent-1'),
  memberPod('web-3', 'u3', 'agent-2'),
];

function aim(id: string, pods: string[], there = members): Aimed | string {
  const [kind] = selectKinds([id]);
  if (!kind) throw new Error(id);
  return aimAt({ number: 1, kind, pods }, there, control);
}

describe('aimAt', () => {
  it('aims at the pods of the plan where a kind takes pods', () => {
    expect(aim('kill', ['web-1'])).to.eql({ targets: ['web-1'], nodes: [] });
    expect(aim('all', ['web-0', 'web-1'])).to.eql({ targets: ['web-0', 'web-1'], nodes: [] });
  });

  it('takes the node of the first pod that is beside the control plane, with all that is there', () => {
    const all = ['web-0', 'web-1', 'web-2', 'web-3'];
    expect(aim('node-stop', all)).to.eql({ targets: ['web-1', 'web-3'], nodes: ['agent-2'] });
    expect(aim('cut-off', ['web-2', 'web-1'])).to.eql({ targets: ['web-2'], nodes: ['agent-1'] });
  });

  it('says so where no pod is on such a node', () => {
    expect(aim('node-stop', ['web-0'], members.slice(0, 1))).to.contain('no pod');
  });

  it('takes all pods and all nodes where the cluster is restarted', () => {
    expect(aim('restart', [])).to.eql({
      targets: ['web-0', 'web-1', 'web-2', 'web-3'],
      nodes: ['server', 'agent-1', 'agent-2'],
    });
  });
});
