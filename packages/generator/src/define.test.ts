import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { appSchema, define } from './define.ts';

const valid = `apiVersion: holdfast.dev/v1
kind: Application
name: demo
description: A demonstration
appVersion: "1.0"
image: { repository: example/demo }
roles:
  - name: server
    workload: StatefulSet
    ports: { main: 7000 }
    volumes: { data: { mountPath: /data, size: 2Gi } }
    probes: { ready: { tcp: main } }
`;

/** The error of a definition in which one text is replaced by another. */
function errorFor(from: string | RegExp, to: string): HoldfastError {
  const text = valid.replace(from, to);
  expect(text).not.to.equal(valid);
  try {
    define('app.yaml', text);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  throw new Error('the definition is valid');
}

describe('define', () => {
  it('fills in what a definition leaves out', () => {
    const { model } = define('app.yaml', valid);
    expect(model.image).to.deep.equal({
      registry: 'docker.io',
      repository: 'example/demo',
      tag: '1.0',
    });
    expect(model.main).to.include({
      replicas: 1,
      gracePeriodSeconds: 30,
      user: 1001,
      values: '.Values',
    });
    expect(model.main.scratch).to.deep.equal([{ name: 'tmp', path: '/tmp', inMemory: false }]);
    expect(model.main.volumes[0]).to.include({ name: 'data', values: '.Values.persistence' });
    expect(model.main.probes.map(({ field, tcp }) => [field, tcp])).to.deep.equal([
      ['startupProbe', 'main'],
      ['readinessProbe', 'main'],
      ['livenessProbe', 'main'],
    ]);
  });

  it('adds no limit to requests that a definition states, for it could be less than they are', () => {
    const { model } = define('app.yaml', valid);
    expect(model.main.resources).to.have.all.keys('requests', 'limits');
    const given = 'resources: { requests: { memory: 4Gi } }\n    workload:';
    const stated = define('app.yaml', valid.replace('workload:', given)).model;
    expect(stated.main.resources).to.deep.equal({ requests: { memory: '4Gi' } });
  });

  it('reads durations', () => {
    const text = valid.replace('workload:', 'gracePeriod: 1h2m3s\n    workload:');
    expect(define('app.yaml', text).model.main.gracePeriodSeconds).to.equal(3723);
  });

  it('puts the values of several roles and volumes below their names', () => {
    const role = `
  - name: side-kick
    workload: StatefulSet
    volumes:
      hot-data: { mountPath: /hot, size: 1Gi }
      cold: { mountPath: /cold, size: 1Gi }
`;
    const { model } = define('app.yaml', valid.trimEnd() + role);
    expect(model.roles.map(({ values, suffix }) => [values, suffix])).to.deep.equal([
      ['.Values.server', '-server'],
      ['.Values.sideKick', '-side-kick'],
    ]);
    expect(model.roles[1]?.volumes.map(({ values }) => values)).to.deep.equal([
      '.Values.sideKick.persistence.hotData',
      '.Values.sideKick.persistence.cold',
    ]);
  });

  it('does not take a scratch directory for a volume of the same name', () => {
    const text = valid.replace('data: {', 'tmp: {');
    expect(define('app.yaml', text).model.main.scratch[0]?.name).to.equal('tmp-scratch');
  });

  it('names the volume of a path that YAML would not take for text, and of paths alike', () => {
    const long = `/${'a'.repeat(60)}`;
    const paths = ['/42', '/on', '/0x1f', '/_', '/a/b', `${long}1`, `${long}2`];
    const text = valid.replace('workload:', `writable: [${paths.join(', ')}]\n    workload:`);
    const names = define('app.yaml', text).model.main.scratch.map(({ name }) => name);
    expect(names).to.deep.equal([
      'dir-42',
      'dir-on',
      'dir-0x1f',
      'scratch',
      'a-b',
      'a'.repeat(40),
      `${'a'.repeat(40)}-scratch`,
    ]);
  });

  it('gives editors its schema', () => {
    expect(appSchema()).to.have.property('title', 'Holdfast application');
  });

  const cases: [string, string | RegExp, string, Partial<HoldfastError>][] = [
    [
      'an unknown key',
      'workload:',
      'replica: 3\n    workload:',
      {
        object: 'app.yaml:9:5 roles[0].replica',
        message: 'unknown key "replica"',
        hint: 'did you mean "replicas"?',
      },
    ],
    [
      'a key like none that is known',
      'kind:',
      'qqqqqq: 1\nkind:',
      { object: 'app.yaml:2:1 qqqqqq', message: 'unknown key "qqqqqq"' },
    ],
    [
      'a missing key',
      /description: .*\n/,
      '',
      {
        object: 'app.yaml:1:1',
        message: 'the key "description" is missing',
        hint: 'add it: description: A static web server',
      },
    ],
    [
      'a wrong type',
      'workload:',
      'replicas: three\n    workload:',
      {
        object: 'app.yaml:9:15 roles[0].replicas',
        message: '"three" is not a number of replicas',
        hint: 'write a value such as 3',
      },
    ],
    [
      'a version without quotes',
      '"1.0"',
      '1.10',
      {
        object: 'app.yaml:5:13 appVersion',
        message: '1.1 is not text',
        hint: 'put it in quotes: "1.1"',
      },
    ],
    [
      'a quantity',
      '2Gi',
      '2Gb',
      {
        object: 'app.yaml:11:48 roles[0].volumes.data.size',
        message: '"2Gb" is not a quantity of storage',
        hint: 'write a value such as 1Gi or 500Mi',
      },
    ],
    [
      'a duration',
      'workload:',
      'gracePeriod: ten\n    workload:',
      {
        object: 'app.yaml:9:18 roles[0].gracePeriod',
        message: '"ten" is not a duration',
        hint: 'write a value such as 30s, 5m or 1h30m',
      },
    ],
    [
      'a duration without its unit',
      'workload:',
      'gracePeriod: 10\n    workload:',
      {
        object: 'app.yaml:9:18 roles[0].gracePeriod',
        message: '10 is not a duration',
        hint: 'write a value such as 30s, 5m or 1h30m',
      },
    ],
    [
      'a kind of workload',
      'StatefulSet',
      'StatefulSets',
      {
        object: 'app.yaml:9:15 roles[0].workload',
        message: '"StatefulSets" is not StatefulSet, DaemonSet, Deployment or Job',
        hint: 'did you mean "StatefulSet"?',
      },
    ],
    ['a name that is no DNS label', 'name: demo', 'name: My_Demo', { object: 'app.yaml:3:7 name' }],
    [
      'a name that YAML takes for something else',
      'name: server',
      'name: "on"',
      { object: 'app.yaml:8:11 roles[0].name' },
    ],
    [
      'a port name that is too long',
      '{ main: 7000 }',
      '{ main: 7000, a-very-long-port-name: 1 }',
      { object: 'app.yaml:10:26 roles[0].ports.a-very-long-port-name' },
    ],
    [
      'a port out of range',
      '7000',
      '70000',
      {
        object: 'app.yaml:10:20 roles[0].ports.main',
        message: '70000 is not a port between 1 and 65535',
        hint: 'write a value such as 8080',
      },
    ],
    [
      'a port that stands twice',
      '{ main: 7000 }',
      '{ main: 7000, other: 7000 }',
      { object: 'app.yaml:10:26 roles[0].ports.other' },
    ],
    [
      'a port that is not defined',
      'tcp: main',
      'tcp: mein',
      {
        object: 'app.yaml:12:29 roles[0].probes.ready.tcp',
        message: 'the port "mein" is not defined in this role',
        hint: 'did you mean "main"?',
      },
    ],
    [
      'two probes in one',
      'tcp: main',
      'tcp: main, exec: ["true"]',
      {
        object: 'app.yaml:12:15 roles[0].probes.ready',
        message: 'this is not exactly one of tcp, http and exec',
        hint: 'write a value such as { tcp: http }',
      },
    ],
    [
      'a probe of no kind',
      '{ tcp: main }',
      '{ period: 5s }',
      {
        object: 'app.yaml:12:15 roles[0].probes.ready',
        message: 'this is not exactly one of tcp, http and exec',
        hint: 'write a value such as { tcp: http }',
      },
    ],
    [
      'a period without its unit',
      'tcp: main',
      'tcp: main, period: 5',
      {
        object: 'app.yaml:12:43 roles[0].probes.ready.period',
        message: '5 is not a duration',
        hint: 'write a value such as 30s, 5m or 1h30m',
      },
    ],
    [
      'a misspelled key of a probe',
      'tcp: main',
      'tcp: main, perod: 5s',
      {
        object: 'app.yaml:12:35 roles[0].probes.ready.perod',
        message: 'unknown key "perod"',
        hint: 'did you mean "period"?',
      },
    ],
    [
      'a probe that does not exist',
      'ready: {',
      'redy: {',
      {
        object: 'app.yaml:12:15 roles[0].probes.redy',
        message: 'unknown key "redy"',
        hint: 'did you mean "ready"?',
      },
    ],
    [
      'a command that YAML does not take for text',
      'tcp: main',
      'exec: [true]',
      {
        object: 'app.yaml:12:31 roles[0].probes.ready.exec[0]',
        message: 'true is not text',
        hint: 'put it in quotes: "true"',
      },
    ],
    [
      'an empty command',
      'tcp: main',
      'exec: []',
      {
        object: 'app.yaml:12:30 roles[0].probes.ready.exec',
        message: '[] is empty',
        hint: 'leave the key out, or fill it',
      },
    ],
    [
      'a file without its text',
      'workload:',
      'configuration: { mountPath: /etc/demo, files: { a.conf: 5 } }\n    workload:',
      {
        object: 'app.yaml:9:61 roles[0].configuration.files.a.conf',
        message: '5 is not text',
        hint: 'put it in quotes: "5"',
      },
    ],
    [
      'a file whose name leads elsewhere',
      'workload:',
      'configuration: { mountPath: /etc/demo, files: { ../a.conf: "" } }\n    workload:',
      {
        object: 'app.yaml:9:53 roles[0].configuration.files.../a.conf',
        message: '"../a.conf" is not a file name',
        hint: 'write a file name',
      },
    ],
    ...['/..', '/data/../etc', '/data/.'].map((path): (typeof cases)[number] => [
      `a path that leads elsewhere, ${path}`,
      'workload:',
      `configuration: { mountPath: ${path} }\n    workload:`,
      {
        object: 'app.yaml:9:33 roles[0].configuration.mountPath',
        message: `"${path}" is not an absolute path without . and ..`,
        hint: 'write a value such as /var/lib/data',
      },
    ]),
    [
      'an object of a kind that does not exist',
      /$/,
      'manifests: [{ path: templates/a.yaml, template: a.hbs, for: [CronJob] }]\n',
      {
        object: 'app.yaml:13:62 manifests[0].for[0]',
        message: '"CronJob" is not StatefulSet, DaemonSet, Deployment or Job',
      },
    ],
    [
      'a guard that does not exist',
      /$/,
      'manifests: [{ path: templates/a.yaml, template: a.hbs, guard: pod }]\n',
      {
        object: 'app.yaml:13:63 manifests[0].guard',
        message: '"pod" is not pods, service or mode',
        hint: 'did you mean "pods"?',
      },
    ],
    [
      'a slot without its template',
      /$/,
      'slots: [{ slot: readme }]\n',
      {
        object: 'app.yaml:13:9 slots[0]',
        message: 'the key "template" is missing',
        hint: 'add it',
      },
    ],
    [
      'a character that YAML 1.1 takes for the end of a line',
      'A demonstration',
      '"A\\Ndemonstration"',
      {
        object: 'app.yaml:4:14 description',
        message: 'the character U+0085 cannot stand in a definition',
        hint: 'remove it',
      },
    ],
    [
      'a character that YAML cannot hold',
      'workload:',
      'args: ["a\\0"]\n    workload:',
      {
        object: 'app.yaml:9:12 roles[0].args[0]',
        message: 'the character U+0000 cannot stand in a definition',
      },
    ],
    [
      'a character that stands for Helm’s braces',
      'A demonstration',
      'A \uE000demonstration',
      {
        object: 'app.yaml:4:14 description',
        message: 'the character U+E000 cannot stand in a definition',
      },
    ],
    [
      'a path that is mounted twice',
      'workload:',
      'writable: [/data]\n    workload:',
      { object: 'app.yaml:9:16 roles[0].writable[0]' },
    ],
    [
      'Helm in a text',
      'A demonstration',
      'A {{ demonstration }}',
      {
        object: 'app.yaml:4:14 description',
        message: '"{{" cannot stand in a definition: Helm would run it',
      },
    ],
    [
      'a role that stands twice',
      /$/,
      '  - { name: server, workload: StatefulSet }\n',
      { object: 'app.yaml:13:13 roles[1].name' },
    ],
    [
      'names that differ by dashes only',
      '{ main: 7000 }',
      '{ main: 7000, ma-in: 7001 }',
      { object: 'app.yaml:10:26 roles[0].ports.ma-in' },
    ],
    [
      'an appVersion that is neither a label nor a tag',
      '"1.0"',
      '"1.0 beta"',
      { object: 'app.yaml:5:13 appVersion', hint: 'write a value such as "1.29"' },
    ],
    [
      'a size that is a quantity, but none of storage',
      '2Gi',
      '500m',
      { object: 'app.yaml:11:48 roles[0].volumes.data.size' },
    ],
    [
      'a probe of a port that is not TCP',
      'main: 7000',
      'main: { port: 7000, protocol: UDP }',
      {
        object: 'app.yaml:12:29 roles[0].probes.ready.tcp',
        message: 'the port "main" speaks UDP, which no probe can ask',
      },
    ],
    [
      'a text for a list',
      'workload:',
      'args: -v\n    workload:',
      {
        object: 'app.yaml:9:11 roles[0].args',
        message: '"-v" is not a list',
        hint: 'write a list: [first, second]',
      },
    ],
    [
      'a text for a map',
      '{ repository: example/demo }',
      'example/demo',
      { object: 'app.yaml:6:8 image', hint: 'its keys are registry, repository, tag' },
    ],
    [
      'a repository with its tag',
      'example/demo',
      '"example/demo:1"',
      { object: 'app.yaml:6:22 image.repository' },
    ],
    [
      'a key that stands twice',
      'kind:',
      'name: again\nkind:',
      { object: 'app.yaml:4:1', message: 'the same key stands twice in one map' },
    ],
    [
      'no role at all',
      /roles:[^]*/,
      'roles: []\n',
      {
        object: 'app.yaml:7:8 roles',
        message: '[] is empty',
        hint: 'write a value such as [ { name: web, workload: StatefulSet } ]',
      },
    ],
    ['bad syntax', 'kind: Application', 'kind: [Application', { kind: 'badInput' }],
    [
      'an empty file',
      /^[^]*$/,
      '# nothing\n',
      { object: 'app.yaml', message: 'the file is empty' },
    ],
    [
      'a file that is not a map',
      /^[^]*$/,
      'hello\n',
      {
        object: 'app.yaml:1:1',
        message: '"hello" is not a map',
        hint: 'its keys are apiVersion, kind, name, title, description, version, appVersion, home, icon, sources, keywords, image, without, modes, credentials, tls, metrics, slots, manifests, roles',
      },
    ],
  ];
  for (const [what, from, to, expected] of cases) {
    it(`refuses ${what}, and says where`, () => {
      const error = errorFor(from, to);
      expect(error.kind).to.equal('badInput');
      for (const [key, value] of Object.entries(expected)) {
        expect(error).to.have.property(key, value);
      }
      expect(error.object ?? '').to.match(/^app\.yaml/);
      // A remedy for each finding, whether it is the only one or one of several.
      const [, ...findings] = error.message.split('\n');
      if (error.hint === undefined) expect(findings).not.to.be.empty;
      for (const finding of findings) expect(finding).to.match(/ \(.+\)$/);
    });
  }

  it('tells everything that is wrong, one line each, in the order of the file', () => {
    const text = valid.replace('kind:', 'kinds:').replace('7000', '0').replace('2Gi', 'big');
    expect(() => define('app.yaml', text))
      .to.throw(HoldfastError)
      .with.property(
        'message',
        [
          '4 errors',
          '  app.yaml:1:1: the key "kind" is missing (add it: kind: Application)',
          '  app.yaml:2:1 kinds: unknown key "kinds" (did you mean "kind"?)',
          '  app.yaml:10:20 roles[0].ports.main: 0 is not a port between 1 and 65535 (write a value such as 8080)',
          '  app.yaml:11:48 roles[0].volumes.data.size: "big" is not a quantity of storage (write a value such as 1Gi or 500Mi)',
        ].join('\n'),
      );
  });
});
