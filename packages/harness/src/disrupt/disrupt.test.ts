import { expect } from 'chai';
import { clientPodName } from '../kube/client-pod.ts';
import { podObject } from '../observe/objects.fixture.ts';
import { witnesses } from './disrupt.ts';

describe('witnesses', () => {
  it('are the pods of the release, and not Holdfast’s own', () => {
    const found = witnesses([podObject('web-0'), podObject(clientPodName)]);
    expect(found.map(({ name }) => name)).to.eql(['web-0']);
  });
});
