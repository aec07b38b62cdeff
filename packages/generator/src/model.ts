import type { Workload } from './entries.ts';

/**
 * What templates see: an application with everything filled in. Nothing is optional, so that a path
 * in a template is either in the specimen or a mistake.
 */
export interface Model {
  app: {
    name: string;
    title: string;
    description: string;
    version: string;
    appVersion: string;
    home: string;
    icon: string;
    sources: string[];
    keywords: string[];
  };
  image: Image;
  /** Is a feature in the chart? By its name in camel case: for the application's own templates. */
  features: Record<string, boolean>;
  /** Of which an installation chooses one; none where there is no choice. */
  modes: { name: string; description: string }[];
  /** The mode that is chosen where nobody does; "" where there is no choice. */
  mode: string;
  /** The path is "" where the application has none. */
  credentials: { path: string; accounts: Account[] };
  tls: { path: string };
  /** The port is 0 where the application has none. */
  metrics: Metrics;
  roles: Role[];
  /** The first role. */
  main: Role;
  /** Has some role a volume? */
  keepsData: boolean;
  /** Has some role a port? */
  listens: boolean;
  listensOnTcp: boolean;
  /** Has some StatefulSet a port? */
  listensStateful: boolean;
  /** Helm's condition under which any pods are a part of the release; "" for always. */
  present: string;
}

export interface Image {
  registry: string;
  repository: string;
  tag: string;
}

/** A password that the application needs. */
export interface Account {
  /** What its Secret's name ends with. */
  name: string;
  /** Its key in a Secret, and its file's name. */
  key: string;
  /** The key below `auth` in the values. */
  value: string;
  description: string;
}

export interface Metrics {
  /** As the helpers of the role that it stands beside. */
  helpers: string;
  image: Image;
  port: number;
  path: string;
  command: string[];
  args: string[];
  env: { name: string; value: string }[];
  alerts: boolean;
  dashboard: boolean;
}

export interface Role {
  name: string;
  workload: Workload;
  stateful: boolean;
  daemon: boolean;
  deployment: boolean;
  job: boolean;
  /** Has it a number of replicas? */
  replicated: boolean;
  /** Can it have several replicas, of which a drain may take one at a time? */
  several: boolean;
  /** Its values stand at the root of values.yaml: it is the only role, or has the application's name. */
  atRoot: boolean;
  /** The modes that it exists in; none for all. */
  modes: string[];
  /** Helm's condition for the mode that it exists in; "" for all. */
  modeCondition: string;
  /** Helm's condition under which its pods are a part of the release; "" for always. */
  present: string;
  /** Where its values stand: ".Values" or ".Values.sentinel". */
  values: string;
  /** The same as people write it in --set: "" or "sentinel.". */
  prefix: string;
  /** The key of its values where they do not stand at the root. */
  key: string;
  /** First part of the names of its helpers: "web" or "web.sentinel". */
  helpers: string;
  /** What its objects' names end with: "" or "-sentinel". */
  suffix: string;
  /** How its manifests' file names begin: "" or "sentinel-". */
  file: string;
  /** How much of the full name its workload's name may take, in characters. */
  nameLimit: number;
  replicas: number;
  /** 0 for no limit. */
  maxReplicas: number;
  gracePeriodSeconds: number;
  podManagementPolicy: string;
  user: number;
  command: string[];
  args: string[];
  init: string[];
  preStop: string[];
  env: { name: string; value: string }[];
  ports: Port[];
  /** Is there a Service for it? */
  hasServices: boolean;
  /** Those of its ports that speak TCP. */
  tcpPorts: Port[];
  /** Writable directories that are empty after a restart. */
  scratch: { name: string; path: string; inMemory: boolean }[];
  configuration: MountedFiles;
  scripts: MountedFiles;
  /** Does the container that tells Prometheus stand beside it? */
  exporter: boolean;
  volumes: Volume[];
  /** Has it several volumes? Then the values of each stand below its key. */
  manyVolumes: boolean;
  /** In the order startup, readiness, liveness; none where the definition has none. */
  probes: Probe[];
  /** Amounts by resource: `{ requests: { cpu: "100m" } }`. */
  resources: Record<string, Record<string, string>>;
}

/** Files of the chart that a ConfigMap mounts. */
export interface MountedFiles {
  /** Where they are mounted; "" for none. */
  path: string;
  /** The folder in the chart that they stand in. */
  folder: string;
  /** Those that stand in the definition itself. */
  inline: { name: string; text: string }[];
}

export interface Port {
  name: string;
  /** Its key in values. */
  key: string;
  port: number;
  protocol: string;
  /** Is it the role's first one? */
  first: boolean;
  /** Does a probe of the definition speak HTTP to it, or its name say so? */
  http: boolean;
}

export interface Volume {
  name: string;
  mountPath: string;
  size: string;
  accessModes: string[];
  /** Where its values stand: ".Values.persistence" or ".Values.persistence.data". */
  values: string;
  /** The same as people write it in --set. */
  setting: string;
  /** Its key below persistence where the role has several volumes; "" where it is the only one. */
  key: string;
}

export interface Probe {
  /** The container's field: "startupProbe". */
  field: string;
  /** The value that replaces it: "customStartupProbe". */
  custom: string;
  /** What it decides, for the value's description. */
  purpose: string;
  /** Does the port it names accept connections? "" for other kinds. */
  tcp: string;
  /** GET on this port; "" for other kinds. */
  httpPort: string;
  httpPath: string;
  /** Runs a command; empty for other kinds. */
  exec: string[];
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}
