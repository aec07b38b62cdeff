import { expect } from 'chai';
import fc from 'fast-check';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { chartOf, folderOf, head, named, refusal } from './definitions.fixture.ts';
import { generateChart } from './index.ts';
import { at, type Data, type Resource } from './rules/data.fixture.ts';
import { ofKind } from './rules/objects.fixture.ts';
import { findClient, kubeVersion, render, renderFolder } from './rules/render.fixture.ts';

describe('text of a definition', function () {
  this.timeout(300_000);
  const definition = `${head('text')}title: Title
home: https://example.org
icon: https://example.org/text.svg
sources: [https://example.org/source]
keywords: [word]
modes: [{ name: one, description: One }, { name: two, description: Two }]
credentials:
  mountPath: /run/secrets/text
  accounts: { admin: { key: admin-password, value: adminPassword, description: Password } }
tls: { mountPath: /run/tls/text }
metrics:
  image: { registry: registry.example.org, repository: example/exporter, tag: v1 }
  port: 9100
  path: /metrics
  command: [/exporter]
  args: [--all]
  env: { LEVEL: info }
roles:
  - name: text
    workload: StatefulSet
    modes: [one, two]
    gracePeriod: 5s
    command: [/bin/text]
    args: [--text]
    init: [/bin/init]
    preStop: [/bin/stop]
    env: { LEVEL: info }
    ports: { main: { port: 7000, protocol: TCP } }
    writable: [/tmp]
    inMemory: [/run/text]
    configuration: { mountPath: /etc/text, files: { text.conf: "a = 1" } }
    scripts: { mountPath: /opt/text, files: { text.sh: "exec text" } }
    volumes: { data: { mountPath: /data, size: 1Gi, accessModes: [ReadWriteOnce] } }
    probes:
      start: { exec: [/bin/started], period: 1s }
      ready: { http: { port: main, path: /ready } }
      live: { tcp: main, timeout: 1s }
    resources: { requests: { cpu: 100m } }
slots: [{ slot: readme, template: docs.md.hbs, with: .Values.x, if: .Values.y }]
manifests: [{ path: templates/more.yaml, template: docs.md.hbs }]
`;
  const files = { 'docs.md.hbs': 'Text\n' };

  /** The paths of all strings. */
  function stringsOf(node: unknown, path: (string | number)[] = []): (string | number)[][] {
    if (typeof node === 'string') return [path];
    if (typeof node !== 'object' || node === null) return [];
    return Object.entries(node).flatMap(([key, value]) =>
      stringsOf(value, [...path, Array.isArray(node) ? Number(key) : key]),
    );
  }

  it('never becomes a directive of Helm, wherever it stands', async () => {
    const { files: before } = await generateChart(await folderOf(definition, files));
    expect(before.get('README.md')).to.contain('Text');
    const paths = stringsOf(parse(definition));
    expect(paths.length).to.be.at.least(45);
    for (const path of paths) {
      for (const injected of ['{{ fail "run" }}', 'a{{', '{{/*']) {
        const data = parse(definition) as Data;
        const parent = path.slice(0, -1).reduce<unknown>((node, step) => at(node, step), data);
        (parent as Data)[path.at(-1) ?? ''] = injected;
        const error = await refusal(stringify(data), files);
        expect(error.kind, path.join('.')).to.equal('badInput');
        const last = String(path.findLast((step) => typeof step === 'string'));
        expect(`${error.object ?? ''} ${error.message}`, path.join('.')).to.contain(last);
      }
    }
  });

  it('says of text that could stand there what is wrong with it', async () => {
    const places: [string, string, string][] = [
      ['description: Password', 'description: "Pass{{ .Values.x }}word"', 'admin.description'],
      ['[--all]', '["--a={{ .Values.x }}"]', 'metrics.args[0]'],
      ['"a = 1"', '"a = {{ .Values.x }}"', 'roles[0].configuration.files.text.conf'],
      ['"exec text"', '"exec {{"', 'roles[0].scripts.files.text.sh'],
      ['with: .Values.x', 'with: "x }}{{ y"', 'slots[0].with'],
    ];
    for (const [from, to, key] of places) {
      const error = await refusal(definition.replace(from, to), files);
      expect(error.object)
        .to.match(/app\.yaml:\d+:\d+ /)
        .and.to.contain(key);
      expect(error.message).to.equal('"{{" cannot stand in a definition: Helm would run it');
    }
  });

  it('may hold the generator’s own tags, which stay text', async () => {
    const chart = chartOf(
      'text',
      definition
        .replace('description: Password', 'description: "<% app.name %> }} %>"')
        .replace('[--text]', '["<% app.name %>", "}}", "%>"]')
        .replace('"a = 1"', '"<%#if x%> }}"')
        .replace(/slots.*\nmanifests.*\n/, ''),
    );
    const { objects } = await render(chart);
    const [set] = ofKind(objects, 'StatefulSet');
    expect(at(set, 'spec', 'template', 'spec', 'containers', 0, 'args')).to.deep.equal([
      '<% app.name %>',
      '}}',
      '%>',
    ]);
    const configuration = named(objects, 'ConfigMap/x-text-configuration');
    expect(configuration?.data).to.deep.equal({ 'text.conf': '<%#if x%> }}\n' });
  });

  /** What is not text in some version of YAML, or ends what it stands in. */
  const odd = [
    ...['yes', 'no', 'on', 'off', 'y', 'n', 'true', 'null', '~', '', ' ', '  two  ', 'NO', 'Yes'],
    ...[
      '0644',
      '0o17',
      '0x1F',
      '0b1',
      '1_000',
      '12:30:45',
      '1e3',
      '.5',
      '.inf',
      '.nan',
      '-0',
      '+1',
    ],
    ...['2001-01-01', '2001-12-14t21:59:43.10-05:00', '=', '<<', '!tag', '&a', '*a', '- a', '? a'],
    ...[
      '# no',
      'a # b',
      'a: b',
      '{a: b}',
      '[a]',
      '%TAG',
      '@a',
      '`a`',
      '|',
      '>',
      "'a'",
      '"a"',
      '\\n',
    ],
    ...[
      'a\nb',
      'a\n',
      '\ttab',
      'a\\',
      '---',
      '...',
      '$(A)',
      '${A}',
      '$$',
      '海藻',
      '🌊',
      'é',
      '\u00A0',
    ],
    ...['-0o17', '+0o7', '0O17', 'a\n\n', '\ta\nb', 'a\n \nb', ' a\nb', 'a\n  b\n', '\r\n'],
    ...['\u3000', 'a\u3000', 'a\n\n\n'],
  ];

  /** What the container of a chart of these arguments and variables gets. */
  async function through(args: readonly string[], text = '') {
    const data = parse(head('odd')) as Data;
    const env = Object.fromEntries(args.map((arg, index) => [`A${index}`, arg]));
    // Helm takes white space from the end of what it renders, so another file comes last.
    const conf: Record<string, string> = { last: 'end' };
    args.forEach((arg, index) => (conf[`f${index}`] = arg));
    data['description'] = `Text ${text}`.trim();
    data['title'] = data['description'];
    data['roles'] = [
      {
        name: 'odd',
        workload: 'StatefulSet',
        ...{ args, command: args, init: args, preStop: args, env },
        configuration: { mountPath: '/etc/odd', files: conf },
        probes: { ready: { exec: args } },
      },
    ];
    data['metrics'] = { image: { repository: 'a/b', tag: '1' }, port: 1, args, env };
    const accounts = { admin: { key: 'password', description: data['description'] } };
    data['credentials'] = { mountPath: '/run/x', accounts };
    const dir = await chartOf('odd', stringify(data)).dir();
    const values = { metrics: { enabled: true } };
    const { text: rendered } = await renderFolder(dir, { values });
    // As the API server reads it.
    const objects = parseAllDocuments(rendered, { version: '1.1' }).map(
      (document) => document.toJS() as Resource,
    );
    const set = ofKind(objects, 'StatefulSet')[0];
    const configuration = named(objects, 'ConfigMap/x-odd-configuration');
    return { dir, set, configuration, env, conf };
  }

  async function expectUnchanged(args: readonly string[], text = ''): Promise<void> {
    const { dir, set, configuration, env, conf } = await through(args, text);
    const pod = at(set, 'spec', 'template', 'spec');
    const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
    for (const index of [0, 1]) {
      const container = at(pod, 'containers', index);
      expect(at(container, 'args')).to.deep.equal(args);
      expect(at(container, 'env')).to.deep.equal(variables);
    }
    const first = at(pod, 'containers', 0);
    expect(at(first, 'command')).to.deep.equal(args);
    expect(at(first, 'readinessProbe', 'exec', 'command')).to.deep.equal(args);
    expect(at(first, 'lifecycle', 'preStop', 'exec', 'command')).to.deep.equal(args);
    expect(at(pod, 'initContainers', 0, 'command')).to.deep.equal(args);
    const ended = Object.entries(conf).map(([name, value]) => [name, value.replace(/\n*$/, '\n')]);
    expect(configuration?.data).to.deep.equal(Object.fromEntries(ended));
    await (await findClient()).succeed(['lint', '--strict', '--quiet', dir, ...kubeVersion]);
  }

  it('reaches the pods as it is, also what YAML 1.1 takes for something else', async () => {
    await expectUnchanged(odd, ': # "quoted" \'single\' | > & * ! % @ ` \\ [ { - ? 海藻');
  });

  it('reaches the pods as it is, whatever characters it has', async () => {
    const word = fc
      .string({ unit: 'binary', maxLength: 12 })
      .filter((text) => !text.includes('{{'))
      // Refused, see "define".
      .filter(
        (text) =>
          !/[^\t\n\r\x20-\x7E\xA0-\u2027\u202A-\uD7FF\uE010-\uFEFE\uFF00-\uFFFD\u{10000}-\u{10FFFF}]/u.test(
            text,
          ),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 20, maxLength: 60 }), async (words) => {
        await expectUnchanged(words);
      }),
      { numRuns: 4, seed: 20251125, endOnFailure: true },
    );
  });
});
