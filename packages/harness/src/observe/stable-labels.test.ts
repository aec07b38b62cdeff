import { expect } from 'chai';
import type { RenderedObject } from './manifests.ts';
import { labelFindings } from './stable-labels.ts';

const chart = { version: '1.2.3+build', appVersion: '8.0' };

function set(
  selector: Record<string, string>,
  claim?: Record<string, string>,
  annotations: Record<string, string> = {},
): RenderedObject {
  const templates = claim && [{ metadata: { name: 'data', labels: claim } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', annotations },
    spec: { selector: { matchLabels: selector }, volumeClaimTemplates: templates },
  };
}

describe('labelFindings', () => {
  const good = { 'app.kubernetes.io/name': 'db', 'app.kubernetes.io/instance': 'r', app: 'db' };

  it('passes labels that stay as they are, also own ones', () => {
    expect(labelFindings([set(good, good)], chart)).to.eql([
      { object: 'db selector', ok: true, text: Object.keys(good).join(', ') },
      { object: 'db claim template data', ok: true, text: Object.keys(good).join(', ') },
    ]);
  });

  const changing: [string, string][] = [
    ['helm.sh/chart', 'anything'],
    ['app.kubernetes.io/version', 'anything'],
    ['chart', 'db-1.2.3_build'],
    ['release', '1.2.3_build'],
    ['tier', '8.0'],
  ];
  for (const [key, value] of changing) {
    it(`finds ${key}: ${value} in a selector, and in a claim template`, () => {
      const wrong = { ...good, [key]: value };
      const failed = (object: RenderedObject) =>
        labelFindings([object], chart)
          .filter(({ ok }) => !ok)
          .map((finding) => `${finding.object}: ${finding.text.split(':')[0] ?? ''}`);
      expect(failed(set(wrong, good))).to.eql([`db selector: ${key}`]);
      expect(failed(set(good, wrong))).to.eql([`db claim template data: ${key}`]);
    });
  }

  it('takes a number for no version, and looks at no hook and no other kind', () => {
    const shard = set({ shard: '8' });
    expect(labelFindings([shard], { version: '1.0.0', appVersion: '8' })[0]?.ok).to.equal(true);
    const hook = set({ 'helm.sh/chart': 'x' }, undefined, { 'helm.sh/hook': 'test' });
    const other = { ...set({ 'helm.sh/chart': 'x' }), kind: 'Deployment' };
    expect(labelFindings([hook, other], chart)).to.eql([]);
  });

  it('has a finding also where there are no labels', () => {
    const bare = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' } };
    expect(labelFindings([bare], chart)).to.eql([
      { object: 'db selector', ok: true, text: 'no labels' },
    ]);
  });
});
