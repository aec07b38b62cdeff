import { badInput } from '@holdfast/core';
import { ofKind, type RenderedObject } from '../observe/manifests.ts';
import type { PodTemplate } from './pod-template.ts';

/** Where an application is reached. */
export interface Endpoint {
  service: string;
  port: number;
}

interface ServicePort {
  port: number;
  targetPort?: number | string;
}

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  selector?: Record<string, string>;
  ports?: ServicePort[];
}

function specOf(object: RenderedObject): ServiceSpec {
  return (object['spec'] as ServiceSpec | undefined) ?? {};
}

function selects(
  { selector = {} }: ServiceSpec,
  labels: Readonly<Record<string, string>>,
): boolean {
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

function isAddressed({ clusterIP, type }: ServiceSpec): boolean {
  return clusterIP !== 'None' && type !== 'ExternalName';
}

/** The Service's port that leads to a port of the pods; undefined where none does. */
function portTo(
  spec: ServiceSpec,
  port: number,
  { spec: { containers } }: PodTemplate,
): number | undefined {
  const names = containers
    .flatMap(({ ports = [] }) => ports)
    .filter(({ containerPort }) => containerPort === port)
    .map(({ name }) => name);
  const leads = ({ port: own, targetPort = own }: ServicePort) =>
    typeof targetPort === 'number' ? targetPort === port : names.includes(targetPort);
  return spec.ports?.find(leads)?.port;
}

/** Whether a Service has an address of its own; one that the chart does not render may have none. */
export function hasAddress(objects: readonly RenderedObject[], service: string): boolean {
  const found = objects.find((o) => o.kind === 'Service' && o.metadata.name === service);
  return found !== undefined && isAddressed(specOf(found));
}

/**
 * Finds the Service that an application is written through: by default the one that selects the
 * pods, has an address of its own, and leads to the driver's port.
 *
 * @param port the port of the pods
 * @param named the Service that the driver or the command line names: as it is rendered, or without
 *   the release's name in front; one that the chart does not render is taken as it is
 * @throws HoldfastError (badInput) where none fits, or several
 */
export function findService(
  objects: readonly RenderedObject[],
  template: PodTemplate,
  port: number,
  named?: string,
  release?: string,
): Endpoint {
  const services = ofKind(objects, 'Service');
  if (named !== undefined) {
    const names = [named, `${release ?? ''}-${named}`];
    const found = services.find(({ metadata }) => names.includes(metadata.name));
    const lead = found && portTo(specOf(found), port, template);
    return { service: found?.metadata.name ?? named, port: lead ?? port };
  }
  const labels = template.metadata?.labels ?? {};
  const fitting = services.flatMap((service): Endpoint[] => {
    const spec = specOf(service);
    const own = portTo(spec, port, template);
    if (!isAddressed(spec) || own === undefined || !selects(spec, labels)) return [];
    return [{ service: service.metadata.name, port: own }];
  });
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  const problem =
    first === undefined
      ? `no Service with an address of its own leads to port ${port} of the pods`
      : `several Services lead to port ${port} of the pods`;
  const there = (
    first === undefined ? services.map((o) => o.metadata.name) : fitting.map((f) => f.service)
  ).join(', ');
  throw badInput(problem, {
    object: there || 'the chart renders no Service',
    hint: "name the one that is written through: the driver's key service, or --driver-service",
  });
}
