import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import type { RenderedObject } from '../observe/manifests.ts';
import { findService, hasAddress } from './find-service.ts';
import { scriptContainer, templateOf, type PodTemplate } from './pod-template.ts';

const labels = { app: 'db', role: 'member' };
const template: PodTemplate = {
  metadata: { labels },
  spec: {
    containers: [
      { name: 'db', ports: [{ name: 'sql', containerPort: 3306 }, { containerPort: 9 }] },
    ],
    initContainers: [{ name: 'init', image: 'other' }],
  },
};

function service(name: string, spec: Record<string, unknown>): RenderedObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

const headless = service('r-db-headless', {
  clusterIP: 'None',
  selector: labels,
  ports: [{ port: 3306, targetPort: 'sql' }],
});
const own = service('r-db', { selector: labels, ports: [{ port: 13306, targetPort: 'sql' }] });
const metrics = service('r-db-metrics', {
  selector: labels,
  ports: [{ port: 9104, targetPort: 'x' }],
});
const one = service('r-db-0', {
  selector: { ...labels, 'statefulset.kubernetes.io/pod-name': 'r-db-0' },
  ports: [{ port: 3306, targetPort: 'sql' }],
});
const outside = service('away', { type: 'ExternalName', ports: [{ port: 3306 }] });
const test: RenderedObject = {
  ...own,
  metadata: { name: 'r-test', annotations: { 'helm.sh/hook': 'test' } },
};
const all = [headless, own, metrics, one, outside, test];

describe('findService', () => {
  it('finds the one that has an address, selects the pods and leads to their port', () => {
    expect(findService(all, template, 3306)).to.eql({ service: 'r-db', port: 13_306 });
  });

  it('knows a port by its number too', () => {
    const plain = service('plain', { selector: { app: 'db' }, ports: [{ port: 3306 }] });
    expect(findService([headless, plain], template, 3306)).to.eql({ service: 'plain', port: 3306 });
  });

  it('takes the named one, with the release in front or not, or one that the chart does not render', () => {
    const named = (name: string) =>
      findService([...all, { ...own, metadata: { name: 'b' } }], template, 3306, name, 'r');
    expect(named('r-db')).to.eql({ service: 'r-db', port: 13_306 });
    expect(named('db')).to.eql({ service: 'r-db', port: 13_306 });
    expect(named('r-db-headless')).to.eql({ service: 'r-db-headless', port: 3306 });
    expect(named('elsewhere')).to.eql({ service: 'elsewhere', port: 3306 });
  });

  it('says which there are where none fits', () => {
    expect(() => findService([headless, metrics, one], template, 3306))
      .to.throw(HoldfastError)
      .that.includes({ kind: 'badInput', object: 'r-db-headless, r-db-metrics, r-db-0' });
  });

  it('does not choose between two', () => {
    const second = { ...own, metadata: { name: 'r-db-read' } };
    expect(() => findService([...all, second], template, 3306))
      .to.throw(HoldfastError)
      .that.includes({ kind: 'badInput', object: 'r-db, r-db-read' });
  });
});

describe('hasAddress', () => {
  it('is true of a rendered Service with an address of its own alone', () => {
    const names = ['r-db', 'r-db-headless', 'away', 'elsewhere'];
    expect(names.filter((name) => hasAddress(all, name))).to.eql(['r-db']);
  });
});

describe('templateOf and scriptContainer', () => {
  const set: RenderedObject = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'r-db' },
    spec: { template },
  };
  it('find the first, or the named', () => {
    expect(templateOf([own, set], ['r-db'], undefined)).to.equal(template);
    expect(() => templateOf([own, set], ['r-db'], 'other')).to.throw(HoldfastError);
    expect(scriptContainer(template).name).to.equal('db');
    expect(scriptContainer(template, 'init').image).to.equal('other');
    expect(() => scriptContainer(template, 'none')).to.throw(HoldfastError);
  });
});
