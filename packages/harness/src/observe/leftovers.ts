/** An object that is in a namespace, as far as it matters whether it may be. */
export interface PresentObject {
  kind: string;
  metadata: {
    name: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

/** An object that outlived the release. */
export interface LeftObject {
  /** "Kind/name". */
  object: string;
  /** Why it may be there; absent where nothing says so. */
  because?: string;
}

/** What every namespace has, whatever is installed in it. */
const ownOfNamespace = new Set(['ServiceAccount/default', 'ConfigMap/kube-root-ca.crt']);

/** Kinds whose objects are reports, and go by themselves. */
const reports = new Set(['Event']);

const owner = ['app.kubernetes.io/managed-by', 'holdfast'] as const;

/**
 * The objects of a namespace that an uninstalled release has left, with the reason why each may stay:
 * it is a claim of one of its StatefulSets' templates, or it says itself that it stays, by Helm's own
 * annotation. What is Holdfast's or the namespace's own, and what was there before the release, is no
 * part of it.
 *
 * @param sets the StatefulSets with the names of their claim templates
 * @param installedAt when the release was installed, as the API server tells it
 */
export function leftovers(
  objects: readonly PresentObject[],
  sets: readonly { name: string; claimTemplates: readonly string[] }[],
  installedAt: string,
): LeftObject[] {
  const stems = sets.flatMap(({ name, claimTemplates }) =>
    claimTemplates.map((template) => `${template}-${name}-`),
  );
  const isOrdinal = (name: string, stem: string) =>
    name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length));
  return objects.flatMap(({ kind, metadata }): LeftObject[] => {
    const object = `${kind}/${metadata.name}`;
    if (ownOfNamespace.has(object) || reports.has(kind)) return [];
    if (metadata.labels?.[owner[0]] === owner[1]) return [];
    const { creationTimestamp } = metadata;
    if (creationTimestamp !== undefined && creationTimestamp < installedAt) return [];
    if (metadata.annotations?.['helm.sh/resource-policy'] === 'keep') {
      return [{ object, because: 'it is marked helm.sh/resource-policy: keep' }];
    }
    const claim = kind === 'PersistentVolumeClaim';
    if (claim && stems.some((stem) => isOrdinal(metadata.name, stem))) {
      return [{ object, because: 'it is the claim of an ordinal' }];
    }
    return [{ object }];
  });
}
