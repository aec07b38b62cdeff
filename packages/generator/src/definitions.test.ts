import { expect } from 'chai';
import { chartOf, head, idOf, ids, named } from './definitions.fixture.ts';
import { generateChart } from './index.ts';
import type { Chart } from './rules/chart.fixture.ts';
import { at, keys, listAt, without, type Data, type Resource } from './rules/data.fixture.ts';
import {
  containersOf,
  matches,
  ofKind,
  podsOf,
  selectorKeys,
  selectorOf,
  versionLabels,
  workloadsOf,
} from './rules/objects.fixture.ts';
import { findClient, inPairs, kubeVersion, render } from './rules/render.fixture.ts';

const names = (list: readonly Data[]) => list.map(({ name }) => name);

/** What holds for the objects of every chart, whatever its definition says. */
function expectSound(objects: readonly Resource[]): void {
  expect(new Set(ids(objects)).size).to.equal(objects.length);
  const pods = podsOf(objects);
  for (const { owner, labels, spec } of pods) {
    const id = idOf(owner);
    const security = at(spec, 'securityContext');
    expect(security, id).to.include({ runAsNonRoot: true });
    expect(at(security, 'seccompProfile'), id).to.deep.equal({ type: 'RuntimeDefault' });
    // The pods of helm test come and go.
    if (owner.kind !== 'Pod') expect(labels, id).not.to.have.any.keys(versionLabels);
    const volumes = names(listAt(spec, 'volumes'));
    expect(new Set(volumes).size, id).to.equal(volumes.length);
    const claims = listAt(owner, 'spec', 'volumeClaimTemplates') as Resource[];
    for (const claim of claims) {
      expect(keys(claim.metadata.labels), id).to.include.members(selectorKeys);
      expect(claim.metadata.labels, id).not.to.have.any.keys(versionLabels);
    }
    const known = [...volumes, ...claims.map(({ metadata }) => metadata.name)];
    const containers = containersOf({ owner, labels, spec, annotations: {} });
    expect(new Set(names(containers)).size, id).to.equal(containers.length);
    for (const container of containers) {
      const mounts = listAt(container, 'volumeMounts');
      expect(known, id).to.include.members(names(mounts));
      const paths = mounts.map(({ mountPath }) => mountPath);
      expect(new Set(paths).size, id).to.equal(paths.length);
      expect(at(container, 'securityContext'), id).to.deep.include({
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
  for (const workload of workloadsOf(objects)) {
    expect(keys(selectorOf(workload)), idOf(workload)).to.have.members(selectorKeys);
  }
  for (const object of objects) {
    // A Service of a single pod also selects by its name.
    const selector = without(selectorOf(object) ?? {}, ['statefulset.kubernetes.io/pod-name']);
    if (object.kind === 'Job' || Object.keys(selector).length === 0) continue;
    const owners = pods.filter(({ labels }) => matches(selector, labels));
    expect(
      owners.map(({ owner }) => idOf(owner)),
      idOf(object),
    ).to.have.lengthOf(1);
  }
}

/** Objects that installations bring themselves, and values that leave no pods. */
const given = /extra|prepare|sidecar/;

/** A chart that lints, reads well and is sound with each of its value sets. */
function sound(chart: Chart): void {
  it('gives a chart that lints and is sound with every value set', async () => {
    const dir = await chart.dir();
    const helm = await findClient();
    await inPairs(await chart.sets(), async ({ name, values }) => {
      const set = ['-f', `${dir}/ci/${name}`];
      await helm.succeed(['lint', '--strict', '--quiet', dir, ...kubeVersion, ...set]);
      const { text, objects } = await render(chart, { set: name });
      expect(text, name).not.to.match(/: null$/m);
      if (at(values, 'external', 'enabled') === true || given.test(text)) return;
      expectSound(objects);
    });
    expectSound((await render(chart)).objects);
  });

  it('gives templates that can be read', async () => {
    const { files } = await generateChart(await chart.definition());
    for (const [path, text] of files) {
      expect(text, path).not.to.match(/[\uE000-\uE00F]/);
      if (path.startsWith('templates/')) expect(text, path).not.to.match(/^.{141}|[ \t]$/m);
    }
  });
}

describe('the least definition', function () {
  this.timeout(300_000);
  const definition = `${head('least')}roles:
  - name: least
    workload: StatefulSet
    ports: { main: 7000 }
    volumes: { data: { mountPath: /data, size: 1Gi } }
    probes: { ready: { tcp: main } }
`;
  const chart = chartOf('least', definition);
  sound(chart);

  it('has at most fifteen lines', () => {
    expect(definition.trim().split('\n').length).to.be.at.most(15);
  });

  it('has all that keeps identity and data', async () => {
    const { objects } = await render(chart);
    expect(ids(objects)).to.deep.equal([
      'NetworkPolicy/x-least',
      'Pod/x-least-test',
      'Service/x-least',
      'Service/x-least-headless',
      'ServiceAccount/x-least',
      'StatefulSet/x-least',
    ]);
    const set = named(objects, 'StatefulSet/x-least');
    expect(set?.spec).to.deep.include({
      serviceName: 'x-least-headless',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(at(set, 'spec', 'volumeClaimTemplates', 0, 'spec', 'resources')).to.deep.equal({
      requests: { storage: '1Gi' },
    });
    expect(at(set, 'spec', 'template', 'spec', 'securityContext')).to.include({ fsGroup: 1001 });
  });

  it('keeps nothing where that is asked for', async () => {
    const values = { persistence: { enabled: false } };
    const { objects } = await render(chart, { values });
    const set = named(objects, 'StatefulSet/x-least');
    expect(at(set, 'spec', 'volumeClaimTemplates')).to.equal(undefined);
    expect(listAt(set, 'spec', 'template', 'spec', 'volumes')).to.deep.include({
      name: 'data',
      emptyDir: {},
    });
  });

  it('says where its values are wrong', async () => {
    const wrong = { 'persistence.size': 'big', 'service.port': '1', replicaCount: 'three' };
    for (const [key, value] of Object.entries(wrong)) {
      const args = [
        'lint',
        '--strict',
        await chart.dir(),
        ...kubeVersion,
        '--set',
        `${key}=${value}`,
      ];
      const { exitCode, stdout } = await (await findClient()).run(args);
      expect(exitCode).not.to.equal(0);
      expect(stdout).to.contain(key.split('.').at(-1));
    }
  });
});

describe('modes and roles', function () {
  this.timeout(300_000);
  const chart = chartOf(
    'duo',
    `${head('duo')}modes:
  - { name: alone, description: One server }
  - { name: watched, description: A server and its watchers }
roles:
  - name: duo
    workload: StatefulSet
    ports: { main: 7000 }
    volumes: { data: { mountPath: /data, size: 1Gi } }
    probes: { ready: { tcp: main } }
  - name: watcher
    workload: StatefulSet
    modes: [watched]
    replicas: 3
    ports: { watch: 7001 }
    configuration: { mountPath: /etc/watcher, files: { watcher.conf: "a = 1" } }
    probes: { ready: { tcp: watch } }
`,
  );
  sound(chart);

  it('adds exactly the objects of the second role in its mode', async () => {
    const alone = await render(chart);
    const watched = await render(chart, { args: ['--set', 'mode=watched'] });
    const added = watched.objects.filter((one) => !ids(alone.objects).includes(idOf(one)));
    expect(ids(added)).to.deep.equal([
      'ConfigMap/x-duo-watcher-configuration',
      'NetworkPolicy/x-duo-watcher',
      'Pod/x-duo-watcher-test',
      'PodDisruptionBudget/x-duo-watcher',
      'Service/x-duo-watcher',
      'Service/x-duo-watcher-headless',
      'StatefulSet/x-duo-watcher',
    ]);
    const others = watched.objects.filter((one) => !added.includes(one));
    expect(others).to.deep.equal(alone.objects);
    expect(await render(chart, { args: ['--set', 'mode=alone'] })).to.deep.equal(alone);
    expectSound(watched.objects);
  });

  it('has the values of the role of the application’s name at the root', async () => {
    const defaults = await chart.defaults();
    expect(defaults).to.include({ mode: 'alone', replicaCount: 1 });
    expect(at(defaults, 'persistence', 'size')).to.equal('1Gi');
    expect(at(defaults, 'watcher', 'replicaCount')).to.equal(3);
    expect(at(defaults, 'watcher', 'persistence')).to.equal(undefined);
  });

  it('asks for the place outside of those roles that are in the mode', async () => {
    const external = { enabled: true, host: 'duo.example.org' };
    const { objects } = await render(chart, { values: { external } });
    expect(ids(objects)).to.deep.equal(['Pod/x-duo-test', 'Service/x-duo']);
    const args = ['template', 'x', await chart.dir(), ...kubeVersion, '-f', '-'];
    const input = JSON.stringify({ mode: 'watched', external });
    const { exitCode, stderr } = await (await findClient()).run(args, { input });
    expect(exitCode).not.to.equal(0);
    expect(stderr).to.contain("at '/watcher/external/addresses'");
  });

  it('refuses a mode that does not exist, and names those that do', async () => {
    const args = ['template', 'x', await chart.dir(), '--set', 'mode=watchd'];
    const { exitCode, stderr } = await (await findClient()).run(args);
    expect(exitCode).not.to.equal(0);
    expect(stderr).to.contain("at '/mode'").and.to.contain("'alone', 'watched'");
  });
});

describe('a Deployment with a volume', function () {
  this.timeout(300_000);
  const chart = chartOf(
    'gate',
    `${head('gate')}roles:
  - name: gate
    workload: Deployment
    replicas: 2
    ports: { http: 8080 }
    volumes: { data: { mountPath: /data, size: 1Gi } }
    probes: { ready: { http: { port: http } } }
`,
  );
  sound(chart);

  it('has one claim that all pods share and that outlives the release', async () => {
    const { objects } = await render(chart);
    const claim = named(objects, 'PersistentVolumeClaim/x-gate-data');
    expect(claim?.metadata.annotations).to.include({ 'helm.sh/resource-policy': 'keep' });
    const gate = named(objects, 'Deployment/x-gate');
    expect(at(gate, 'spec', 'strategy')).to.deep.equal({ type: 'Recreate' });
    expect(at(gate, 'spec', 'replicas')).to.equal(2);
    expect(listAt(gate, 'spec', 'template', 'spec', 'volumes')).to.deep.include({
      name: 'data',
      persistentVolumeClaim: { claimName: 'x-gate-data' },
    });
    expect(ofKind(objects, 'StatefulSet')).to.be.empty;
    expect(ofKind(objects, 'PodDisruptionBudget')).to.have.lengthOf(1);
    expect(ofKind(objects, 'Service').map(({ metadata }) => metadata.name)).to.deep.equal([
      'x-gate',
    ]);
  });

  it('takes a claim that exists, or none at all', async () => {
    const volumes = async (persistence: Data) => {
      const { objects } = await render(chart, { values: { persistence } });
      expect(ofKind(objects, 'PersistentVolumeClaim')).to.be.empty;
      const gate = named(objects, 'Deployment/x-gate');
      return listAt(gate, 'spec', 'template', 'spec', 'volumes');
    };
    expect(await volumes({ existingClaim: '{{ .Release.Name }}-mine' })).to.deep.include({
      name: 'data',
      persistentVolumeClaim: { claimName: 'x-mine' },
    });
    expect(await volumes({ enabled: false })).to.deep.include({ name: 'data', emptyDir: {} });
  });
});

describe('a DaemonSet', function () {
  this.timeout(300_000);
  const chart = chartOf(
    'agent',
    `${head('agent')}roles:
  - name: agent
    workload: DaemonSet
    ports: { forward: 8080 }
    inMemory: [/run/agent]
    probes: { ready: { tcp: forward } }
  - name: quiet
    workload: DaemonSet
`,
  );
  sound(chart);

  it('has a pod on every node: no replicas, claims, budget or headless Service', async () => {
    const { objects } = await render(chart);
    expect(ids(objects)).to.deep.equal([
      'DaemonSet/x-agent',
      'DaemonSet/x-agent-quiet',
      'NetworkPolicy/x-agent',
      'NetworkPolicy/x-agent-quiet',
      'Pod/x-agent-test',
      'Service/x-agent',
      'ServiceAccount/x-agent',
    ]);
    const agent = named(objects, 'DaemonSet/x-agent');
    expect(agent?.spec).not.to.have.any.keys('replicas', 'volumeClaimTemplates', 'serviceName');
    expect(listAt(agent, 'spec', 'template', 'spec', 'volumes')).to.deep.include({
      name: 'run-agent',
      emptyDir: { medium: 'Memory' },
    });
    const all = JSON.stringify(await chart.defaults());
    expect(all).not.to.match(/replicaCount|persistence|pdb|podManagementPolicy/);
  });
});

describe('a Job', function () {
  this.timeout(300_000);
  const definition = `${head('work')}roles:
  - name: work
    workload: Job
    command: [/bin/work]
    volumes: { data: { mountPath: /data, size: 1Gi } }
`;
  const chart = chartOf('work', definition);
  sound(chart);

  const jobOf = (objects: readonly Resource[]) => {
    const [job, ...more] = ofKind(objects, 'Job');
    expect(more).to.be.empty;
    expect(job?.metadata.name).to.match(/^x-work-[0-9a-f]{8}$/);
    return job;
  };
  const nameOf = async (text: string, args: string[] = []) => {
    const other = chartOf('work', text);
    return jobOf((await render(other, { args })).objects)?.metadata.name;
  };

  it('runs to its end on a claim of its own, and has nothing to reach it by', async () => {
    const { objects } = await render(chart);
    const job = jobOf(objects);
    expect(at(job, 'spec', 'template', 'spec')).to.include({ restartPolicy: 'OnFailure' });
    expect(ofKind(objects, 'PersistentVolumeClaim').map(idOf)).to.deep.equal([
      'PersistentVolumeClaim/x-work-data',
    ]);
    expect(ofKind(objects, 'Service', 'Pod', 'PodDisruptionBudget')).to.be.empty;
  });

  it('has another name when it runs something else, and never else', async () => {
    const name = jobOf((await render(chart)).objects)?.metadata.name;
    const other = [
      await nameOf(definition.replace('/bin/work', '/bin/other')),
      await nameOf(definition.replace('appVersion: "1.0"', 'appVersion: "1.1"')),
      await nameOf(definition, ['--set', 'image.tag=v2']),
      await nameOf(definition, ['--set', 'podLabels.a=b']),
    ];
    expect(new Set([name, ...other]).size).to.equal(other.length + 1);
    const same = [
      await nameOf(definition.replace('A demonstration', 'Another text')),
      await nameOf(`${definition}version: 7.8.9\n`),
      await nameOf(definition, ['--set', 'commonAnnotations.a=b']),
      await nameOf(definition, ['--set', 'networkPolicy.enabled=false']),
    ];
    expect(new Set([name, ...same]).size).to.equal(1);
  });
});

describe('several roles with credentials, TLS, metrics and configuration', function () {
  this.timeout(300_000);
  const chart = chartOf(
    'full',
    `${head('full')}credentials:
  mountPath: /run/secrets/full
  accounts:
    admin: { key: admin-password, description: "Password: of the \\"administrator\\"" }
    reader: { key: reader-password, value: readerPassword, description: Password of readers }
tls: { mountPath: /run/tls/full }
metrics:
  image: { repository: example/exporter, tag: v1 }
  port: 9100
  role: door
roles:
  - name: full
    workload: StatefulSet
    replicas: 3
    init: [/bin/init]
    ports: { main: 7000 }
    volumes:
      data: { mountPath: /data, size: 1Gi }
      log: { mountPath: /log, size: 1Gi }
    configuration: { mountPath: /etc/full, files: { inline.conf: "a = 1" } }
    scripts: { mountPath: /opt/full }
    probes: { ready: { tcp: main } }
  - name: door
    workload: Deployment
    ports: { http: 8080 }
    configuration: { mountPath: /etc/door, files: { door.conf: "b = 2" } }
    probes: { ready: { http: { port: http } } }
  - name: agent
    workload: DaemonSet
    configuration: { mountPath: /etc/agent, files: { agent.conf: "c = 3" } }
  - name: setup
    workload: Job
    command: [/bin/setup]
    scripts: { mountPath: /opt/setup }
`,
    {
      'files/config/folder.conf': '{{ this is the application’s }}\n',
      'files/scripts/start.sh': 'exec full\n',
      'files/setup/scripts/setup.sh': 'exec setup\n',
    },
  );
  sound(chart);
  const tls = { tls: { enabled: true, existingSecret: 'certificates' } };
  const own = ({ kind, metadata }: Resource) =>
    ['StatefulSet', 'Deployment', 'DaemonSet', 'Job'].includes(kind) &&
    !metadata.name.includes('credentials');

  it('mounts the same passwords and certificates into every container of the application', async () => {
    const { objects } = await render(chart, { values: tls });
    const all = podsOf(objects).filter(({ owner }) => own(owner));
    expect(all).to.have.lengthOf(4);
    const secrets = all.map(({ spec }) =>
      listAt(spec, 'volumes').filter(({ name }) => name === 'credentials' || name === 'tls'),
    );
    for (const some of secrets) expect(some).to.deep.equal(secrets[0]);
    expect(listAt(secrets[0]?.[0], 'projected', 'sources')).to.deep.equal(
      ['admin', 'reader'].map((name) => {
        const path = `${name}-password`;
        return { secret: { name: `x-full-${name}`, items: [{ key: path, path }] } };
      }),
    );
    for (const pods of all) {
      for (const container of containersOf(pods)) {
        const paths = listAt(container, 'volumeMounts').map(({ mountPath }) => mountPath);
        if (container['name'] === 'metrics') expect(paths).to.be.empty;
        else expect(paths).to.include.members(['/run/secrets/full', '/run/tls/full']);
      }
    }
  });

  it('mounts nothing of them where they are off', async () => {
    const { objects, text } = await render(chart, { values: { auth: { enabled: false } } });
    expect(text).not.to.match(/\/run\/(secrets|tls)\/full/);
    expect(ofKind(objects, 'Job').map(({ metadata }) => metadata.name)).to.have.lengthOf(1);
    expect(ofKind(objects, 'Secret', 'Role', 'RoleBinding')).to.be.empty;
  });

  it('tells metrics beside the role that is named, and nowhere else', async () => {
    const { objects } = await render(chart, { values: { metrics: { enabled: true } } });
    const beside = podsOf(objects).filter((pods) => names(containersOf(pods)).includes('metrics'));
    expect(beside.map(({ owner }) => idOf(owner))).to.deep.equal(['Deployment/x-full-door']);
    const service = named(objects, 'Service/x-full-door-metrics');
    expect(at(service, 'spec', 'selector')).to.include({
      'app.kubernetes.io/component': 'door',
    });
    expectSound(objects);
  });

  it('gives each role its own files, from the folder and from the definition', async () => {
    const { objects } = await render(chart);
    const data = Object.fromEntries(
      ofKind(objects, 'ConfigMap').map(({ metadata, data: files }) => [metadata.name, files]),
    );
    delete data['x-full-credentials'];
    expect(data).to.deep.equal({
      'x-full-configuration': {
        'folder.conf': '{{ this is the application’s }}\n',
        'inline.conf': 'a = 1\n',
      },
      'x-full-scripts': { 'start.sh': 'exec full\n' },
      'x-full-door-configuration': { 'door.conf': 'b = 2\n' },
      'x-full-agent-configuration': { 'agent.conf': 'c = 3\n' },
      'x-full-setup-scripts': { 'setup.sh': 'exec setup\n' },
    });
  });

  it('rolls the pods of the role whose configuration changes, and no others', async () => {
    const templates = async (values: Data) => {
      const { objects } = await render(chart, { values });
      return new Map(
        podsOf(objects)
          .filter(({ owner }) => own(owner))
          .map(({ owner, annotations }) => [owner.kind, JSON.stringify(annotations)]),
      );
    };
    const before = await templates({});
    const after = await templates({ door: { configuration: { 'door.conf': 'b = 3\n' } } });
    const changed = [...before].filter(([kind, text]) => after.get(kind) !== text);
    expect(changed.map(([kind]) => kind)).to.deep.equal(['Deployment']);
  });

  it('has a certificate with the names of all Services and pods', async () => {
    const issued = { enabled: true, issuerRef: { name: 'authority' } };
    const { objects } = await render(chart, {
      values: { tls: { enabled: true, certManager: issued } },
    });
    const [certificate] = ofKind(objects, 'Certificate');
    expect(at(certificate, 'spec', 'dnsNames')).to.include.members([
      'localhost',
      'x-full',
      `x-full-door.${certificate?.metadata.namespace ?? ''}.svc.cluster.local`,
      `*.x-full-headless.${certificate?.metadata.namespace ?? ''}.svc.cluster.local`,
    ]);
  });
});
