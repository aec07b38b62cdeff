import { expect } from 'chai';
import { podObject } from './objects.fixture.ts';
import type { Pod } from './objects.ts';
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

describe('timeline', () => {
  it('tells each moment once, with its time since the beginning', () => {
    const line = timeline({ 'web-0': 'old' }, 1000);
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
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('MODIFIED', 10, 'old'));
    expect(line.recoveryMs('web-0')).to.equal(null);
    expect(line.state('web-0')).to.equal('not deleted');
  });

  it('is not recovered by a replacement that is ready and being deleted', () => {
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('ADDED', 10, 'new', terminating));
    expect(line.recoveryMs('web-0')).to.equal(null);
  });

  it('tells how far a pod came that never was Ready', () => {
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('DELETED', 5, 'old'));
    line.add(changed('ADDED', 10, 'new', scheduled));
    expect(line.state('web-0')).to.equal('scheduled on server-0');
  });

  it('tells a replacement that goes away', () => {
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('ADDED', 10, 'new', bare));
    line.add(changed('DELETED', 20, 'new', bare));
    expect(line.state('web-0')).to.equal('replacement gone');
  });

  it('is not recovered by a replacement that was Ready and is gone', () => {
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('ADDED', 10, 'new'));
    expect(line.recoveryMs('web-0')).to.equal(10);
    line.add(changed('DELETED', 20, 'new', terminating));
    expect(line.recoveryMs('web-0')).to.equal(null);
    line.add(changed('ADDED', 30, 'newer', bare));
    expect(line.recoveryMs('web-0')).to.equal(null);
    line.add(changed('MODIFIED', 40, 'newer'));
    expect(line.recoveryMs('web-0')).to.equal(40);
  });

  it('ties the recovery to the UID that is asked for', () => {
    const line = timeline({ 'web-0': 'old' }, 0);
    line.add(changed('ADDED', 10, 'new'));
    expect(line.recoveryMs('web-0', 'new')).to.equal(10);
    expect(line.recoveryMs('web-0', 'newer')).to.equal(null);
  });

  it('passes over pods that are no targets', () => {
    const line = timeline({ 'web-1': 'x' }, 0);
    expect(line.add(changed('ADDED', 10, 'new'))).to.eql([]);
  });
});
