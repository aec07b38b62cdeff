import { at, isData, listAt, type Data, type Resource } from './data.fixture.ts';

/** Pods of a release: those of a workload, or one that stands for itself. */
export interface Pods {
  owner: Resource;
  labels: Data;
  annotations: Data;
  spec: Data;
}

const workloadKinds = ['StatefulSet', 'DaemonSet', 'Deployment'];

export const selectorKeys = ['name', 'instance', 'component'].map(
  (key) => `app.kubernetes.io/${key}`,
);

/** Labels that change with the chart's or the application's version. */
export const versionLabels = ['helm.sh/chart', 'app.kubernetes.io/version'];

export function ofKind(objects: readonly Resource[], ...kinds: string[]): Resource[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** What runs all the time. */
export function workloadsOf(objects: readonly Resource[]): Resource[] {
  return ofKind(objects, ...workloadKinds);
}

/** All pods that a release has or starts, Jobs and tests included. */
export function podsOf(objects: readonly Resource[]): Pods[] {
  return ofKind(objects, ...workloadKinds, 'Job', 'Pod').map((owner) => {
    const template = owner.kind === 'Pod' ? owner : at(owner, 'spec', 'template');
    return {
      owner,
      labels: (at(template, 'metadata', 'labels') ?? {}) as Data,
      annotations: (at(template, 'metadata', 'annotations') ?? {}) as Data,
      spec: (at(template, 'spec') ?? {}) as Data,
    };
  });
}

/** The containers of pods, those that run first included. */
export function containersOf({ spec }: Pods): Data[] {
  return [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')];
}

/** "Service/namespace/name" */
export function idOf({ kind, metadata }: Resource): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

export function matches(selector: unknown, labels: unknown): boolean {
  return (
    isData(selector) && Object.entries(selector).every(([key, value]) => at(labels, key) === value)
  );
}

/** The labels by which an object selects pods of the release; undefined where it selects none. */
export function selectorOf(object: Resource): Data | undefined {
  const found =
    at(object, 'spec', 'podSelector', 'matchLabels') ??
    at(object, 'spec', 'selector', 'matchLabels') ??
    (object.kind === 'Service' ? at(object, 'spec', 'selector') : undefined);
  const selects = ['Service', 'NetworkPolicy', 'PodDisruptionBudget', ...workloadKinds];
  return selects.includes(object.kind) && isData(found) ? found : undefined;
}

/** The names of what pods take from objects of this kind: by volumes and by the environment. */
export function mounted({ spec }: Pods, kind: 'ConfigMap' | 'Secret'): string[] {
  const names: unknown[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isData(node)) return;
    const found =
      kind === 'ConfigMap'
        ? [at(node, 'configMap', 'name'), at(node, 'configMapRef', 'name')]
        : [at(node, 'secret', 'secretName'), at(node, 'secret', 'name')];
    names.push(...found, kind === 'Secret' ? at(node, 'secretRef', 'name') : undefined);
    Object.values(node).forEach(visit);
  };
  visit(spec);
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}
