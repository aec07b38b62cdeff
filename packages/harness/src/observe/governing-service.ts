import { hooksOf, type RenderedObject } from './manifests.ts';
import type { StepFinding } from './record.ts';
import { selects } from './selector.ts';

interface SetSpec {
  serviceName?: string;
  template?: { metadata?: { labels?: Record<string, string> } };
}

interface ServiceSpec {
  clusterIP?: string;
  selector?: Record<string, string>;
}

function faultOf(name: string | undefined, set: SetSpec, services: readonly RenderedObject[]) {
  if (name === undefined || name === '') return 'names no Service';
  const service = services.find(({ metadata }) => metadata.name === name);
  if (service === undefined) return `names the Service ${name}, which is not rendered`;
  const { clusterIP, selector = {} } = (service['spec'] as ServiceSpec | undefined) ?? {};
  if (clusterIP !== 'None') return `names the Service ${name}, which is not headless`;
  const labels = set.template?.metadata?.labels ?? {};
  const isOurs = Object.keys(selector).length > 0 && selects({ matchLabels: selector }, labels);
  return isOurs ? undefined : `names the Service ${name}, which does not select its pods`;
}

/**
 * Looks at the Service that a StatefulSet names: only a headless one that selects the pods gives each
 * of them a name of its own.
 */
export function serviceFindings(objects: readonly RenderedObject[]): StepFinding[] {
  const rendered = objects.filter((object) => hooksOf(object).length === 0);
  const services = rendered.filter(({ kind }) => kind === 'Service');
  const sets = rendered.filter(({ kind }) => kind === 'StatefulSet');
  return sets.map((set): StepFinding => {
    const spec = (set['spec'] as SetSpec | undefined) ?? {};
    const fault = faultOf(spec.serviceName, spec, services);
    const text = fault ?? `${spec.serviceName ?? ''} is headless and selects its pods`;
    return { object: set.metadata.name, ok: fault === undefined, text };
  });
}
