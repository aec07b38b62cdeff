import { isWithin } from './data.ts';
import type { RenderedObject } from './manifests.ts';
import type { Container } from './objects.ts';

/** A claim that the first ordinal of a StatefulSet will make. */
export interface FirstClaim {
  set: string;
  /** "web-0". */
  pod: string;
  /** "data-web-0". */
  claim: string;
  replicas: number;
  /** Where the pods see it; undefined where no container mounts it for writing. */
  mountPath: string | undefined;
  /** How many claims each pod has. */
  claims: number;
  /** The size that it asks for, as a quantity of Kubernetes. */
  size: string;
  accessModes: string[];
  /** The class that it names; '' for none at all; undefined for the default one. */
  storageClass: string | undefined;
}

interface ClaimTemplate {
  metadata: { name: string };
  spec?: {
    accessModes?: string[];
    storageClassName?: string | null;
    volumeMode?: string;
    volumeName?: string;
    selector?: unknown;
    resources?: { requests?: { storage?: string | number } };
  };
}

interface SetSpec {
  replicas?: number;
  ordinals?: { start?: number };
  volumeClaimTemplates?: ClaimTemplate[];
  template?: { spec?: { containers?: Pick<Container, 'volumeMounts'>[] } };
}

/** Where an application keeps its data, as a driver says. */
export interface Whereabouts {
  set?: string;
  path?: string;
}

function mountOf({ template }: SetSpec, claim: ClaimTemplate): string | undefined {
  const mounts = (template?.spec?.containers ?? []).flatMap(
    ({ volumeMounts = [] }) => volumeMounts,
  );
  const { name } = claim.metadata;
  return mounts.find((mount) => mount.name === name && mount.readOnly !== true)?.mountPath;
}

/** The template whose volume has the driver's folder; the first where it says nothing. */
function templateFor(spec: SetSpec, path: string | undefined): ClaimTemplate | undefined {
  const { volumeClaimTemplates: templates = [] } = spec;
  const holds = (claim: ClaimTemplate) => {
    const mount = mountOf(spec, claim);
    return path !== undefined && mount !== undefined && isWithin(path, mount);
  };
  return templates.find(holds) ?? templates[0];
}

/**
 * Finds the claim that the first ordinal will make for the application's data: of the driver's StatefulSet
 * and folder; where it says nothing, of the first StatefulSet with a template, and its first one.
 *
 * @returns the claim, or why no volume can be made for one
 */
export function firstClaim(
  objects: readonly RenderedObject[],
  { set, path }: Whereabouts = {},
): FirstClaim | string {
  for (const { kind, metadata, spec: given } of objects) {
    const spec = (given ?? {}) as SetSpec;
    const { replicas = 1, ordinals, volumeClaimTemplates = [] } = spec;
    const template = templateFor(spec, path);
    if (kind !== 'StatefulSet' || template === undefined || replicas < 1) continue;
    if (set !== undefined && set !== metadata.name) continue;
    const asked = template.spec ?? {};
    const size = asked.resources?.requests?.storage;
    const name = `claim template ${template.metadata.name} of ${metadata.name}`;
    if (size === undefined) return `${name} asks for no size`;
    if (asked.volumeMode === 'Block') return `${name} is for a device, not for files`;
    if (asked.selector !== undefined || asked.volumeName) return `${name} names its volume itself`;
    const pod = `${metadata.name}-${ordinals?.start ?? 0}`;
    return {
      set: metadata.name,
      pod,
      claim: `${template.metadata.name}-${pod}`,
      replicas,
      mountPath: mountOf(spec, template),
      claims: volumeClaimTemplates.length,
      size: String(size),
      accessModes: asked.accessModes ?? ['ReadWriteOnce'],
      storageClass: asked.storageClassName ?? undefined,
    };
  }
  return 'no StatefulSet has a claim template';
}
