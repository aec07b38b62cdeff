import { at, type Data, type Resource } from './data.fixture.ts';
import { mounted, ofKind, podsOf, versionLabels, type Pods } from './objects.fixture.ts';

const fixed = ['selector', 'serviceName', 'podManagementPolicy', 'volumeClaimTemplates'];

/** Fields of StatefulSets that differ, of those that can never be changed. */
export function immutableFindings(
  before: readonly Resource[],
  later: readonly Resource[],
): string[] {
  return ofKind(before, 'StatefulSet').flatMap((set) => {
    const name = set.metadata.name;
    const now = ofKind(later, 'StatefulSet').find(({ metadata }) => metadata.name === name);
    if (now === undefined) return [];
    return fixed
      .filter((key) => JSON.stringify(set.spec?.[key]) !== JSON.stringify(now.spec?.[key]))
      .map((key) => `${name}: ${key}`);
  });
}

/** A name that changes with what the object holds, since what it holds can't be changed. */
function withoutHash({ kind, metadata }: Resource): string {
  return kind === 'Job' ? metadata.name.replace(/-[0-9a-f]{8}$/, '') : metadata.name;
}

function byPlace(objects: readonly Resource[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const object of objects) {
    const component = at(object, 'metadata', 'labels', 'app.kubernetes.io/component');
    const place = `${object.kind} of ${typeof component === 'string' ? component : 'all'}`;
    places.set(place, (places.get(place) ?? new Set()).add(withoutHash(object)));
  }
  return places;
}

/** Objects that were replaced by others of the same kind and component, under another name. */
export function renamedFindings(before: readonly Resource[], later: readonly Resource[]): string[] {
  const now = byPlace(later);
  return [...byPlace(before)].flatMap(([place, names]) => {
    const there = now.get(place) ?? new Set();
    const gone = [...names].filter((name) => !there.has(name));
    const come = [...there].filter((name) => !names.has(name));
    return gone.length > 0 && come.length > 0 ? [`${place}: ${gone.join()} to ${come.join()}`] : [];
  });
}

/** The objects without the labels that say the versions of chart and application. */
export function withoutVersions(objects: readonly Resource[]): unknown[] {
  return objects.map((object) => {
    const labels: Data = { ...object.metadata.labels };
    for (const key of versionLabels) Reflect.deleteProperty(labels, key);
    return { ...object, metadata: { ...object.metadata, labels } };
  });
}

/** Pods by the workload that makes them: "StatefulSet x". Jobs by the name that stays. */
function byOwner(objects: readonly Resource[]): Map<string, Pods> {
  const made = podsOf(objects).filter(({ owner }) => owner.kind !== 'Pod');
  return new Map(made.map((pods) => [`${pods.owner.kind} ${withoutHash(pods.owner)}`, pods]));
}

/** Names of ConfigMaps and Secrets whose content differs. */
function changedContent(
  before: readonly Resource[],
  later: readonly Resource[],
  kind: 'ConfigMap' | 'Secret',
): string[] {
  return ofKind(before, kind)
    .filter(({ metadata, data }) => {
      const now = ofKind(later, kind).find((one) => one.metadata.name === metadata.name);
      return now !== undefined && JSON.stringify(now.data) !== JSON.stringify(data);
    })
    .map(({ metadata }) => metadata.name);
}

/** What two renders of a chart mean to its pods. */
export interface Rolls {
  /** The workloads whose pods are replaced. */
  rolled: string[];
  /** Those whose pods mount a ConfigMap or Secret of the chart whose content differs. */
  concerned: string[];
}

/** Whose pods would an upgrade replace, and whose should it? A Job that runs again has another name. */
export function rollsBetween(before: readonly Resource[], later: readonly Resource[]): Rolls {
  const owners = [...byOwner(before)];
  const now = byOwner(later);
  const changed = {
    ConfigMap: changedContent(before, later, 'ConfigMap'),
    Secret: changedContent(before, later, 'Secret'),
  };
  const differs = ({ owner }: Pods, { owner: other }: Pods) =>
    owner.kind === 'Job'
      ? owner.metadata.name !== other.metadata.name
      : JSON.stringify(at(owner, 'spec', 'template')) !==
        JSON.stringify(at(other, 'spec', 'template'));
  const names = (is: (pods: Pods, other: Pods) => boolean) =>
    owners
      .filter(([owner, pods]) => {
        const other = now.get(owner);
        return other !== undefined && is(pods, other);
      })
      .map(([owner]) => owner);
  return {
    rolled: names(differs),
    concerned: names((pods) =>
      (['ConfigMap', 'Secret'] as const).some((kind) =>
        mounted(pods, kind).some((name) => changed[kind].includes(name)),
      ),
    ),
  };
}
