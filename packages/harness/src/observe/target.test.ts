import { expect } from 'chai';
import { podObject } from './objects.fixture.ts';
import type { Pod } from './objects.ts';
import {
  incarnation,
  isBack,
  mainContainer,
  momentsBetween,
  restartsSince,
  targetState,
  type ContainerNow,
  type TargetState,
} from './target.ts';

const container = (name: string, id: string, restarts: number): ContainerNow => ({
  name,
  id,
  restarts,
  running: true,
  ready: true,
});
function state(edit: (state: TargetState) => void = () => {}): TargetState {
  const made: TargetState = {
    uid: 'u',
    node: 'agent-1',
    ready: true,
    containers: [container('web', 'c1', 2), container('metrics', 'm1', 0)],
  };
  edit(made);
  return made;
}
function edited(name: string, change: Partial<ContainerNow>): (state: TargetState) => void {
  return (made) => {
    made.containers = made.containers.map((c) => (c.name === name ? { ...c, ...change } : c));
  };
}
const webAnew = { id: 'c2', restarts: 3 };

describe('isBack', () => {
  const before = state();
  const restarted = state(edited('web', webAnew));

  it('takes another UID for a replacement, once all of it is Ready', () => {
    const aim = { fate: 'replaced', before } as const;
    expect(
      isBack(
        aim,
        state((s) => (s.uid = 'v')),
      ),
    ).to.equal(true);
    expect(isBack(aim, before)).to.equal(false);
    expect(
      isBack(
        aim,
        state((s) => Object.assign(s, { uid: 'v', ready: false })),
      ),
    ).to.equal(false);
  });

  it('takes a killed container for back that runs anew, and looks at no other', () => {
    const aim = { fate: 'restarted', before, hit: 'web' } as const;
    expect(isBack(aim, restarted)).to.equal(true);
    expect(isBack(aim, before), 'the status of before').to.equal(false);
    expect(isBack(aim, state(edited('metrics', { id: 'm2', restarts: 1 })))).to.equal(false);
    expect(isBack(aim, { ...restarted, uid: 'v' }), 'another pod').to.equal(false);
  });

  it('takes no container for back that is not running, or not ready, though the pod says Ready', () => {
    const aim = { fate: 'restarted', before, hit: 'web' } as const;
    expect(isBack(aim, state(edited('web', { ...webAnew, running: false })))).to.equal(false);
    expect(isBack(aim, state(edited('web', { ...webAnew, ready: false })))).to.equal(false);
    expect(isBack(aim, { ...restarted, ready: false })).to.equal(false);
  });

  it('does not take a higher count for a restart while the container is that of before', () => {
    const aim = { fate: 'restarted', before, hit: 'web' } as const;
    expect(isBack(aim, state(edited('web', { restarts: 3 })))).to.equal(false);
    expect(isBack(aim, state(edited('web', { id: 'c2' })))).to.equal(false);
  });

  it('wants every container anew after a node was away', () => {
    const aim = { fate: 'restarted', before } as const;
    expect(isBack(aim, restarted)).to.equal(false);
    const all = state((s) => {
      edited('web', webAnew)(s);
      edited('metrics', { id: 'm2', restarts: 1 })(s);
    });
    expect(isBack(aim, all)).to.equal(true);
  });

  it('wants only the same pod, Ready, of one that is kept', () => {
    const aim = { fate: 'kept', before } as const;
    expect(isBack(aim, before)).to.equal(true);
    expect(isBack(aim, restarted)).to.equal(true);
    expect(isBack(aim, { ...before, uid: 'v' })).to.equal(false);
  });
});

describe('momentsBetween', () => {
  it('tells the end, the start and the readiness of containers', () => {
    const ended = state((s) => {
      edited('web', { running: false, ready: false })(s);
      s.ready = false;
    });
    const started = state((s) => {
      edited('web', { ...webAnew, ready: false })(s);
      s.ready = false;
    });
    const ready = state(edited('web', webAnew));
    expect(momentsBetween(state(), ended)).to.eql(['container web ended', 'not Ready']);
    expect(momentsBetween(ended, started)).to.eql(['container web started']);
    expect(momentsBetween(started, ready)).to.eql(['Ready']);
    expect(momentsBetween(ready, ready)).to.eql([]);
  });

  it('tells all of it where one change holds it all', () => {
    expect(momentsBetween(state(), state(edited('web', webAnew)))).to.eql([
      'container web ended',
      'container web started',
      'Ready',
    ]);
  });

  it('names a container only where there are several', () => {
    const single = state((s) => (s.containers = [container('web', 'c1', 0)]));
    const ended = state((s) => {
      s.containers = [{ ...container('web', 'c1', 0), running: false }];
      s.ready = false;
    });
    expect(momentsBetween(single, ended)).to.eql(['container ended', 'not Ready']);
  });
});

describe('targetState', () => {
  it('reads a pod, and tells its runs apart', () => {
    const pod = podObject();
    const now = targetState(pod);
    expect(now).to.deep.include({ uid: 'pod-uid', node: 'server-0', ready: true });
    expect(now.containers[0]).to.eql({ ...container('web', 'containerd://1', 0) });
    expect(incarnation(now)).to.equal('pod-uid containerd://1');
    expect(incarnation(state())).to.not.equal(incarnation(state(edited('web', { id: 'c2' }))));
  });

  it('counts restarts of a container, and none of one that is gone', () => {
    expect(restartsSince(container('web', 'c1', 1), state())).to.equal(1);
    expect(restartsSince(container('gone', 'g', 1), state())).to.be.NaN;
  });
});

describe('mainContainer', () => {
  const pod = (annotation?: string): Pod => {
    const made = podObject();
    made.spec.containers.push({ name: 'metrics', image: 'm' });
    if (annotation !== undefined) {
      made.metadata.annotations = { 'kubectl.kubernetes.io/default-container': annotation };
    }
    return made;
  };

  it('is the one that an annotation names, or the first', () => {
    expect(mainContainer(pod())).to.equal('web');
    expect(mainContainer(pod('metrics'))).to.equal('metrics');
    expect(mainContainer(pod('absent'))).to.equal('web');
  });
});
