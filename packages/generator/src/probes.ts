import type { ProbeDefinition, RoleDefinition } from './definition.ts';
import { seconds } from './durations.ts';
import type { Probe } from './model.ts';

type Kind = Pick<
  Probe,
  'field' | 'custom' | 'purpose' | 'periodSeconds' | 'timeoutSeconds' | 'failureThreshold'
>;

const startup: Kind = {
  field: 'startupProbe',
  custom: 'customStartupProbe',
  purpose: 'holds the other probes back until the container has started',
  periodSeconds: 1,
  timeoutSeconds: 3,
  failureThreshold: 300,
};

const readiness: Kind = {
  field: 'readinessProbe',
  custom: 'customReadinessProbe',
  purpose: 'decides whether the pod serves',
  periodSeconds: 5,
  timeoutSeconds: 3,
  failureThreshold: 3,
};

const liveness: Kind = {
  field: 'livenessProbe',
  custom: 'customLivenessProbe',
  purpose: 'decides whether the container is restarted',
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold: 6,
};

function probeOf(kind: Kind, definition: ProbeDefinition | undefined): Probe[] {
  if (definition === undefined) return [];
  return [
    {
      ...kind,
      periodSeconds: definition.period ? seconds(definition.period) : kind.periodSeconds,
      timeoutSeconds: definition.timeout ? seconds(definition.timeout) : kind.timeoutSeconds,
      failureThreshold: definition.failures ?? kind.failureThreshold,
      tcp: definition.tcp ?? '',
      httpPort: definition.http?.port ?? '',
      httpPath: definition.http?.path ?? '/',
      exec: definition.exec ?? [],
    },
  ];
}

/** A server that is busy or whose content is missing answers wrongly but is alive: the port will do. */
function alive(ready: ProbeDefinition | undefined): ProbeDefinition | undefined {
  const port = ready?.tcp ?? ready?.http?.port;
  return port === undefined ? undefined : { tcp: port };
}

/** The same question; how often it is asked is each probe's own. */
function asked(ready: ProbeDefinition | undefined): ProbeDefinition | undefined {
  const { tcp, http, exec } = ready ?? {};
  if (tcp !== undefined) return { tcp };
  if (http !== undefined) return { http };
  return exec === undefined ? undefined : { exec };
}

/**
 * The probes of a role: starting is told as readiness unless said otherwise, every second and for at
 * most five minutes; liveness by the port of readiness.
 */
export function probesOf(probes: NonNullable<RoleDefinition['probes']>): Probe[] {
  return [
    ...probeOf(startup, probes.start ?? asked(probes.ready)),
    ...probeOf(readiness, probes.ready),
    ...probeOf(liveness, probes.live ?? alive(probes.ready)),
  ];
}
