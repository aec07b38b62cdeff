import { expect } from 'chai';
import { podObject } from './objects.fixture.ts';
import type { Pod } from './objects.ts';
import { targetState, type Aim } from './target.ts';
import { timeline, type PodChange } from './timeline.ts';

function changed(
  type: PodChange['type'],
  atMs: number,
  uid: string,
  edit: (pod: Pod) => void = () => {},
) {
  const object = podObject('web-0', uid);
  edit(object);
  return { type, atMs, object };
}
const bare = (pod: Pod) => {
  pod.status = { phase: 'Pending' };
};
const scheduled = (pod: Pod) => {
  pod.status = { conditions: [{ type: 'PodScheduled', status: 'True' }] };
};
const notReady = (pod: Pod) => {
  pod.status.conditions = [{ type: 'PodScheduled', status: 'True' }];
};
const terminating = (pod: Pod) => {
  pod.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
};

const old = targetState(podObject('web-0', 'old'));
const replaced: Aim = { fate: 'replaced', before: old };

/** The container of the pod in another run, or on its way to it. */
function run(id: string, restarts: number, up: boolean): (pod: Pod) => void {
  return (pod) => {
    pod.status.conditions = [{ type: 'Ready', status: up ? 'True' : 'False' }];
    for (const status of pod.status.containerStatuses ?? []) {
      Object.assign(status, { containerID: id, restartCount: restarts, ready: up });
    }
  };
}
const ended = (pod: Pod) => {
  run('containerd://1', 0, false)(pod);
  for (const status of pod.status.containerStatuses ?? []) {
    status.state = { terminated: { exitCode: 137 } };
  }
};

describe('timeline', () => {
  it('tells each moment once, with its time since the beginning', () => {
    const line = timeline({ 'web-0': replaced }, 1000);
    const changes = [
      changed('MODIFIED', 1010, 'old', terminating),
      changed('MODIFIED', 1020, 'old', terminating),
      changed('DELETED', 1500, 'old', terminating),
      changed('ADDED', 1510, 'new', bare),
      changed('MODIFIED', 1520, 'new', scheduled),
      changed('MODIFIED', 1900, 'new', notReady),
      changed('MODIFIED', 2000.4, 'new'),
      changed('MODIFIED', 2500, 'new'),
    ];
    changes.forEach((change) => line.add(change));
    expect(line.moments.map((moment) => `${moment.ms} ${moment.event}`)).to.eql([
      '10 terminating',
      '500 gone',
      '510 created with a new UID',
      '520 scheduled on server-0',
      '900 containers started',
      '1000 Ready',
    ]);
    expect(line.recoveryMs('web-0')).to.equal(1000);
  });

  it('is not recovered by the old pod, however ready it is', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('MODIFIED', 10, 'old'));
    expect(line.recoveryMs('web-0')).to.equal(null);
    expect(line.state('web-0')).to.equal('untouched');
  });

  it('is not recovered by a replacement that is ready and being deleted', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('ADDED', 10, 'new', terminating));
    expect(line.recoveryMs('web-0')).to.equal(null);
  });

  it('tells how far a pod came that never was Ready', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('DELETED', 5, 'old'));
    line.add(changed('ADDED', 10, 'new', scheduled));
    expect(line.state('web-0')).to.equal('scheduled on server-0');
  });

  it('tells a replacement that goes away', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('ADDED', 10, 'new', bare));
    line.add(changed('DELETED', 20, 'new', bare));
    expect(line.state('web-0')).to.equal('replacement gone');
  });

  it('is not recovered by a replacement that was Ready and is gone', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('ADDED', 10, 'new'));
    expect(line.recoveryMs('web-0')).to.equal(10);
    line.add(changed('DELETED', 20, 'new', terminating));
    expect(line.recoveryMs('web-0')).to.equal(null);
    line.add(changed('ADDED', 30, 'newer', bare));
    expect(line.recoveryMs('web-0')).to.equal(null);
    line.add(changed('MODIFIED', 40, 'newer'));
    expect(line.recoveryMs('web-0')).to.equal(40);
  });

  it('ties the recovery to the pod and the run that are asked for', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('ADDED', 10, 'new'));
    expect(line.recoveryMs('web-0', 'new containerd://1')).to.equal(10);
    expect(line.recoveryMs('web-0', 'new containerd://2')).to.equal(null);
    expect(line.recoveryMs('web-0', 'newer containerd://1')).to.equal(null);
  });

  it('passes over pods that are no targets', () => {
    const line = timeline({ 'web-1': replaced }, 0);
    expect(line.add(changed('ADDED', 10, 'new'))).to.eql([]);
  });

  it('tells a replacement that loses its readiness, and counts from the last time', () => {
    const line = timeline({ 'web-0': replaced }, 0);
    line.add(changed('ADDED', 10, 'new'));
    line.add(changed('MODIFIED', 20, 'new', notReady));
    expect(line.recoveryMs('web-0')).to.equal(null);
    line.add(changed('MODIFIED', 30, 'new'));
    expect(line.recoveryMs('web-0')).to.equal(30);
    expect(line.moments.map(({ event }) => event).slice(-3)).to.eql([
      'Ready',
      'not Ready',
      'Ready',
    ]);
  });

  describe('of a pod that is restarted', () => {
    const restarted: Aim = { fate: 'restarted', before: old, hit: 'web' };

    it('tells the end of its container, the start and the readiness', () => {
      const line = timeline({ 'web-0': restarted }, 0);
      line.tell('web-0', 'SIGKILL sent', 5);
      line.add(changed('MODIFIED', 10, 'old'));
      line.add(changed('MODIFIED', 20, 'old', ended));
      line.add(changed('MODIFIED', 30, 'old', run('containerd://2', 1, false)));
      expect(line.recoveryMs('web-0')).to.equal(null);
      line.add(changed('MODIFIED', 40, 'old', run('containerd://2', 1, true)));
      expect(line.moments.map((moment) => `${moment.ms} ${moment.event}`)).to.eql([
        '5 SIGKILL sent',
        '20 container ended',
        '20 not Ready',
        '30 container started',
        '40 Ready',
      ]);
      expect(line.recoveryMs('web-0', 'old containerd://2')).to.equal(40);
    });

    it('is not recovered by the status of before, however often it comes', () => {
      const line = timeline({ 'web-0': restarted }, 0);
      line.add(changed('ADDED', 10, 'old'));
      line.add(changed('MODIFIED', 20, 'old'));
      expect(line.recoveryMs('web-0')).to.equal(null);
    });

    it('counts from the last run where it is started more than once', () => {
      const line = timeline({ 'web-0': restarted }, 0);
      line.add(changed('MODIFIED', 10, 'old', run('containerd://2', 1, true)));
      line.add(changed('MODIFIED', 50, 'old', run('containerd://3', 2, true)));
      expect(line.recoveryMs('web-0')).to.equal(50);
      expect(line.recoveryMs('web-0', 'old containerd://2')).to.equal(null);
    });

    it('is not recovered by a pod that takes its place, and tells that one', () => {
      const line = timeline({ 'web-0': restarted }, 0);
      line.add(changed('DELETED', 10, 'old'));
      line.add(changed('ADDED', 20, 'new'));
      expect(line.recoveryMs('web-0')).to.equal(null);
      expect(line.moments.map(({ event }) => event)).to.include.members([
        'gone',
        'created with a new UID',
      ]);
    });
  });

  describe('of a pod that is kept', () => {
    const kept: Aim = { fate: 'kept', before: old };

    it('is recovered when its node reports again, and not before', () => {
      const line = timeline({ 'web-0': kept }, 100);
      line.add(changed('ADDED', 110, 'old'));
      expect(line.recoveryMs('web-0')).to.equal(null);
      line.reported(['web-0'], 20_100);
      expect(line.recoveryMs('web-0')).to.equal(20_000);
    });

    it('is recovered though the watch tells nothing of it, since nothing changed', () => {
      const line = timeline({ 'web-0': kept }, 0);
      line.reported(['web-0'], 20_000);
      expect(line.recoveryMs('web-0', 'old containerd://1')).to.equal(20_000);
    });

    it('is recovered when it is Ready, where that comes later', () => {
      const line = timeline({ 'web-0': kept }, 0);
      line.add(changed('ADDED', 10, 'old'));
      line.reported(['web-0'], 20_000);
      line.add(changed('MODIFIED', 21_000, 'old', ended));
      expect(line.recoveryMs('web-0')).to.equal(null);
      line.add(changed('MODIFIED', 25_000, 'old', run('containerd://2', 1, true)));
      expect(line.recoveryMs('web-0')).to.equal(25_000);
    });
  });
});
