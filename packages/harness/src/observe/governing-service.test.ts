import { expect } from 'chai';
import { serviceFindings } from './governing-service.ts';
import type { RenderedObject } from './manifests.ts';

const labels = { app: 'db', role: 'member' };

function set(serviceName?: string): RenderedObject {
  const template = { metadata: { labels } };
  const spec = { template, ...(serviceName === undefined ? {} : { serviceName }) };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec };
}

function service(spec: Record<string, unknown>, hook?: string): RenderedObject {
  const annotations = hook === undefined ? {} : { 'helm.sh/hook': hook };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db-pods', annotations }, spec };
}

const good = { clusterIP: 'None', selector: { app: 'db' } };

describe('serviceFindings', () => {
  it('passes a headless Service that selects the pods', () => {
    expect(serviceFindings([set('db-pods'), service(good)])).to.eql([
      { object: 'db', ok: true, text: 'db-pods is headless and selects its pods' },
    ]);
  });

  const wrong: [string, RenderedObject[], string][] = [
    ['no name', [set(), service(good)], 'names no Service'],
    ['an empty name', [set(''), service(good)], 'names no Service'],
    ['another name', [set('nowhere'), service(good)], 'nowhere, which is not rendered'],
    ['a hook', [set('db-pods'), service(good, 'test')], 'not rendered'],
    ['an address', [set('db-pods'), service({ ...good, clusterIP: '' })], 'not headless'],
    [
      'a selector of other pods',
      [set('db-pods'), service({ ...good, selector: { app: 'web' } })],
      'does not select its pods',
    ],
    ['no selector', [set('db-pods'), service({ clusterIP: 'None' })], 'does not select its pods'],
  ];
  for (const [what, objects, text] of wrong) {
    it(`fails on ${what}`, () => {
      const [finding] = serviceFindings(objects);
      expect(finding).to.include({ object: 'db', ok: false });
      expect(finding?.text).to.contain(text);
    });
  }
});
