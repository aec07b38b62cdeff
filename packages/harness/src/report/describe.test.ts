import { expect } from 'chai';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import type { KubeEvent } from '../observe/objects.ts';
import { describeObjects } from './describe.ts';

function event(uid: string, lastTimestamp: string, message: string, count = 1): KubeEvent {
  return {
    metadata: { name: 'e', uid: 'e', resourceVersion: '1' },
    involvedObject: { kind: 'Pod', name: 'web-0', uid },
    type: 'Warning',
    reason: 'BackOff',
    message,
    count,
    lastTimestamp,
  };
}

describe('describeObjects', () => {
  it('tells of each object how it is, why, and what was said of it, the oldest first', () => {
    const pod = podObject('web-0', 'u0');
    pod.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
    pod.status.conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'web is not ready' },
    ];
    pod.status.initContainerStatuses = [
      {
        name: 'init',
        image: '',
        imageID: '',
        ready: true,
        restartCount: 0,
        state: { terminated: { exitCode: 0, reason: 'Completed' } },
      },
    ];
    for (const status of pod.status.containerStatuses ?? []) {
      Object.assign(status, {
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode: 137, reason: 'Error' } },
      });
    }
    const claim = {
      metadata: { name: 'data-web-0', uid: 'c0', resourceVersion: '1' },
      spec: { volumeName: 'pvc-1' },
      status: { phase: 'Bound' },
    };
    const text = describeObjects({
      sets: [setObject(1)],
      pods: [pod],
      claims: [claim],
      events: [
        event('u0', '2026-01-01T00:00:09Z', 'Back-off\n', 4),
        event('u0', '2026-01-01T00:00:02Z', 'Pulled'),
        event('another', '2026-01-01T00:00:03Z', 'nothing of these'),
      ],
    });
    expect(text.split('\n')).to.eql([
      'StatefulSet web: 1 of 1 Ready',
      '  revision web-1, wanted web-1',
      '',
      'Pod web-0: CrashLoopBackOff, not Ready',
      '  UID u0, on server-0, address 10.42.0.7',
      '  created 2026-01-01T00:00:00Z',
      '  PodScheduled True',
      '  Ready False, ContainersNotReady, web is not ready',
      '  init container init: ended with 0, Completed, ready, 0 restarts',
      '  container web: waiting, CrashLoopBackOff, back-off 40s, not ready, 3 restarts; before: ended with 137, Error',
      '  2026-01-01T00:00:02Z Warning BackOff: Pulled',
      '  2026-01-01T00:00:09Z Warning BackOff (4 times): Back-off',
      '',
      'PersistentVolumeClaim data-web-0: Bound',
      '  UID c0, volume pvc-1',
      '',
    ]);
  });
});
