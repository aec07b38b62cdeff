import { expect } from 'chai';
import { type Chart, invented } from './chart.fixture.ts';
import { everyChart, inPairs, render } from './render.fixture.ts';
import { at, isOutside, listAt, without, type Data, type Resource } from './data.fixture.ts';
import { containersOf, idOf, ofKind, podsOf } from './objects.fixture.ts';

/** What an installation adds or changes on its own responsibility. */
const ofTheInstallation = [
  'initContainers',
  'sidecars',
  'extraDeploy',
  'extraVolumes',
  'podSecurityContext',
  'containerSecurityContext',
];

/** What Pod Security's level restricted refuses, and what this project refuses besides. */
function securityFindings(objects: readonly Resource[]): string[] {
  return podsOf(objects).flatMap((pods) => {
    const { owner, spec } = pods;
    const wrong: string[] = [];
    const demand = (is: boolean, what: string) => {
      if (!is) wrong.push(`${idOf(owner)}: ${what}`);
    };
    const security = spec['securityContext'];
    demand(at(security, 'runAsNonRoot') === true, 'may run as root');
    demand(Number(at(security, 'runAsUser')) > 0, 'has no user');
    demand(at(security, 'seccompProfile', 'type') === 'RuntimeDefault', 'has no seccomp profile');
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace']) {
      demand(!(key in spec), `has ${key}`);
    }
    demand(spec['enableServiceLinks'] === false, 'gets every Service as environment variables');
    for (const volume of listAt(spec, 'volumes')) {
      demand(!('hostPath' in volume), `mounts a path of the node: ${String(volume['name'])}`);
    }
    for (const container of containersOf(pods)) {
      const own = container['securityContext'];
      const name = String(container['name']);
      demand(at(own, 'allowPrivilegeEscalation') === false, `${name} may gain rights`);
      demand(at(own, 'readOnlyRootFilesystem') === true, `${name} writes to its root`);
      demand(at(own, 'privileged') !== true, `${name} is privileged`);
      demand(
        JSON.stringify(at(own, 'capabilities')) === '{"drop":["ALL"]}',
        `${name} has capabilities`,
      );
      for (const path of ['requests', 'limits']) {
        const memory = at(container, 'resources', path, 'memory');
        demand(typeof memory === 'string', `${name} says nothing of memory in its ${path}`);
      }
      for (const port of listAt(container, 'ports')) {
        demand(!('hostPort' in port), `${name} takes a port of the node`);
      }
    }
    return wrong;
  });
}

/** Pods that are not root and have a claim, whose files might belong to somebody else. */
function ownerFindings(objects: readonly Resource[]): string[] {
  return podsOf(objects).flatMap(({ owner, spec }) => {
    const claims =
      listAt(owner, 'spec', 'volumeClaimTemplates').length > 0 ||
      listAt(spec, 'volumes').some((volume) => 'persistentVolumeClaim' in volume);
    if (!claims || at(spec, 'securityContext', 'runAsNonRoot') !== true) return [];
    const security = spec['securityContext'];
    const good =
      typeof at(security, 'fsGroup') === 'number' &&
      at(security, 'fsGroupChangePolicy') === 'OnRootMismatch';
    return good ? [] : [`${idOf(owner)}: fsGroup and OnRootMismatch`];
  });
}

async function renderOwn(
  chart: Chart,
): Promise<{ set: string; outside: boolean; objects: Resource[] }[]> {
  const sets = await chart.sets();
  return inPairs(sets, async ({ name, values }) => {
    const own = without(values, ofTheInstallation);
    const same = JSON.stringify(own) === JSON.stringify(values);
    const wish = same ? { set: name } : { values: own };
    return { set: name, outside: isOutside(values), objects: (await render(chart, wish)).objects };
  });
}

everyChart((chart) => {
  it("passes Pod Security's level restricted", async () => {
    for (const { set, outside, objects } of await renderOwn(chart)) {
      expect(securityFindings(objects), set).to.deep.equal([]);
      expect(podsOf(objects).length, set).to.be.at.least(outside ? 0 : 1);
    }
  });

  it('gives claims to whom the pods run as, without going through every file', async () => {
    for (const { set, objects } of await renderOwn(chart)) {
      expect(ownerFindings(objects), set).to.deep.equal([]);
    }
  });
});

describe('rules of security', function () {
  this.timeout(60_000);
  const [chart] = invented.slice(-1);
  let objects: Resource[] = [];
  beforeEach(async () => {
    if (chart) objects = structuredClone((await render(chart)).objects);
  });

  it('find what Pod Security refuses', () => {
    const [set] = ofKind(objects, 'StatefulSet');
    const spec = at(set, 'spec', 'template', 'spec') as Data;
    spec['hostNetwork'] = true;
    delete (spec['securityContext'] as Data)['runAsUser'];
    (spec['volumes'] as Data[]).push({ name: 'logs', hostPath: { path: '/var/log' } });
    const security = at(spec, 'containers', 0, 'securityContext') as Data;
    security['capabilities'] = { drop: ['ALL'], add: ['NET_ADMIN'] };
    expect(securityFindings(objects)).to.deep.equal([
      'StatefulSet/ours/x-full: has no user',
      'StatefulSet/ours/x-full: has hostNetwork',
      'StatefulSet/ours/x-full: mounts a path of the node: logs',
      'StatefulSet/ours/x-full: full has capabilities',
    ]);
  });

  it('find a claim that belongs to root', () => {
    const [gateway] = ofKind(objects, 'Deployment');
    const security = at(gateway, 'spec', 'template', 'spec', 'securityContext') as Data;
    delete security['fsGroup'];
    expect(ownerFindings(objects)).to.deep.equal([
      'Deployment/ours/x-full-gateway: fsGroup and OnRootMismatch',
    ]);
  });
});
