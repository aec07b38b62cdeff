import { expect } from 'chai';
import { firstClaim } from './first-claim.ts';

const set = (spec: object, kind = 'StatefulSet') => [
  { apiVersion: 'apps/v1', kind, metadata: { name: 'web' }, spec },
];
const template = (spec: object) => ({ metadata: { name: 'data' }, spec });
const resources = { requests: { storage: '8Gi' } };

describe('firstClaim', () => {
  it('is that of the first template and the first ordinal', () => {
    const volumeClaimTemplates = [
      template({ resources, accessModes: ['ReadWriteOncePod'], storageClassName: '' }),
      { metadata: { name: 'log' }, spec: { resources } },
    ];
    const spec = { replicas: 3, ordinals: { start: 5 }, volumeClaimTemplates };
    expect(firstClaim([...set({}, 'Deployment'), ...set({}), ...set(spec)])).to.eql({
      set: 'web',
      pod: 'web-5',
      claim: 'data-web-5',
      replicas: 3,
      mountPath: undefined,
      claims: 2,
      size: '8Gi',
      accessModes: ['ReadWriteOncePod'],
      storageClass: '',
    });
  });

  it('has the default class where the template names none', () => {
    const claim = firstClaim(set({ volumeClaimTemplates: [template({ resources })] }));
    expect(claim).to.include({ pod: 'web-0', replicas: 1, storageClass: undefined });
  });

  it('is that of the driver’s StatefulSet and folder', () => {
    const volumeClaimTemplates = ['log', 'data'].map((name) => ({
      metadata: { name },
      spec: { resources },
    }));
    const volumeMounts = [
      { name: 'log', mountPath: '/data-log' },
      { name: 'data', mountPath: '/data' },
    ];
    const template = { spec: { containers: [{ volumeMounts }] } };
    const [web] = set({ volumeClaimTemplates, template });
    if (!web) return expect.fail('no set');
    const objects = [{ ...web, metadata: { name: 'other' } }, web];
    const found = firstClaim(objects, { set: 'web', path: '/data/files' });
    expect(found).to.include({ claim: 'data-web-0', mountPath: '/data', claims: 2 });
    expect(firstClaim(objects)).to.include({ claim: 'log-other-0', mountPath: '/data-log' });
    expect(firstClaim(objects, { set: 'none' })).to.be.a('string');
  });

  for (const [why, spec] of [
    ['no StatefulSet has', { volumeClaimTemplates: [] }],
    ['no StatefulSet has', { replicas: 0, volumeClaimTemplates: [template({ resources })] }],
    ['no size', { volumeClaimTemplates: [template({})] }],
    ['a device', { volumeClaimTemplates: [template({ resources, volumeMode: 'Block' })] }],
    ['its volume itself', { volumeClaimTemplates: [template({ resources, volumeName: 'pv-1' })] }],
    ['its volume itself', { volumeClaimTemplates: [template({ resources, selector: {} })] }],
  ] as const) {
    it(`is none where ${why}`, () => {
      expect(firstClaim(set(spec)))
        .to.be.a('string')
        .that.contains(why);
    });
  }
});
