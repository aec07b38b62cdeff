import { expect } from 'chai';
import { podObject, setObject } from './objects.fixture.ts';
import type { KubeEvent, Pod, StatefulSet } from './objects.ts';
import { rolloutLacks } from './rollout.ts';
import { troublesOf, troubleWatch, type Trouble } from './troubles.ts';

function lacks(edit: (set: StatefulSet, pod: Pod) => void): string | undefined {
  const [set, pod] = [setObject(), podObject()];
  edit(set, pod);
  return rolloutLacks([set], [pod]);
}

describe('rolloutLacks', () => {
  it('is content with what is all there', () => {
    expect(lacks(() => {})).to.equal(undefined);
  });

  const cases: [string, (set: StatefulSet, pod: Pod) => void][] = [
    ['has not seen it', (set) => (set.status.observedGeneration = 1)],
    ['revision web-1 of web-2', (set) => (set.status.updateRevision = 'web-2')],
    ['0 of 1 replicas Ready', (set) => delete set.status.readyReplicas],
    ['web-0 does not exist', (_, pod) => (pod.metadata.name = 'web-9')],
    ['web-0 does not exist', (_, pod) => (pod.metadata.ownerReferences = [])],
    ['not Ready', (_, pod) => (pod.status.conditions = [])],
    ['Terminating', (_, pod) => (pod.metadata.deletionTimestamp = 'now')],
    ['another revision', (_, pod) => (pod.metadata.labels = {})],
  ];
  for (const [text, edit] of cases) {
    it(`says: ${text}`, () => {
      expect(lacks(edit)).to.contain(text);
    });
  }
});

function waiting(reason: string, restartCount = 0): Pod {
  const pod = podObject();
  pod.status.phase = 'Pending';
  pod.status.containerStatuses?.forEach((status) => {
    status.state = { waiting: { reason, message: 'because' } };
    status.restartCount = restartCount;
    status.lastState = { terminated: { exitCode: 7 } };
  });
  return pod;
}

describe('troublesOf', () => {
  const kinds = (pods: Pod[]) => troublesOf(pods, [], []).map((trouble) => trouble.kind);

  it('finds none in a pod that runs or only starts', () => {
    expect(kinds([podObject(), waiting('ContainerCreating'), waiting('PodInitializing')])).to.eql(
      [],
    );
  });

  it('names the image that can’t be had', () => {
    for (const reason of [
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImageNeverPull',
      'InvalidImageName',
    ]) {
      const [trouble] = troublesOf([waiting(reason)], [], []);
      expect(trouble).to.include({ kind: 'image', image: 'example/web:1', object: 'web-0' });
    }
  });

  it('takes a container that crashed often for one that never starts', () => {
    expect(kinds([waiting('CrashLoopBackOff', 1)])).to.eql([]);
    expect(kinds([waiting('CrashLoopBackOff', 3)])).to.eql(['crash']);
    expect(troublesOf([waiting('CrashLoopBackOff', 3)], [], [])[0]?.message).to.contain(
      'exit code 7',
    );
  });

  it('sees a configuration, a schedule and a claim that do not come', () => {
    expect(kinds([waiting('CreateContainerConfigError')])).to.eql(['config']);
    const pod = podObject();
    pod.status = {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no' },
      ],
    };
    expect(kinds([pod])).to.eql(['unschedulable']);
    const claim = {
      metadata: { name: 'data-web-0', uid: 'c', resourceVersion: '1' },
      spec: {},
      status: { phase: 'Pending' },
    };
    expect(troublesOf([pod], [claim], []).map((trouble) => trouble.kind)).to.include('claim');
  });

  it('sees pods that are refused', () => {
    const event: KubeEvent = {
      metadata: { name: 'e', uid: 'e', resourceVersion: '1' },
      involvedObject: { kind: 'StatefulSet', name: 'web' },
      reason: 'FailedCreate',
      message: 'pods "web-0" is forbidden: violates PodSecurity',
    };
    expect(troublesOf([], [], [event])[0]).to.include({
      kind: 'refused',
      object: 'StatefulSet/web',
    });
  });
});

describe('troubleWatch', () => {
  const trouble: Trouble = { kind: 'config', object: 'web-0', message: 'm', graceMs: 100 };

  it('counts a trouble only when it lasts', () => {
    const lasting = troubleWatch();
    expect(lasting([trouble], 0)).to.equal(undefined);
    expect(lasting([trouble], 99)).to.equal(undefined);
    expect(lasting([trouble], 100)).to.equal(trouble);
  });

  it('begins anew after it was gone', () => {
    const lasting = troubleWatch();
    lasting([trouble], 0);
    lasting([], 50);
    expect(lasting([trouble], 110)).to.equal(undefined);
  });

  it('knows no patience with what never mends itself', () => {
    expect(troubleWatch()([{ ...trouble, graceMs: 0 }], 0)).to.not.equal(undefined);
  });
});
