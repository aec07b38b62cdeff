import { expect } from 'chai';
import { admittedLabels } from './client-labels.ts';
import { hooksOf, imagesOf, parseManifests } from './manifests.ts';

const rendered = `---
# Source: web/templates/empty.yaml
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  template:
    spec:
      initContainers: [{ name: init, image: example/init:1 }]
      containers: [{ name: web, image: example/web:1 }, { name: side, image: example/side:1 }]
---
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    metadata: { name: backup, annotations: { helm.sh/hook: "post-install, test" } }
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: example/backup:1 }] } } } } }
  - apiVersion: v1
    kind: Pod
    metadata: { name: test, annotations: { helm.sh/hook: test } }
    spec: { containers: [{ name: t, image: example/web:1 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: text }
data: { "pod.yaml": "containers: [{ image: example/not:1 }]" }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: x.example.org }
spec: { containers: [{ image: example/schema:1 }] }
`;

describe('parseManifests', () => {
  it("reads scalars as Helm's parser does", () => {
    const text = [
      'apiVersion: v1\nkind: X\nmetadata: { name: x }\nspec:',
      '  { a: 0555, b: 0o17, c: yes, d: 12:30, e: 2020-01-01, f: "0444", g: 1e3, h: 190:20:30, i: off }',
    ].join('\n');
    expect(parseManifests(text)[0]?.['spec']).to.deep.equal({
      ...{ a: 365, b: 15, c: true, d: '12:30', e: '2020-01-01', f: '0444', g: 1000 },
      ...{ h: '190:20:30', i: false },
    });
  });

  it('takes lists apart and leaves empty documents out', () => {
    const kinds = parseManifests(rendered).map((object) => object.kind);
    expect(kinds).to.eql([
      'StatefulSet',
      'CronJob',
      'Pod',
      'ConfigMap',
      'CustomResourceDefinition',
    ]);
  });

  it('refuses what is no object and what is no YAML', () => {
    for (const text of [
      'just text',
      'kind: Pod',
      '[1, 2]',
      'apiVersion: v1\nkind: Pod\nmetadata: {}',
    ]) {
      expect(() => parseManifests(text), text).to.throw('lacks apiVersion, kind or a name');
    }
    expect(() => parseManifests('a: {b: ]')).to.throw('not YAML');
  });

  it('finds nothing in an empty chart', () => {
    expect(parseManifests('')).to.eql([]);
    expect(parseManifests('# only a comment\n---\n')).to.eql([]);
  });
});

describe('imagesOf', () => {
  it('finds those of init containers, jobs, hooks and tests, each once, and no others', () => {
    expect(imagesOf(parseManifests(rendered))).to.eql([
      'example/backup:1',
      'example/init:1',
      'example/side:1',
      'example/web:1',
    ]);
  });
});

describe('hooksOf', () => {
  it('reads the annotation', () => {
    expect(parseManifests(rendered).map(hooksOf)).to.eql([
      [],
      ['post-install', 'test'],
      ['test'],
      [],
      [],
    ]);
  });
});

describe('admittedLabels', () => {
  const policy = (labels: string, extra = '') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p }
spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: ${labels} }${extra} }] }] }
`;
  const service = `---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web } }
`;
  const labelsOf = (text: string) => admittedLabels(parseManifests(text));

  it('are those of the policies', () => {
    expect(labelsOf(policy('{ web-client: "true" }'))).to.eql({ 'web-client': 'true' });
    expect(labelsOf(service)).to.eql({});
  });

  it('never make the client a pod of the chart', () => {
    expect(labelsOf(service + policy('{ app: web }'))).to.eql({});
    expect(labelsOf(service + policy('{ app: web }') + policy('{ web-client: "true" }'))).to.eql({
      'web-client': 'true',
    });
  });

  it('are not those of the chart’s pods among themselves', () => {
    const set = `---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web, role: db } }
  template: { metadata: { labels: { app: web, role: db } } }
`;
    expect(labelsOf(set + policy('{ app: web }') + policy('{ web-client: "true" }'))).to.eql({
      'web-client': 'true',
    });
  });

  it('leave other namespaces out', () => {
    expect(labelsOf(policy('{ a: b }', ', namespaceSelector: {}'))).to.eql({});
  });
});
