import { expect } from 'chai';
import { leftovers, type PresentObject } from './leftovers.ts';

const installedAt = '2026-01-01T00:00:10Z';
function object(kind: string, name: string, more: object = {}): PresentObject {
  return { kind, metadata: { name, creationTimestamp: '2026-01-01T00:00:10Z', ...more } };
}
const sets = [{ name: 'web', claimTemplates: ['data', 'log'] }];
const left = (...objects: PresentObject[]) => leftovers(objects, sets, installedAt);

describe('leftovers', () => {
  it('may be the claims of ordinals, and what says that it stays', () => {
    const annotations = { 'helm.sh/resource-policy': 'keep' };
    const seen = left(
      object('PersistentVolumeClaim', 'data-web-0'),
      object('PersistentVolumeClaim', 'log-web-12'),
      object('Secret', 'web-default', { annotations }),
    );
    expect(seen.map((entry) => entry.because)).to.not.include(undefined);
    expect(seen).to.have.length(3);
  });

  it('may be nothing else', () => {
    const others = [
      object('PersistentVolumeClaim', 'data-web-backup'),
      object('PersistentVolumeClaim', 'data-web-0-copy'),
      object('PersistentVolumeClaim', 'data-other-0'),
      object('Secret', 'data-web-0'),
      object('Pod', 'web-0'),
      object('Service', 'web'),
      object('ServiceAccount', 'web'),
      object('ConfigMap', 'web', { annotations: { 'helm.sh/resource-policy': 'delete' } }),
    ];
    expect(left(...others)).to.eql(
      others.map(({ kind, metadata }) => ({ object: `${kind}/${metadata.name}` })),
    );
  });

  it('are not what the namespace has by itself, what was there before, and Holdfast’s own', () => {
    expect(
      left(
        object('ServiceAccount', 'default'),
        object('ConfigMap', 'kube-root-ca.crt'),
        object('Event', 'web-0.1'),
        object('RoleBinding', 'deployers', { creationTimestamp: '2026-01-01T00:00:09Z' }),
        object('Pod', 'holdfast-client', {
          labels: { 'app.kubernetes.io/managed-by': 'holdfast' },
        }),
      ),
    ).to.eql([]);
  });
});
