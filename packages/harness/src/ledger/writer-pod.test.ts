import { expect } from 'chai';
import type { PodTemplate } from './pod-template.ts';
import { writerPod, writerScripts, type WriterParts } from './writer-pod.ts';

const template: PodTemplate = {
  metadata: { labels: { app: 'redis' } },
  spec: {
    imagePullSecrets: [{ name: 'pull' }],
    securityContext: { runAsUser: 999, runAsGroup: 998, fsGroup: 997 },
    containers: [
      { name: 'redis', image: 'redis:8' },
      { name: 'tool', image: 'tool:1', securityContext: { runAsUser: 0 } },
    ],
  },
};
const parts: WriterParts = {
  name: 'holdfast-writer-0',
  labels: { 'redis-client': 'true' },
  template,
  scripts: { 'writer.sh': 'text' },
  credentials: [{ file: 'password', secret: 'redis', key: 'redis-password' }],
  env: { HOST: 'redis' },
};

describe('writerPod', () => {
  it("runs the application's image as its chart does, and never as root", () => {
    const { spec } = writerPod(parts);
    expect(spec.containers[0]?.image).to.equal('redis:8');
    expect(spec.securityContext).to.include({ runAsUser: 999, runAsGroup: 998, fsGroup: 998 });
    expect(spec.imagePullSecrets).to.eql([{ name: 'pull' }]);
    const other = writerPod({ ...parts, image: 'tool' }).spec;
    expect(other.containers[0]?.image).to.equal('tool:1');
    expect(other.securityContext).to.include({ runAsNonRoot: true, runAsUser: 65_534 });
    const bare = { spec: { containers: [{ name: 'a', image: 'a' }] } };
    const { securityContext } = writerPod({ ...parts, template: bare }).spec;
    expect(securityContext).to.include({ runAsUser: 65_534, runAsGroup: 65_534, fsGroup: 65_534 });
  });

  it('has what Pod Security "restricted" asks for, on a read-only root', () => {
    const { spec } = writerPod(parts);
    expect(spec.securityContext).to.deep.include({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(spec.containers[0]?.securityContext).to.eql({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.automountServiceAccountToken).to.equal(false);
  });

  it('is admitted by NetworkPolicies, and known as ours', () => {
    for (const { metadata } of [writerPod(parts), writerScripts(parts)]) {
      expect(metadata.labels).to.eql({
        'redis-client': 'true',
        'app.kubernetes.io/managed-by': 'holdfast',
      });
    }
  });

  it('mounts the keys of the Secrets under the names of the credentials, and holds none of them', () => {
    const volume = writerPod(parts).spec.volumes.find(({ name }) => name === 'credentials');
    const items = [{ key: 'redis-password', path: 'password' }];
    expect(volume).to.deep.include({
      projected: { defaultMode: 0o440, sources: [{ secret: { name: 'redis', items } }] },
    });
    const none = writerPod({ ...parts, credentials: [] }).spec.volumes;
    expect(none.find(({ name }) => name === 'credentials')).to.deep.include({ emptyDir: {} });
  });

  it("stands on a node that is not disrupted, or away from the release's pods", () => {
    const there = writerPod({ ...parts, node: 'server' }).spec;
    expect(there).to.deep.include({ nodeName: 'server', tolerations: [{ operator: 'Exists' }] });
    const away = JSON.stringify(writerPod(parts).spec);
    expect(away).to.include('"podAntiAffinity"').and.to.include('"matchLabels":{"app":"redis"}');
    expect(away).to.not.include('nodeName');
  });
});
