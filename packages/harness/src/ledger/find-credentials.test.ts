import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { findCredentials, secretNames } from './find-credentials.ts';
import type { PodTemplate } from './pod-template.ts';

const template: PodTemplate = {
  spec: {
    containers: [
      {
        name: 'app',
        env: [{ valueFrom: { secretKeyRef: { name: 'from-env', key: 'token' } } }, {}],
        envFrom: [{ secretRef: { name: 'all-env' } }, {}],
      },
    ],
    initContainers: [
      { name: 'init', env: [{ valueFrom: { secretKeyRef: { name: 'from-init', key: 'seed' } } }] },
    ],
    volumes: [
      { secret: { secretName: 'whole' } },
      { secret: { secretName: 'chosen', items: [{ key: 'authority.pem', path: 'ca.crt' }] } },
      {
        projected: {
          sources: [{ secret: { name: 'projected', items: [{ key: 'p', path: 'p' }] } }, {}],
        },
      },
      {},
    ],
  },
};
const existing = new Map([
  ['whole', ['password', 'p']],
  ['chosen', ['authority.pem', 'hidden']],
  ['projected', ['p', 'q']],
  ['from-env', ['token', 'other']],
  ['all-env', ['user', 'token']],
  ['from-init', ['seed']],
]);
const find = (key: string, optional = false) =>
  findCredentials({ file: { key, optional } }, template, existing);

describe('findCredentials', () => {
  const cases: [string, string, string][] = [
    ['password', 'whole', 'password'],
    ['ca.crt', 'chosen', 'authority.pem'],
    ['authority.pem', 'chosen', 'authority.pem'],
    ['token', 'from-env', 'token'],
    ['user', 'all-env', 'user'],
    ['seed', 'from-init', 'seed'],
    // The first of several, in the order of the volumes.
    ['p', 'whole', 'p'],
  ];
  for (const [wanted, secret, key] of cases) {
    it(`finds ${wanted} in ${secret}`, () => {
      expect(find(wanted)).to.eql([{ file: 'file', secret, key }]);
    });
  }

  for (const key of ['hidden', 'q', 'other', 'absent']) {
    it(`does not find ${key}, which the pods do not see`, () => {
      expect(find(key, true)).to.eql([]);
      expect(() => find(key))
        .to.throw(HoldfastError)
        .that.includes({ kind: 'badInput', object: 'credential file' });
    });
  }

  it('takes no key of a Secret that is not there', () => {
    const none = findCredentials({ f: { key: 'password', optional: true } }, template, new Map());
    expect(none).to.eql([]);
  });

  it('takes what is given from where it is named, and from nowhere else', () => {
    const given = [{ file: 'file', secret: 'mine', key: 'k' }];
    const wanted = { file: { key: 'password', optional: true } };
    const there = new Map([...existing, ['mine', ['k']]]);
    expect(findCredentials(wanted, template, there, given)).to.eql(given);
    for (const without of [existing, new Map([...existing, ['mine', ['other']]])]) {
      expect(() => findCredentials(wanted, template, without, given))
        .to.throw(HoldfastError, 'no Secret mine with the key k')
        .that.includes({ kind: 'badInput', object: 'credential file' });
    }
  });

  it('names each Secret that the pods use once', () => {
    expect(secretNames(template)).to.eql([...existing.keys()].sort((a, b) => order(a) - order(b)));
  });
});

function order(name: string): number {
  return ['whole', 'chosen', 'projected', 'from-env', 'all-env', 'from-init'].indexOf(name);
}
