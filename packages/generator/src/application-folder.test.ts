import { expect } from 'chai';
import { chartOf, head, ids, refusal } from './definitions.fixture.ts';
import { generateChart } from './index.ts';
import { findClient, render } from './rules/render.fixture.ts';

describe('the folder of an application', function () {
  this.timeout(60_000);
  const definition = `${head('own')}roles:
  - { name: own, workload: StatefulSet, ports: { main: 7000 } }
`;

  it('puts text into slots, brings manifests and values, and names them in tests', async () => {
    const chart = chartOf(
      'own',
      `${definition}slots: [{ slot: notes, template: notes.hbs }]
manifests: [{ path: templates/more.yaml, template: more.yaml.hbs, guard: pods }]
`,
      {
        'notes.hbs': '\n{{ .Values.greeting }} from <% app.name %>\n',
        'more.yaml.hbs':
          'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.greeting }}\n',
        'values.yaml': 'greeting: { type: string, default: hello, description: A greeting }\n',
        'rules.yaml':
          '- if: { properties: { greeting: { const: bye } } }\n  then: { properties: { replicaCount: { const: 0 } } }\n',
        'ci/bye.yaml': 'greeting: bye\nreplicaCount: 0\n',
      },
    );
    expect((await chart.sets()).map(({ name }) => name)).to.include('bye-values.yaml');
    const { objects } = await render(chart, { set: 'bye-values.yaml' });
    expect(ids(objects)).to.include('ConfigMap/bye');
    const args = ['template', 'x', await chart.dir(), '--set', 'greeting=bye'];
    const { stderr } = await (await findClient()).run(args);
    expect(stderr).to.contain("at '/replicaCount'");
    const { files } = await generateChart(await chart.definition());
    expect(files.get('templates/NOTES.txt')).to.contain('{{ .Values.greeting }} from own');
  });

  const refused: [string, string, Record<string, string>, RegExp, RegExp, RegExp?][] = [
    [
      'a slot that no template has',
      'slots: [{ slot: readmee, template: docs.md.hbs }]\n',
      { 'docs.md.hbs': 'a' },
      /app\.yaml:9:17 slots\[0\]\.slot$/,
      /^no template has the slot "readmee"$/,
      /^did you mean "readme"\?$/,
    ],
    [
      'a slot that no template has, also where features are left out',
      'slots: [{ slot: readmee, template: docs.md.hbs }]\nwithout: [helm-test]\n',
      { 'docs.md.hbs': 'a' },
      /app\.yaml:9:17 slots\[0\]\.slot$/,
      /^no template has the slot "readmee"$/,
    ],
    [
      'a template that is not there',
      'slots: [{ slot: readme, template: doc.md.hbs }]\n',
      { 'docs.md.hbs': 'a' },
      /app\.yaml:9:35 slots\[0\]\.template$/,
      /^the file "doc\.md\.hbs" is missing$/,
      /^did you mean "docs\.md\.hbs"\?$/,
    ],
    [
      'a manifest that is not there',
      'manifests: [{ path: templates/a.yaml, template: a.yaml.hbs }]\n',
      {},
      /app\.yaml:9:49 manifests\[0\]\.template$/,
      /^the file "a\.yaml\.hbs" is missing$/,
    ],
    ...['../a.yaml', 'templates/../../a.yaml', '/a.yaml', 'templates/..', './a.yaml'].map(
      (path): (typeof refused)[number] => [
        `a manifest outside the chart, at ${path}`,
        `manifests: [{ path: ${path}, template: a.yaml.hbs }]\n`,
        { 'a.yaml.hbs': 'kind: ConfigMap\n' },
        /app\.yaml:9:21 manifests\[0\]\.path$/,
        /is not a path below the chart's folder, without \. and \.\.$/,
      ],
    ),
    [
      'a manifest in the place of another one',
      'manifests: [{ path: templates/service.yaml, template: a.yaml.hbs }]\n',
      { 'a.yaml.hbs': 'kind: ConfigMap\n' },
      /./,
      /^the file templates\/service\.yaml is written twice$/,
    ],
    [
      'a misspelled path in a template',
      'slots: [{ slot: readme, template: docs.md.hbs }]\n',
      { 'docs.md.hbs': '# A\n\n<% app.titel %>\n' },
      /docs\.md\.hbs:3:4$/,
      /^the template names "app\.titel", which no model has$/,
      /^did you mean "title"\?$/,
    ],
    [
      'values that a feature has',
      '',
      { 'values.yaml': 'replicaCount: { type: integer, default: 1, description: A }\n' },
      /values\.yaml replicaCount$|values\.role\.yaml replicaCount$/,
      /^another feature has this value already$/,
    ],
    [
      'a default that its own schema refuses',
      '',
      { 'values.yaml': 'greeting: { type: string, default: 1, description: A }\n' },
      /greeting$/,
      /^a default is not what its own schema asks for: must be string$/,
    ],
    [
      'a shared schema that is not there',
      '',
      { 'values.yaml': 'picture: { $ref: imgae, description: A }\n' },
      /values\.yaml$/,
      /^no shared schema is called "imgae"$/,
      /^did you mean "image"\?$/,
    ],
    [
      'a schema that is none',
      '',
      { 'values.yaml': 'greeting: { type: string, pattern: "(", default: "", description: A }\n' },
      /./,
      /./,
    ],
  ];
  for (const [what, more, beside, object, message, hint] of refused) {
    it(`refuses ${what}, and says where`, async () => {
      const error = await refusal(definition + more, beside);
      expect(error.kind).to.equal('badInput');
      expect(error.object).to.match(object);
      expect(error.message).to.match(message);
      if (hint) expect(error.hint).to.match(hint);
    });
  }
});
