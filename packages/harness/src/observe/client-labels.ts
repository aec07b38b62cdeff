import type { RenderedObject } from './manifests.ts';

type Labels = Record<string, string>;
interface Selector {
  matchLabels?: Labels;
  matchExpressions?: unknown[];
}

interface PolicySpec {
  ingress?: { from?: { podSelector?: Selector; namespaceSelector?: unknown }[] }[];
}

function covers(selector: Labels, labels: Labels): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function selectorOf(object: RenderedObject): Labels {
  const selector = (object['spec'] as { selector?: Selector & Labels } | undefined)?.selector;
  if (!selector) return {};
  return object.kind === 'Service' ? selector : (selector.matchLabels ?? {});
}

/** The labels of a workload's pods. */
function podLabels(object: RenderedObject): Labels {
  const spec = object['spec'] as { template?: { metadata?: { labels?: Labels } } } | undefined;
  return spec?.template?.metadata?.labels ?? {};
}

/**
 * The labels by which the chart's NetworkPolicies admit a client. Those by which its own pods admit
 * each other are left out, and so is all that would make the client one of them for a Service, a
 * controller or a disruption budget.
 */
export function admittedLabels(objects: readonly RenderedObject[]): Labels {
  const peers = objects
    .filter((object) => object.kind === 'NetworkPolicy')
    .flatMap((object) => (object['spec'] as PolicySpec | undefined)?.ingress ?? [])
    .flatMap((rule) => rule.from ?? [])
    .filter((peer) => peer.namespaceSelector === undefined)
    .map((peer) => peer.podSelector?.matchLabels ?? {});
  const own = objects.map(podLabels);
  const clients = peers.filter((peer) => !own.some((labels) => covers(peer, labels)));
  const selectors = objects.filter((object) => object.kind !== 'NetworkPolicy').map(selectorOf);
  return clients.reduce<Labels>((labels, peer) => {
    const merged = { ...labels, ...peer };
    return selectors.some((selector) => covers(selector, merged)) ? labels : merged;
  }, {});
}
