import { expect } from 'chai';
import { standingPods, touched, type StandingPod } from './bystanders.ts';
import { claimDifferences } from './identity-diff.ts';
import { belongsTo, expectedPods, ordinalOf, podRecord, setRecord } from './identity.ts';
import { podObject, setObject } from './objects.fixture.ts';

const claim = {
  metadata: { name: 'data-web-0', uid: 'claim-uid', resourceVersion: '1' },
  spec: { volumeName: 'pvc-1' },
  status: { phase: 'Bound' },
};
const volume = { metadata: { name: 'pvc-1', uid: 'volume-uid', resourceVersion: '1' }, spec: {} };

const answer = { hostname: 'web-0' };

describe('podRecord', () => {
  it('follows a pod to its claim and volume', () => {
    const record = podRecord(podObject(), setRecord(setObject()), [claim], [volume], answer);
    expect(record).to.include({ name: 'web-0', ordinal: 0, uid: 'pod-uid', hostname: 'web-0' });
    expect(record.controller).to.eql({ kind: 'StatefulSet', name: 'web', uid: 'set-uid' });
    expect(record.claims).to.eql([
      {
        template: 'data',
        claim: 'data-web-0',
        claimUid: 'claim-uid',
        volume: 'pvc-1',
        volumeUid: 'volume-uid',
      },
    ]);
  });

  it('takes no claim that the pod does not mount, and no other name for the template’s', () => {
    const pod = podObject();
    pod.spec.volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }];
    const shared = { ...claim, metadata: { ...claim.metadata, name: 'shared' } };
    expect(podRecord(pod, setRecord(setObject()), [claim, shared], [volume], answer).claims).to.eql(
      [],
    );
  });

  it('leaves a missing volume empty', () => {
    const [found] = podRecord(podObject(), setRecord(setObject()), [claim], [], answer).claims;
    expect(found).to.include({ volume: 'pvc-1', volumeUid: '' });
  });
});

describe('expectedPods', () => {
  it('honours the first ordinal', () => {
    const set = { ...setRecord(setObject(2)), start: 5 };
    expect(expectedPods(set).map((pod) => pod.name)).to.eql(['web-5', 'web-6']);
    expect(ordinalOf('a-b-12')).to.equal(12);
    expect(ordinalOf('web')).to.be.NaN;
  });
});

describe('belongsTo', () => {
  it('goes by the controller’s UID, not by names', () => {
    const set = setRecord(setObject());
    expect(belongsTo(podObject(), set)).to.equal(true);
    expect(belongsTo(podObject(), { ...set, uid: 'other' })).to.equal(false);
  });
});

describe('claimDifferences', () => {
  const before = { template: 'data', claim: 'c', claimUid: '1', volume: 'v', volumeUid: '2' };

  it('finds none between equals', () => {
    expect(claimDifferences([before], [{ ...before }])).to.eql([]);
  });

  for (const key of ['claim', 'claimUid', 'volume', 'volumeUid'] as const) {
    it(`finds another ${key}`, () => {
      const found = claimDifferences([before], [{ ...before, [key]: 'new' }]);
      expect(found).to.have.length(1);
      expect(found[0]).to.include({ before: before[key], after: 'new' });
    });
  }

  it('finds a lost and a new claim', () => {
    expect(claimDifferences([before], [])[0]).to.include({ after: 'no claim' });
    expect(claimDifferences([], [before])[0]).to.include({ before: 'no claim' });
  });
});

describe('standingPods', () => {
  it('are neither Holdfast’s own nor pods that end by themselves', () => {
    const done = podObject('done');
    done.status.phase = 'Succeeded';
    const job = podObject('job');
    job.spec.restartPolicy = 'OnFailure';
    const ours = podObject('holdfast-writer-1');
    ours.metadata.labels = { 'app.kubernetes.io/managed-by': 'holdfast' };
    const theirs = podObject('web-0');
    theirs.metadata.labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const found = standingPods([theirs, ours, done, job]);
    expect(found.map((pod) => pod.name)).to.eql(['web-0']);
    expect(found[0]).to.include({ uid: 'pod-uid', node: 'server-0', restarts: 0 });
    expect(found[0]?.containers).to.eql(['containerd://1']);
  });
});

describe('touched', () => {
  const pod: StandingPod = {
    name: 'web-1',
    uid: 'u',
    node: 'agent-1',
    restarts: 0,
    containers: ['c'],
  };

  it('sees a new UID, a restart, another container and an absence', () => {
    expect(touched(pod, [{ ...pod }])).to.equal(undefined);
    expect(touched(pod, [{ ...pod, uid: 'x' }])?.what).to.equal('UID');
    expect(touched(pod, [{ ...pod, restarts: 1 }])?.what).to.equal('restarts');
    expect(touched(pod, [{ ...pod, containers: ['d'] }])?.what).to.equal('containers');
    expect(touched(pod, [])?.after).to.equal('gone');
  });

  it('sees nothing in a container that has been started since', () => {
    expect(touched({ ...pod, containers: [] }, [pod])).to.equal(undefined);
    expect(touched(pod, [{ name: 'web-1', uid: 'u', restarts: 0 }])).to.equal(undefined);
  });
});
