import { hooksOf, parseManifests, type RenderedObject } from './manifests.ts';

/** What a chart was rendered to for one release. */
export interface Installation {
  objects: readonly RenderedObject[];
  /** The release's namespace. */
  namespace: string;
}

interface ServiceSpec {
  clusterIP?: string | null;
  clusterIPs?: string[] | null;
  loadBalancerIP?: string | null;
  healthCheckNodePort?: number | null;
  ports?: { nodePort?: number | null }[] | null;
}

interface ClaimSpec {
  volumeName?: string | null;
}

/** So many are named; a chart of an operator may share dozens. */
const named = 3;

const installHooks = ['pre-install', 'post-install'];

/** Whether an object stands once its release is installed: no test, and no hook that is removed by then. */
function stays(object: RenderedObject): boolean {
  const hooks = hooksOf(object);
  if (hooks.length === 0) return true;
  const policy = object.metadata.annotations?.['helm.sh/hook-delete-policy'] ?? '';
  return hooks.some((hook) => installHooks.includes(hook)) && !policy.includes('hook-succeeded');
}

/** What a Service asks for that the cluster gives to one only. */
function takenByService(spec: ServiceSpec): string[] {
  const { clusterIP, clusterIPs, loadBalancerIP, healthCheckNodePort, ports } = spec;
  const nodePorts = [healthCheckNodePort, ...(ports ?? []).map(({ nodePort }) => nodePort)];
  return [
    ...nodePorts.filter((port) => (port ?? 0) !== 0).map((port) => `node port ${port ?? 0}`),
    ...[clusterIP, ...(clusterIPs ?? [])]
      .filter((address) => (address ?? '') !== '' && address !== 'None')
      .map((address) => `cluster IP ${address ?? ''}`),
    ...((loadBalancerIP ?? '') === '' ? [] : [`load balancer IP ${loadBalancerIP ?? ''}`]),
  ];
}

/** A volume is bound to one claim. */
function takenByClaims(specs: readonly (ClaimSpec | undefined)[]): string[] {
  const volumes = specs.map((spec) => spec?.volumeName ?? '').filter((name) => name !== '');
  return volumes.map((name) => `PersistentVolume ${name}`);
}

/** What an object takes of which there is one in a cluster: its own name to begin with. */
function taken(object: RenderedObject, namespace: string, isClusterScoped: boolean): string[] {
  const { kind, metadata } = object;
  const place = isClusterScoped ? '' : ` in namespace ${metadata.namespace ?? namespace}`;
  const own = `${kind} ${metadata.name}${place}`;
  const spec = object['spec'] ?? {};
  if (kind === 'Service') return [own, ...takenByService(spec)];
  if (kind === 'PersistentVolumeClaim') return [own, ...takenByClaims([spec])];
  if (kind !== 'StatefulSet') return [own];
  const { volumeClaimTemplates } = spec as { volumeClaimTemplates?: { spec?: ClaimSpec }[] | null };
  return [own, ...takenByClaims((volumeClaimTemplates ?? []).map((claim) => claim.spec))];
}

/**
 * Says why a chart can't be installed a second time beside a release of it: both would have the same object
 * outside of their namespaces, the same node port, address or volume.
 *
 * @param isClusterScoped whether objects of this one's kind stand in no namespace
 * @returns the reason; undefined where nothing is shared
 */
export function sharedReason(
  first: Installation,
  second: Installation,
  isClusterScoped: (object: RenderedObject) => boolean,
): string | undefined {
  const all = ({ objects, namespace }: Installation) =>
    objects.filter(stays).flatMap((o) => taken(o, namespace, isClusterScoped(o)));
  const before = new Set(all(first));
  const shared = [...new Set(all(second))].filter((name) => before.has(name));
  if (shared.length === 0) return undefined;
  const rest = shared.length - named;
  const names = shared.slice(0, named).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const are = shared.length === 1 ? 'is' : 'are';
  return `${names} ${are} there once in a cluster, and the chart would be installed twice`;
}

/**
 * The objects that Helm made of a rendered text, without those of `crds` folders, the chart's or those of
 * charts within: Helm leaves a definition that is there as it is, whoever made it.
 *
 * @param text what Helm rendered, with its comments
 */
export function withoutFolders(text: string): RenderedObject[] {
  // Of a file with several documents only the first has Helm's comment.
  let source = '';
  return text.split(/^---(?:[ \t].*)?$/m).flatMap((document) => {
    source = /^# Source: (.+)$/m.exec(document)?.[1] ?? source;
    return /^([^/]+\/charts\/)*[^/]+\/crds\//.test(source) ? [] : parseManifests(document);
  });
}
