/** Applications that only the tests have: together they use all that a definition can say. */
export interface TestDefinition {
  title: string;
  name: string;
  /** The folder's files. */
  files: Record<string, string>;
}

const head = 'apiVersion: holdfast.dev/v1\nkind: Application\ndescription: "a: b"\n';

const least = `${head}name: least
appVersion: "2"
image: { repository: a/least }
roles: [{ name: least, workload: StatefulSet, writable: [] }]
`;

const datagrams = `${head}name: datagrams
appVersion: "2"
image: { repository: a/datagrams }
roles: [{ name: server, workload: StatefulSet, ports: { main: { port: 53, protocol: UDP } } }]
`;

const most = `${head}name: most
appVersion: "2"
home: https://example.org
keywords: [a, b]
sources: [https://example.org/source]
image: { registry: "registry.example.org:5000", repository: a/most, tag: v2 }
roles:
  - name: server
    workload: StatefulSet
    replicas: 3
    env: { "NO": "yes: it is", PATH_X: 'a "b"' }
    command: [/bin/server]
    args: ["--x=1"]
    ports: { main: 7000, http-metrics: 9090, gossip: { port: 7001, protocol: UDP } }
    writable: []
    volumes:
      hot-data: { mountPath: /hot, size: 1Gi }
      cold: { mountPath: /cold, size: 1Gi, accessModes: [ReadWriteMany] }
    probes: { ready: { exec: [/bin/ready] }, live: { http: { port: http-metrics } } }
  - name: side-kick
    workload: StatefulSet
    resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 2Gi } }
`;

const full = `${head}name: full
title: Full
appVersion: "2"
image: { repository: a/full }
modes:
  - { name: single, description: One server }
  - { name: many, description: Several servers and an arbiter }
credentials:
  mountPath: /run/secrets/full
  accounts:
    root: { key: root-password, description: Password of the administrator }
    app: { key: app-password, value: appPassword, description: Password of the application }
tls: { mountPath: /run/tls/full }
metrics:
  image: { repository: a/exporter, tag: v1 }
  port: 9100
  path: /numbers
  command: [/bin/exporter]
  args: [--all]
  env: { LEVEL: info }
roles:
  - name: full
    workload: StatefulSet
    replicas: 3
    podManagementPolicy: Parallel
    gracePeriod: 2m
    user: 999
    init: [sh, /opt/full/scripts/start.sh, init]
    command: [sh, /opt/full/scripts/start.sh]
    preStop: [sh, /opt/full/scripts/start.sh, stop]
    ports: { client: 7000, peer: 7001 }
    inMemory: [/run/full]
    configuration: { mountPath: /etc/full, files: { inline.conf: "a = 1" } }
    scripts: { mountPath: /opt/full/scripts }
    volumes: { data: { mountPath: /data, size: 8Gi } }
    probes: { ready: { tcp: client }, live: { exec: ["true"] } }
  - name: arbiter
    workload: StatefulSet
    modes: [many]
    ports: { vote: 7002 }
    configuration: { mountPath: /etc/arbiter, files: { arbiter.conf: "a = 1" } }
    volumes: { log: { mountPath: /log, size: 1Gi }, votes: { mountPath: /votes, size: 1Gi } }
    probes: { ready: { tcp: vote } }
  - name: agent
    workload: DaemonSet
    ports: { forward: 7003 }
    configuration: { mountPath: /etc/agent, files: { agent.conf: "a = 1" } }
    probes: { ready: { tcp: forward } }
  - name: gateway
    workload: Deployment
    replicas: 2
    ports: { http: 8080 }
    volumes: { cache: { mountPath: /cache, size: 1Gi } }
    probes: { ready: { http: { port: http } } }
  - name: migrate
    workload: Job
    command: [/bin/migrate]
    scripts: { mountPath: /opt/migrate, files: { steps.sh: "true" } }
slots:
  - { slot: configuration.files, template: greeting.tpl.hbs }
`;

/** Greets in a file of every role that has configuration. */
const greeting = `{{- $_ := set $files "greeting" (printf "%s\\n" .Values.greeting) -}}
`;

const alerts = `- alert: Down
  expr: up{RELEASE} == 0
  for: 1m
  annotations:
    summary: "{{ $labels.pod }} is down"
`;

export const definitions: readonly TestDefinition[] = [
  { title: 'of nothing but a container', name: 'least', files: { 'app.yaml': least } },
  {
    title: 'with a port that is not TCP',
    name: 'datagrams',
    files: { 'app.yaml': datagrams },
  },
  {
    title: 'with several roles, volumes, ports and kinds of probe',
    name: 'most',
    files: { 'app.yaml': most },
  },
  {
    title: 'with modes, credentials, TLS, metrics and every kind of workload',
    name: 'full',
    files: {
      'app.yaml': full,
      'values.yaml':
        'greeting: { type: string, minLength: 1, default: hello, description: A text }\n',
      'greeting.tpl.hbs': greeting,
      'ci/many.yaml': 'mode: many\ngreeting: good day\narbiter: { replicaCount: 3 }\n',
      'ci/everything.yaml': 'mode: many\n',
      'ci/external-host.yaml': 'mode: many\n',
      'ci/external-addresses.yaml': 'mode: many\n',
      'ci/static-volumes.yaml': 'mode: many\n',
      'files/config/full.conf': 'b = 1\n',
      'files/scripts/start.sh': '#!/bin/sh\nexec /bin/full\n',
      'files/alerts.yaml': alerts,
      'files/dashboard.json': '{ "title": "Full" }\n',
    },
  },
];
