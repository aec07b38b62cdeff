/**
 * What templates see: an application with everything filled in. Nothing is optional, so that a path
 * in a template is either in {@link specimen} or a mistake.
 */
export interface Model {
  app: {
    name: string;
    description: string;
    version: string;
    appVersion: string;
    home: string;
    icon: string;
    sources: string[];
    keywords: string[];
  };
  image: { registry: string; repository: string; tag: string };
  roles: Role[];
  /** The first role. */
  main: Role;
  /** Has some role a volume? */
  keepsData: boolean;
  /** Has some role a port? */
  listens: boolean;
  listensOnTcp: boolean;
}

export interface Role {
  name: string;
  workload: 'StatefulSet';
  /** Is it the only role? Then its values stand at the root of values.yaml. */
  sole: boolean;
  /** Where its values stand: ".Values" or ".Values.sentinel". */
  values: string;
  /** The same as people write it in --set: "" or "sentinel.". */
  prefix: string;
  /** The key of its values where it is not the sole role. */
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
  gracePeriodSeconds: number;
  podManagementPolicy: string;
  user: number;
  command: string[];
  args: string[];
  env: { name: string; value: string }[];
  ports: Port[];
  /** Those of its ports that speak TCP. */
  tcpPorts: Port[];
  /** Writable directories that are empty after a restart. */
  scratch: { name: string; path: string }[];
  volumes: Volume[];
  /** Has it several volumes? Then the values of each stand below its key. */
  manyVolumes: boolean;
  /** In the order startup, readiness, liveness; none where the definition has none. */
  probes: Probe[];
  /** Amounts by resource: `{ requests: { cpu: "100m" } }`. */
  resources: Record<string, Record<string, string>>;
}

export interface Port {
  name: string;
  /** Its key in values. */
  key: string;
  port: number;
  protocol: string;
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

const port: Port = { name: '', key: '', port: 1, protocol: 'TCP', http: true };

const role: Role = {
  name: 'role',
  workload: 'StatefulSet',
  sole: true,
  values: '.Values',
  prefix: '',
  key: 'role',
  helpers: 'app',
  suffix: '',
  file: '',
  nameLimit: 52,
  replicas: 1,
  gracePeriodSeconds: 30,
  podManagementPolicy: 'OrderedReady',
  user: 1001,
  command: [''],
  args: [''],
  env: [{ name: '', value: '' }],
  ports: [port],
  tcpPorts: [port],
  scratch: [{ name: '', path: '' }],
  volumes: [
    { name: '', mountPath: '', size: '', accessModes: [''], values: '', setting: '', key: '' },
  ],
  manyVolumes: true,
  probes: [
    {
      field: '',
      custom: '',
      purpose: '',
      tcp: '',
      httpPort: '',
      httpPath: '',
      exec: [''],
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 1,
    },
  ],
  resources: {},
};

/** A model with one of everything: what the paths in templates are checked against. */
export const specimen: Model = {
  app: {
    name: 'app',
    description: '',
    version: '0.1.0',
    appVersion: '1',
    home: '',
    icon: '',
    sources: [''],
    keywords: [''],
  },
  image: { registry: '', repository: '', tag: '' },
  roles: [role],
  main: role,
  keepsData: true,
  listens: true,
  listensOnTcp: true,
};
