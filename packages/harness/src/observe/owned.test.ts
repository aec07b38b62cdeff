import { expect } from 'chai';
import { podObject } from './objects.fixture.ts';
import { fresh, ownedPod, releasingLabel } from './owned.ts';

const claim = (name: string, uid: string) => ({
  metadata: { name, uid, resourceVersion: '1' },
  spec: {},
  status: {},
});

describe('ownedPod', () => {
  it('tells the controller, and the claims that the pod mounts', () => {
    const claims = [claim('data-web-0', 'claim-0'), claim('data-web-1', 'claim-1')];
    expect(ownedPod(podObject(), claims)).to.eql({
      name: 'web-0',
      uid: 'pod-uid',
      restarts: 0,
      containers: ['containerd://1'],
      controller: 'set-uid',
      claims: ['claim-0'],
    });
  });

  it('tells that there is no controller: an owner need not be one', () => {
    const pod = podObject();
    pod.metadata.ownerReferences = [{ kind: 'StatefulSet', name: 'web', uid: 'set-uid' }];
    expect(ownedPod(pod, []).controller).to.equal(undefined);
  });
});

describe('fresh', () => {
  it('leaves out what only the API server says', () => {
    const given = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web', namespace: 'ns', labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: { replicas: 3 },
    };
    const said = {
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: 'then',
      managedFields: [{}],
    };
    const object = { ...given, metadata: { ...given.metadata, ...said }, status: { replicas: 3 } };
    expect(fresh(object)).to.eql(given);
  });
});

describe('releasingLabel', () => {
  it('is one that the selector has, with another value', () => {
    const labels = { 'app.kubernetes.io/instance': 'a', 'app.kubernetes.io/name': 'web' };
    expect(releasingLabel(labels)).to.eql(['app.kubernetes.io/name', 'holdfast-released']);
    expect(releasingLabel({ tier: 'db' })).to.eql(['tier', 'holdfast-released']);
  });

  it('is not that of the pod’s own name, by which its volume may be known', () => {
    expect(releasingLabel({ 'statefulset.kubernetes.io/pod-name': 'web-0' })).to.equal(undefined);
    expect(releasingLabel({})).to.equal(undefined);
  });
});
