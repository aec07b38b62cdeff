import { expect } from 'chai';
import { podLives } from './lives.ts';
import { podObject } from './objects.fixture.ts';
import type { Pod } from './objects.ts';
import type { PodChange } from './timeline.ts';

function changed(
  type: PodChange['type'],
  atMs: number,
  uid: string,
  edit: (pod: Pod) => void = () => {},
): PodChange {
  const object = podObject('web-0', uid);
  edit(object);
  return { type, atMs, object };
}
const notReady = (pod: Pod) => {
  pod.status.conditions = [{ type: 'Ready', status: 'False' }];
};
const terminating = (pod: Pod) => {
  pod.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
};

describe('the lives of pods', () => {
  it('of a pod that is replaced are two, each Ready for a time of its own', () => {
    const lives = podLives([podObject('web-0', 'old')], 1_000);
    lives.add(changed('MODIFIED', 1_010, 'old', terminating));
    lives.add(changed('DELETED', 1_500, 'old', terminating));
    lives.add(changed('ADDED', 1_510.4, 'new', notReady));
    lives.add(changed('MODIFIED', 2_900, 'new'));
    lives.add(changed('MODIFIED', 3_000, 'new'));
    expect(lives.until(3_500)).to.eql([
      { pod: 'web-0', uid: 'old', createdMs: null, goneMs: 500, ready: [{ fromMs: 0, toMs: 10 }] },
      {
        pod: 'web-0',
        uid: 'new',
        createdMs: 510,
        goneMs: null,
        ready: [{ fromMs: 1_900, toMs: 2_500 }],
      },
    ]);
  });

  it('of a pod that stays is one, with a pause where it was not Ready', () => {
    const lives = podLives([podObject('web-0', 'same')], 0);
    lives.add(changed('ADDED', 5, 'same'));
    lives.add(changed('MODIFIED', 100, 'same', notReady));
    lives.add(changed('MODIFIED', 700, 'same'));
    expect(lives.until(900)[0]).to.deep.include({
      createdMs: null,
      goneMs: null,
      ready: [
        { fromMs: 0, toMs: 100 },
        { fromMs: 700, toMs: 900 },
      ],
    });
  });

  it('are in the order of ordinals, and leave out Holdfast’s own pods and those that end', () => {
    const own = podObject('holdfast-client', 'own');
    own.metadata.labels = { 'app.kubernetes.io/managed-by': 'holdfast' };
    const job = podObject('job-x', 'job');
    job.spec.restartPolicy = 'Never';
    const pods = [own, job, podObject('web-10', 'c'), podObject('web-2', 'b')];
    const lives = podLives(pods, 0);
    lives.add({ type: 'ADDED', object: own, atMs: 1 });
    expect(lives.until(10).map(({ pod }) => pod)).to.eql(['web-2', 'web-10']);
  });

  it('know nothing of a pod that was gone before', () => {
    const lives = podLives([], 0);
    lives.add(changed('DELETED', 5, 'old', terminating));
    expect(lives.until(10)).to.eql([]);
  });
});
