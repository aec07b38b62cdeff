import { expect } from 'chai';
import { type Chart, invented } from './chart.fixture.ts';
import { everyChart, inPairs, render, renderSets } from './render.fixture.ts';
import {
  at,
  isData,
  listAt,
  nested,
  overlaid,
  strings,
  type Data,
  type Resource,
} from './data.fixture.ts';
import { copyWithNotes, renderWithNotes } from './notes.fixture.ts';
import { containersOf, idOf, mounted, ofKind, podsOf } from './objects.fixture.ts';
import {
  candidates,
  dotted,
  leavesOf,
  validatorOf,
  type Leaf,
  type Schema,
} from './schema.fixture.ts';

/** A password that is found wherever it stands, and its Base64. */
const marker = 'pa55-xK9qv7Zt';
const encoded = Buffer.from(marker).toString('base64');

const isPassword = (key: string) => /password$/i.test(key);

/** The passwords that values can give, those of the items of lists included. */
function passwordsOf(schema: Schema): Leaf[] {
  const inItems = ({ node }: Leaf) => Object.keys(node.items?.properties ?? {}).some(isPassword);
  return leavesOf(schema).filter(
    (leaf) =>
      !leaf.path.includes('secretKeys') && (isPassword(leaf.path.at(-1) ?? '') || inItems(leaf)),
  );
}

/** The marker as a password, or items of a list that have it as theirs. */
function markedValue(node: Schema): unknown {
  if (!node.items?.properties) return marker;
  const [first] = candidates(node).filter((value) => validatorOf(node)(value));
  return ((first ?? []) as Data[]).map((item) => {
    const names = Object.keys(node.items?.properties ?? {}).filter(isPassword);
    return { ...item, ...Object.fromEntries(names.map((name) => [name, marker])) };
  });
}

/** Where a password stands that has no business there. */
function leaks(objects: readonly Resource[]): string[] {
  return objects.flatMap((object) =>
    strings(object)
      .filter(
        ([path, text]) =>
          text.includes(marker) ||
          (text.includes(encoded) && !(object.kind === 'Secret' && path.startsWith('/data/'))),
      )
      .map(([path]) => `${idOf(object)} ${path}`),
  );
}

/** Environment variables whose name says that they are secret, with a value in plain text. */
function plainVariables(objects: readonly Resource[]): string[] {
  const secret = /PASS(WORD|WD|PHRASE)?($|_)|SECRET($|_)|TOKEN($|_)|API_?KEY|PRIVATE_?KEY/i;
  return podsOf(objects).flatMap((pods) =>
    containersOf(pods).flatMap((container) =>
      listAt(container, 'env')
        .filter(({ name, value }) => secret.test(String(name)) && typeof value === 'string')
        // A path is no secret.
        .filter(({ value }) => value !== '' && !String(value).startsWith('/'))
        .map(({ name }) => `${idOf(pods.owner)}: ${String(name)}`),
    ),
  );
}

/** The names of the Secrets that a Job of the chart makes, by its manifests. */
function madeSecrets(objects: readonly Resource[]): Resource[] {
  return ofKind(objects, 'ConfigMap').flatMap(({ data }) =>
    Object.entries(data ?? {})
      .filter(([name]) => name.endsWith('.json'))
      .map(([, text]) => JSON.parse(String(text)) as unknown)
      .filter((made): made is Resource => isData(made) && made['kind'] === 'Secret'),
  );
}

/** Who may do what with Secrets, besides making them by the Job. */
function powerFindings(objects: readonly Resource[]): string[] {
  const findings = ofKind(objects, 'ClusterRole', 'ClusterRoleBinding').map(idOf);
  for (const role of ofKind(objects, 'Role')) {
    const expected = [{ apiGroups: [''], resources: ['secrets'], verbs: ['create'] }];
    if (JSON.stringify(role['rules']) !== JSON.stringify(expected)) {
      findings.push(`${idOf(role)}: more than to create Secrets`);
    }
  }
  for (const binding of ofKind(objects, 'RoleBinding')) {
    const subjects = listAt(binding, 'subjects');
    const accounts = subjects.map((subject) => at(subject, 'name'));
    if (subjects.length !== 1 || at(subjects[0], 'kind') !== 'ServiceAccount') {
      findings.push(`${idOf(binding)}: for others than one service account`);
    }
    const users = podsOf(objects).filter(({ spec }) =>
      accounts.includes(spec['serviceAccountName']),
    );
    for (const { owner } of users) {
      if (owner.kind !== 'Job') findings.push(`${idOf(owner)}: may create Secrets`);
    }
    if (users.length !== 1) findings.push(`${idOf(binding)}: for ${users.length} workloads`);
  }
  return findings;
}

async function marked(chart: Chart): Promise<{ given: Leaf[]; values: Data }> {
  const given = passwordsOf(await chart.schema());
  const values = given.map(({ path, node }) => nested(path, markedValue(node)));
  return { given, values: values.reduce(overlaid, {}) };
}

everyChart((chart) => {
  it('shows a password of the values in Secrets, and nowhere else, its notes included', async () => {
    const { given, values } = await marked(chart);
    if (given.length === 0) return;
    const dir = await copyWithNotes(chart);
    const [schema, defaults] = [await chart.schema(), await chart.defaults()];
    const takes = validatorOf(schema);
    // Secrets of the installation's own are another source, and leave these out.
    const sets = (await chart.sets()).filter((set) =>
      takes(overlaid(overlaid(defaults, set.values), values)),
    );
    expect(sets.length).to.be.above(5);
    await inPairs(sets, async ({ name: set }) => {
      const { notes, rendered } = await renderWithNotes(dir, { set, values });
      expect(notes, set).to.contain('is installed as release');
      expect(leaks(rendered.objects), set).to.deep.equal([]);
      const shown = ofKind(rendered.objects, 'Secret').flatMap(({ data }) =>
        Object.values(data ?? {}).filter((value) => value === encoded),
      );
      expect(shown.length, set).to.be.at.least(given.length);
    });
  });

  it('tells a change of a password by a checksum that nobody can look up', async () => {
    const { given, values } = await marked(chart);
    if (given.length === 0) return;
    const checksum = async (release: string, more: Data = {}) => {
      const { objects } = await render(chart, { release, values: overlaid(values, more) });
      const [pods] = podsOf(objects).filter(({ owner }) => owner.kind === 'StatefulSet');
      return pods?.annotations['checksum/credentials'];
    };
    const password = given.map(({ path }) => nested(path, 'another')).slice(0, 1);
    const all = [
      await checksum('x'),
      await checksum('x', password.reduce(overlaid, {})),
      await checksum('y'),
    ];
    expect(all).not.to.include(undefined);
    expect(new Set(all).size).to.equal(all.length);
  });

  it('makes up no password: by itself it renders no Secret', async () => {
    const { given } = await marked(chart);
    for (const { set, values, rendered } of await renderSets(chart)) {
      const gives = given.some(({ path }) => at(values, ...path) !== undefined);
      if (!gives) expect(ofKind(rendered.objects, 'Secret'), set).to.deep.equal([]);
    }
  });

  it('has every password in a file: no environment variable, argument or command holds one', async () => {
    const { given, values } = await marked(chart);
    for (const { set, rendered } of await renderSets(chart)) {
      expect(plainVariables(rendered.objects), set).to.deep.equal([]);
    }
    if (given.length === 0) return;
    const { objects } = await render(chart, { values });
    const workloads = podsOf(objects).filter(({ owner }) => owner.kind === 'StatefulSet');
    for (const pods of workloads) {
      expect(mounted(pods, 'Secret')).not.to.be.empty;
      for (const container of containersOf(pods)) {
        const refs = listAt(container, 'env').filter((one) => at(one, 'valueFrom', 'secretKeyRef'));
        expect(refs, String(container['name'])).to.deep.equal([]);
      }
    }
  });

  it('mounts the Secrets that its Job makes, which outlive the release, and waits for them', async () => {
    for (const { set, rendered } of await renderSets(chart)) {
      const { objects } = rendered;
      const made = madeSecrets(objects);
      const stateful = podsOf(objects).filter(({ owner }) => owner.kind === 'StatefulSet');
      for (const secret of made) {
        const { name, annotations, labels } = secret.metadata;
        expect(annotations, set).to.include({
          'helm.sh/resource-policy': 'keep',
          'argocd.argoproj.io/sync-options': 'Prune=false',
        });
        expect(labels, set).to.have.property('app.kubernetes.io/instance', 'x');
        expect(name.length).to.be.at.most(253);
        for (const pods of stateful) expect(mounted(pods, 'Secret'), set).to.include(name);
      }
      const optional = podsOf(objects).flatMap(({ spec }) =>
        strings(spec['volumes']).filter(([, text]) => text === 'optional'),
      );
      expect(optional, set).to.deep.equal([]);
    }
  });

  it('lets nobody create Secrets but its Job, which can do nothing else', async () => {
    for (const { set, values, rendered } of await renderSets(chart)) {
      const { objects } = rendered;
      expect(powerFindings(objects), set).to.deep.equal([]);
      // The token is where it is used, and the installation may want it elsewhere.
      if (strings(values).some(([, text]) => text === 'automountServiceAccountToken')) continue;
      for (const { owner, spec } of podsOf(objects)) {
        const bound = ofKind(objects, 'RoleBinding').some((binding) =>
          listAt(binding, 'subjects').some(({ name }) => name === spec['serviceAccountName']),
        );
        expect(spec['automountServiceAccountToken'], `${set} ${idOf(owner)}`).to.equal(bound);
      }
      for (const account of ofKind(objects, 'ServiceAccount')) {
        expect(account['automountServiceAccountToken'], set).to.be.false;
      }
    }
  });
});

describe('rules of secrets', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);
  let objects: Resource[] = [];
  beforeEach(async () => {
    if (!chart) return;
    const { values } = await marked(chart);
    objects = structuredClone((await render(chart, { values })).objects);
  });

  it('know every way to give a password', async () => {
    if (!chart) return;
    const { given } = await marked(chart);
    expect(given.map(dotted)).to.deep.equal(['auth.password', 'auth.appPassword']);
    const node: Schema = {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, password: {} },
      },
    };
    expect(markedValue(node)).to.deep.equal([{ name: 'other', password: marker }]);
  });

  it('find a password in a ConfigMap, an argument, a variable, an annotation and a key', () => {
    expect(leaks(objects)).to.deep.equal([]);
    const [map] = ofKind(objects, 'ConfigMap');
    const [set] = ofKind(objects, 'StatefulSet');
    if (!map || !set) throw new Error('nothing to damage');
    map.data = { 'a.conf': `user = ${encoded}\n`, [marker]: '' };
    const container = at(set, 'spec', 'template', 'spec', 'containers', 0) as Data;
    container['args'] = [`--password=${marker}`];
    container['env'] = [{ name: 'ROOT_PASSWORD', value: 'x' }];
    set.metadata.annotations = { password: marker };
    expect(leaks(objects).map((leak) => leak.split(' ')[1])).to.have.members([
      '/metadata/annotations/password',
      '/spec/template/spec/containers/0/args/0',
      '/data/a.conf',
      '/data',
    ]);
    expect(plainVariables(objects)).to.deep.equal(['StatefulSet/ours/x-full: ROOT_PASSWORD']);
  });

  it('find one in plain text in a Secret', () => {
    const [secret] = ofKind(objects, 'Secret');
    if (secret) secret['stringData'] = { password: marker };
    expect(leaks(objects)).to.have.lengthOf(1);
  });

  it('find whoever may do more', async () => {
    if (!chart) return;
    const bare = structuredClone((await render(chart)).objects);
    expect(powerFindings(bare)).to.deep.equal([]);
    const [role] = ofKind(bare, 'Role');
    const [daemons] = podsOf(bare).filter(({ owner }) => owner.kind === 'DaemonSet');
    if (!role || !daemons) throw new Error('nothing to damage');
    (at(role, 'rules', 0) as Data)['verbs'] = ['create', 'get'];
    daemons.spec['serviceAccountName'] = 'x-full-credentials';
    expect(powerFindings(bare)).to.deep.equal([
      'Role/ours/x-full-credentials: more than to create Secrets',
      'DaemonSet/ours/x-full-agent: may create Secrets',
      'RoleBinding/ours/x-full-credentials: for 2 workloads',
    ]);
  });
});
