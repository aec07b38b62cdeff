/** What app.yaml holds once it is valid: app.schema.json says the same for editors. */
export interface Definition {
  name: string;
  description: string;
  version?: string;
  appVersion: string;
  home?: string;
  icon?: string;
  sources?: string[];
  keywords?: string[];
  image: { registry?: string; repository: string; tag?: string };
  without?: string[];
  roles: RoleDefinition[];
}

export interface RoleDefinition {
  name: string;
  workload: 'StatefulSet';
  replicas?: number;
  gracePeriod?: string;
  podManagementPolicy?: 'OrderedReady' | 'Parallel';
  user?: number;
  command?: string[];
  args?: string[];
  env?: Record<string, string>;
  ports?: Record<string, number | { port: number; protocol?: string }>;
  writable?: string[];
  volumes?: Record<string, VolumeDefinition>;
  probes?: { start?: ProbeDefinition; ready?: ProbeDefinition; live?: ProbeDefinition };
  resources?: Partial<Record<'requests' | 'limits', Record<string, string | number>>>;
}

export interface VolumeDefinition {
  mountPath: string;
  size: string | number;
  accessModes?: string[];
}

/** Exactly one of the three. */
export interface ProbeDefinition {
  tcp?: string;
  http?: { port: string; path?: string };
  exec?: string[];
}
