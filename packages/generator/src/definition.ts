import type { ManifestEntry, SlotEntry, Workload } from './entries.ts';

/** What app.yaml holds once it is valid: app.schema.json says the same for editors. */
export interface Definition {
  name: string;
  title?: string;
  description: string;
  version?: string;
  appVersion: string;
  home?: string;
  icon?: string;
  sources?: string[];
  keywords?: string[];
  image: ImageDefinition;
  without?: string[];
  modes?: { name: string; description: string }[];
  credentials?: { mountPath: string; accounts: Record<string, AccountDefinition> };
  tls?: { mountPath: string };
  metrics?: MetricsDefinition;
  slots?: SlotEntry[];
  manifests?: ManifestEntry[];
  roles: RoleDefinition[];
}

export interface ImageDefinition {
  registry?: string;
  repository: string;
  tag?: string;
}

export interface AccountDefinition {
  key: string;
  value?: string;
  description: string;
}

export interface MetricsDefinition {
  image: ImageDefinition;
  port: number;
  path?: string;
  command?: string[];
  args?: string[];
  env?: Record<string, string>;
  role?: string;
}

export interface RoleDefinition {
  name: string;
  workload: Workload;
  modes?: string[];
  replicas?: number;
  maxReplicas?: number;
  gracePeriod?: string;
  podManagementPolicy?: 'OrderedReady' | 'Parallel';
  user?: number;
  command?: string[];
  args?: string[];
  init?: string[];
  preStop?: string[];
  env?: Record<string, string>;
  ports?: Record<string, number | { port: number; protocol?: string }>;
  writable?: string[];
  inMemory?: string[];
  configuration?: FilesDefinition;
  scripts?: FilesDefinition;
  volumes?: Record<string, VolumeDefinition>;
  probes?: { start?: ProbeDefinition; ready?: ProbeDefinition; live?: ProbeDefinition };
  resources?: Partial<Record<'requests' | 'limits', Record<string, string | number>>>;
}

/** Files that a ConfigMap mounts: those of a folder, and those that stand in the definition. */
export interface FilesDefinition {
  mountPath: string;
  files?: Record<string, string>;
}

export interface VolumeDefinition {
  mountPath: string;
  size: string | number;
  accessModes?: string[];
}

/** Exactly one of the first three. */
export interface ProbeDefinition {
  tcp?: string;
  http?: { port: string; path?: string };
  exec?: string[];
  period?: string;
  timeout?: string;
  failures?: number;
}
