import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { define } from './define.ts';

const valid = `apiVersion: holdfast.dev/v1
kind: Application
name: demo
description: A demonstration
appVersion: "1.0"
image: { repository: example/demo }
modes:
  - { name: alone, description: One server }
  - { name: watched, description: A server and its watcher }
credentials:
  mountPath: /run/secrets/demo
  accounts:
    admin: { key: admin-password, description: Password of the administrator }
    reader: { key: reader-password, value: readerPassword, description: Password of readers }
tls: { mountPath: /run/tls/demo }
metrics: { image: { repository: example/exporter }, port: 9100, role: demo, args: [--all] }
roles:
  - name: demo
    workload: StatefulSet
    replicas: 3
    maxReplicas: 5
    ports: { main: 7000 }
    writable: [/tmp]
    inMemory: [/run/demo]
    configuration: { mountPath: /etc/demo, files: { demo.conf: "a = 1" } }
    scripts: { mountPath: /opt/demo }
    volumes: { data: { mountPath: /data, size: 1Gi } }
    probes: { ready: { tcp: main } }
  - name: watcher
    workload: Deployment
    modes: [watched]
    replicas: 2
  - name: setup
    workload: Job
`;

/** The error of the definition in which some texts are replaced by others. */
function errorFor(edits: readonly (readonly [string | RegExp, string])[]): HoldfastError {
  let text = valid;
  for (const [from, to] of edits) {
    const next = text.replace(from, to);
    expect(next).not.to.equal(text);
    text = next;
  }
  try {
    define('app.yaml', text);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('the definition is valid');
}

interface Case {
  what: string;
  edits: [string | RegExp, string][];
  object: string;
  message: string;
  hint: string;
}

function group(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const { what, edits, ...expected } of cases) {
      it(`refuses ${what}, and says where`, () => {
        expect(errorFor(edits)).to.include({ kind: 'badInput', ...expected });
      });
    }
  });
}

it('the definition that is damaged below is valid', () => {
  const { model } = define('app.yaml', valid);
  expect(model.roles.map(({ name }) => name)).to.deep.equal(['demo', 'watcher', 'setup']);
});

group('what a workload has', [
  {
    what: 'a misspelled workload',
    edits: [['workload: Deployment', 'workload: Deploymnt']],
    object: 'app.yaml:30:15 roles[1].workload',
    message: '"Deploymnt" is not StatefulSet, DaemonSet, Deployment or Job',
    hint: 'did you mean "Deployment"?',
  },
  {
    what: 'replicas of a DaemonSet',
    edits: [['workload: Deployment', 'workload: DaemonSet']],
    object: 'app.yaml:32:5 roles[1].replicas',
    message: 'a DaemonSet has a pod on every node',
    hint: 'leave it out',
  },
  {
    what: 'a highest number of replicas of a DaemonSet',
    edits: [
      ['workload: Deployment', 'workload: DaemonSet'],
      ['replicas: 2', 'maxReplicas: 2'],
    ],
    object: 'app.yaml:32:5 roles[1].maxReplicas',
    message: 'a DaemonSet has a pod on every node',
    hint: 'leave it out',
  },
  {
    what: 'volumes of a DaemonSet',
    edits: [
      ['workload: Deployment', 'workload: DaemonSet'],
      ['replicas: 2', 'volumes: { log: { mountPath: /log, size: 1Gi } }'],
    ],
    object: 'app.yaml:32:5 roles[1].volumes',
    message: 'a DaemonSet has no claims',
    hint: 'use a StatefulSet, or extraVolumes of the chart',
  },
  {
    what: 'an order of the pods of a Deployment',
    edits: [['replicas: 2', 'podManagementPolicy: Parallel']],
    object: 'app.yaml:32:5 roles[1].podManagementPolicy',
    message: 'only a StatefulSet has an order of its pods',
    hint: 'leave it out',
  },
  {
    what: 'ports of a Job',
    edits: [[/$/, '    ports: { main: 1 }\n']],
    object: 'app.yaml:35:5 roles[2].ports',
    message: 'a Job runs to its end and serves nobody',
    hint: 'leave them out, or use a Deployment',
  },
  {
    what: 'probes of a Job',
    edits: [[/$/, '    probes: { ready: { exec: [/bin/ready] } }\n']],
    object: 'app.yaml:35:5 roles[2].probes',
    message: 'a Job runs to its end and serves nobody',
    hint: 'leave them out, or use a Deployment',
  },
  {
    what: 'replicas of a Job',
    edits: [[/$/, '    replicas: 1\n']],
    object: 'app.yaml:35:5 roles[2].replicas',
    message: 'a Job runs to its end once',
    hint: 'leave it out',
  },
  {
    what: 'more replicas than there may be',
    edits: [['replicas: 3', 'replicas: 6']],
    object: 'app.yaml:20:15 roles[0].replicas',
    message: '6 replicas are more than maxReplicas, which is 5',
    hint: 'lower the one or raise the other',
  },
]);

group('probes', [
  {
    what: 'no failure at all',
    edits: [['tcp: main', 'tcp: main, failures: 0']],
    object: 'app.yaml:28:45 roles[0].probes.ready.failures',
    message: '0 is not a number of failures',
    hint: 'write a value such as 3',
  },
]);

group('modes', [
  {
    what: 'a misspelled mode',
    edits: [['[watched]', '[watchd]']],
    object: 'app.yaml:31:13 roles[1].modes[0]',
    message: 'there is no mode "watchd"',
    hint: 'did you mean "watched"?',
  },
  {
    what: 'a mode of an application without modes',
    edits: [[/modes:\n.*\n.*\n/, '']],
    object: 'app.yaml:28:13 roles[1].modes[0]',
    message: 'there is no mode "watched"',
    hint: 'the application has no modes: add them under "modes"',
  },
  {
    what: 'a mode that stands twice',
    edits: [['name: alone', 'name: watched']],
    object: 'app.yaml:9:13 modes[1].name',
    message: 'the mode "watched" stands twice',
    hint: 'rename one',
  },
  {
    what: 'a mode that Helm would take for something else',
    edits: [['name: alone', 'name: "null"']],
    object: 'app.yaml:8:13 modes[0].name',
    message: '"null" cannot be a name: in YAML it is not text',
    hint: 'choose another name',
  },
  {
    what: 'a role of no mode',
    edits: [['[watched]', '[]']],
    object: 'app.yaml:31:12 roles[1].modes',
    message: '[] is empty',
    hint: 'leave the key out, or fill it',
  },
]);

group('metrics', [
  {
    what: 'a misspelled role',
    edits: [['role: demo', 'role: demmo']],
    object: 'app.yaml:16:71 metrics.role',
    message: 'there is no role "demmo"',
    hint: 'did you mean "demo"?',
  },
  {
    what: 'a role that is a Job, which the container would keep from ending',
    edits: [['role: demo', 'role: setup']],
    object: 'app.yaml:16:71 metrics.role',
    message: 'the Job "setup" could not end beside a container that goes on',
    hint: 'name a role of another workload: role',
  },
  {
    what: 'the number of one of the ports of its pods',
    edits: [['port: 9100', 'port: 7000']],
    object: 'app.yaml:22:14 roles[0].ports.main',
    message: 'the container that tells metrics has the port http-metrics, 7000',
    hint: 'choose another name and number',
  },
  {
    what: 'the name of one of the ports of its pods',
    edits: [['main: 7000', 'http-metrics: 7000, main: 7001']],
    object: 'app.yaml:22:14 roles[0].ports.http-metrics',
    message: 'the container that tells metrics has the port http-metrics, 9100',
    hint: 'choose another name and number',
  },
  {
    what: 'a port beyond the last one',
    edits: [['port: 9100', 'port: 65536']],
    object: 'app.yaml:16:59 metrics.port',
    message: '65536 is not a port between 1 and 65535',
    hint: 'write a value such as 8080',
  },
  {
    what: 'a path that begins with no slash',
    edits: [['role: demo', 'role: demo, path: metrics']],
    object: 'app.yaml:16:83 metrics.path',
    message: '"metrics" is not a path that begins with a slash',
    hint: 'write a value such as /metrics',
  },
  {
    what: 'an image without a repository',
    edits: [['{ repository: example/exporter }', '{ tag: v1 }']],
    object: 'app.yaml:16:12 metrics.image',
    message: 'the key "repository" is missing',
    hint: 'add it: repository: library/redis',
  },
]);

group('accounts', [
  {
    what: 'a key that two of them have',
    edits: [['key: reader-password', 'key: admin-password']],
    object: 'app.yaml:14:20 credentials.accounts.reader.key',
    message: 'the key "admin-password" stands twice',
    hint: 'rename one',
  },
  {
    what: 'a value that two of them have',
    edits: [['value: readerPassword', 'value: password']],
    object: 'app.yaml:14:44 credentials.accounts.reader.value',
    message: 'the value "password" stands twice',
    hint: 'rename one',
  },
  {
    what: 'the default value of two of them',
    edits: [['value: readerPassword, ', '']],
    object: 'app.yaml:14:13 credentials.accounts.reader.value',
    message: 'the value "password" stands twice',
    hint: 'rename one',
  },
  {
    what: 'a value that every chart has',
    edits: [['readerPassword', 'existingSecret']],
    object: 'app.yaml:14:44 credentials.accounts.reader.value',
    message: 'auth.existingSecret is a value of every chart',
    hint: 'choose another key',
  },
  {
    what: 'an account whose Secret is the chart’s own',
    edits: [['reader:', 'tls:']],
    object: 'app.yaml:14:5 credentials.accounts.tls',
    message: 'the chart has a Secret of the name "tls" itself',
    hint: 'give the account another name',
  },
  {
    what: 'an account that YAML does not take for text',
    edits: [['reader:', 'on:']],
    object: 'app.yaml:14:5 credentials.accounts.on',
    message: '"on" cannot be a name: in YAML it is not text',
    hint: 'choose another name',
  },
  {
    what: 'a key that YAML takes for a number',
    edits: [['reader-password', '"123"']],
    object: 'app.yaml:14:20 credentials.accounts.reader.key',
    message: '"123" cannot be a name: in YAML it is not text',
    hint: 'choose another name',
  },
  {
    what: 'a key that YAML takes for a date',
    edits: [['reader-password', '"2001-01-01"']],
    object: 'app.yaml:14:20 credentials.accounts.reader.key',
    message: '"2001-01-01" cannot be a name: in YAML it is not text',
    hint: 'choose another name',
  },
  {
    what: 'an account without its key',
    edits: [['key: reader-password, ', '']],
    object: 'app.yaml:14:5 credentials.accounts.reader',
    message: 'the key "key" is missing',
    hint: 'add it: key: app-password',
  },
  {
    what: 'credentials of nobody',
    edits: [[/ {4}admin.*\n.*\n/, '    {}\n']],
    object: 'app.yaml:13:5 credentials.accounts',
    message: '{} is empty',
    hint: 'leave the key out, or fill it',
  },
]);

const volumes = 'volumes: { data: { mountPath: /data, size: 1Gi } }';
group('paths that are mounted', [
  {
    what: 'configuration on a volume',
    edits: [['/etc/demo', '/data']],
    object: 'app.yaml:25:33 roles[0].configuration.mountPath',
    message: '/data is also mounted by the volume "data"',
    hint: 'leave one of them out',
  },
  {
    what: 'scripts on the configuration',
    edits: [['/opt/demo', '/etc/demo']],
    object: 'app.yaml:26:27 roles[0].scripts.mountPath',
    message: '/etc/demo is also mounted by the configuration',
    hint: 'leave one of them out',
  },
  {
    what: 'credentials on the scripts',
    edits: [['/run/secrets/demo', '/opt/demo']],
    object: 'app.yaml:11:14 credentials.mountPath',
    message: '/opt/demo is also mounted by the scripts',
    hint: 'leave one of them out',
  },
  {
    what: 'certificates on the credentials, once for all roles',
    edits: [['/run/tls/demo', '/run/secrets/demo']],
    object: 'app.yaml:15:19 tls.mountPath',
    message: '/run/secrets/demo is also mounted by the credentials',
    hint: 'leave one of them out',
  },
  {
    what: 'memory on a writable path',
    edits: [['[/run/demo]', '[/tmp]']],
    object: 'app.yaml:24:16 roles[0].inMemory[0]',
    message: '/tmp is also mounted by writable',
    hint: 'leave one of them out',
  },
  {
    what: 'a writable path on a volume',
    edits: [['[/tmp]', '[/tmp, /data]']],
    object: 'app.yaml:23:22 roles[0].writable[1]',
    message: '/data is also mounted by the volume "data"',
    hint: 'leave one of them out',
  },
  {
    what: 'certificates on a path in memory',
    edits: [['/run/tls/demo', '/run/demo']],
    object: 'app.yaml:15:19 tls.mountPath',
    message: '/run/demo is also mounted by inMemory',
    hint: 'leave one of them out',
  },
  {
    what: 'two volumes on one path',
    edits: [[volumes, `${volumes.slice(0, -2)}, log: { mountPath: /data, size: 1Gi } }`]],
    object: 'app.yaml:27:73 roles[0].volumes.log.mountPath',
    message: '/data is also mounted by the volume "data"',
    hint: 'leave one of them out',
  },
  {
    what: 'memory on /tmp, which is writable if nothing else is said',
    edits: [
      ['    writable: [/tmp]\n', ''],
      ['[/run/demo]', '[/tmp]'],
    ],
    object: 'app.yaml:23:16 roles[0].inMemory[0]',
    message: '/tmp is also mounted by writable, if it is not given',
    hint: 'leave one of them out',
  },
]);

group('names that charts have for themselves', [
  {
    what: 'a role of the name of the pods of helm test',
    edits: [['name: watcher', 'name: test']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"test" is also the name of the pods of helm test',
    hint: 'give the role another name',
  },
  {
    what: 'a role of the name of the Job that makes passwords',
    edits: [['name: watcher', 'name: credentials']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"credentials" is also the name of the Job that makes passwords',
    hint: 'give the role another name',
  },
  {
    what: 'a role of the name of the exporter',
    edits: [['name: watcher', 'name: metrics']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"metrics" is also the name of the container that tells metrics',
    hint: 'give the role another name',
  },
  {
    what: 'a role whose first container has its name',
    edits: [['name: watcher', 'name: init\n    init: [/bin/init]']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"init" is also the name of the container that runs first',
    hint: 'give the role another name',
  },
  {
    what: 'a role of the name of the headless Service of the main one',
    edits: [['name: watcher', 'name: headless']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"headless" is also the name of a headless Service',
    hint: 'give the role another name',
  },
  {
    what: 'a role of the name of the headless Service of another one',
    edits: [['name: watcher', 'name: setup-headless']],
    object: 'app.yaml:29:11 roles[1].name',
    message: '"setup-headless" is also the name of a headless Service',
    hint: 'give the role another name',
  },
  {
    what: 'a role of the name of the Service of metrics',
    edits: [
      ['role: demo', 'role: watcher'],
      ['name: setup', 'name: watcher-metrics'],
    ],
    object: 'app.yaml:33:11 roles[2].name',
    message: '"watcher-metrics" is also the name of the Service of metrics',
    hint: 'give the role another name',
  },
  ...['configuration', 'scripts', 'credentials', 'tls'].map((name) => ({
    what: `a volume of the name ${name}`,
    edits: [['data:', `${name}:`]] as Case['edits'],
    object: `app.yaml:27:16 roles[0].volumes.${name}`,
    message: `the pods have a volume "${name}" already, for the key "${name}"`,
    hint: 'give the volume another name',
  })),
]);

group('ports that objects of JavaScript have', [
  {
    what: 'a probe of one',
    edits: [['tcp: main', 'tcp: constructor']],
    object: 'app.yaml:28:29 roles[0].probes.ready.tcp',
    message: 'the port "constructor" is not defined in this role',
    hint: 'known here: main',
  },
]);

describe('names that nothing else has', () => {
  const plain = valid
    .replace(/credentials:\n.*\n.*\n.*\n.*\ntls.*\nmetrics.*\n/, '')
    .replace('name: demo\ndesc', 'name: other\ndesc');

  it('are free: a name is taken only where the chart gives it to something', () => {
    for (const name of ['headless', 'credentials', 'metrics', 'init']) {
      const text = plain.replace('name: watcher', `name: ${name}`);
      expect(define('app.yaml', text).model.roles[1]).to.include({ name });
    }
    for (const name of ['credentials', 'tls']) {
      const text = plain.replace('data:', `${name}:`);
      expect(define('app.yaml', text).model.main.volumes[0]).to.include({ name });
    }
  });

  it('leave a port of the exporter’s number where it speaks UDP', () => {
    const text = valid.replace('main: 7000', 'main: 7000, other: { port: 9100, protocol: UDP }');
    expect(define('app.yaml', text).model.main.ports).to.have.lengthOf(2);
  });
});
