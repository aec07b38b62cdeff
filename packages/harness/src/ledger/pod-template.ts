import { badInput } from '@holdfast/core';
import { drivenSet } from '../observe/driver.ts';
import type { RenderedObject } from '../observe/manifests.ts';

interface SecretRef {
  name?: string;
  key?: string;
}

/** Which keys of a Secret stand in which files. */
interface SecretItems {
  items?: { key: string; path: string }[];
}

/** A container as a chart renders it, as far as a writer is made from it. */
export interface TemplateContainer {
  name: string;
  image?: string;
  ports?: { name?: string; containerPort: number }[];
  env?: { valueFrom?: { secretKeyRef?: SecretRef } }[];
  envFrom?: { secretRef?: SecretRef }[];
  securityContext?: { runAsUser?: number; runAsGroup?: number };
}

/** A StatefulSet's pod template as a chart renders it. */
export interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec: {
    containers: TemplateContainer[];
    initContainers?: TemplateContainer[];
    imagePullSecrets?: { name: string }[];
    securityContext?: { runAsUser?: number; runAsGroup?: number; fsGroup?: number };
    volumes?: {
      secret?: SecretItems & { secretName?: string };
      projected?: { sources?: { secret?: SecretItems & { name?: string } }[] };
    }[];
  };
}

/**
 * The pod template of one of a chart's StatefulSets.
 *
 * @param name the StatefulSet's; without it the first one's
 * @throws HoldfastError (badInput) where there is no such StatefulSet
 */
export function templateOf(
  objects: readonly RenderedObject[],
  sets: readonly string[],
  name: string | undefined,
): PodTemplate {
  const wanted = drivenSet(sets, name);
  const found = objects.find((o) => o.kind === 'StatefulSet' && o.metadata.name === wanted);
  const spec = found?.['spec'] as { template?: PodTemplate } | undefined;
  if (spec?.template !== undefined) return spec.template;
  throw badInput('the chart renders no such StatefulSet', {
    object: wanted,
    hint: `the driver's key set names one of ${sets.join(', ')}`,
  });
}

/**
 * The container whose image runs a driver's scripts.
 *
 * @param name the container's; without it the first one
 * @throws HoldfastError (badInput) where the template has none of that name
 */
export function scriptContainer(template: PodTemplate, name?: string): TemplateContainer {
  const { containers, initContainers = [] } = template.spec;
  const all = [...containers, ...initContainers];
  const found = name === undefined ? all[0] : all.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw badInput("the pods have no container of the driver's ledger.image", {
    object: name ?? 'no container',
    hint: `name one of ${all.map((entry) => entry.name).join(', ')}`,
  });
}
