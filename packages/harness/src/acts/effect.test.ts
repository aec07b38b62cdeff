import { expect } from 'chai';
import { badInput } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import { parseDriver } from '../observe/driver.ts';
import { parseManifests } from '../observe/manifests.ts';
import { negativeControl } from './control.ts';
import { moveOutside } from './external.ts';
import { fullDisk } from './full-disk.ts';
import type { Stage } from './stage.ts';
import { world } from './world.fixture.ts';

const driver = parseDriver(
  `
apiVersion: holdfast.dev/v1
kind: Driver
port: 80
ledger: { write: write.sh, read: read.sh }
without: [persistence.enabled=false]
outside: [external.enabled=true, external.host=$HOST]
`,
  'driver.yaml',
);
const claims =
  'volumeClaimTemplates: [{ metadata: { name: data }, spec: { resources: { requests: { storage: 1Gi } } } }]';
const set = (more: string) =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec: { ${more} }\n`;
const service = `---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80, nodePort: 31000 }] }
`;
const secret = () => `---
apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { password: ${Math.random().toString(36)} }
`;

/** A release of a chart that is rendered, or refused, by what Helm is asked. */
function stageOf(render: (asked: string) => string | undefined, parts: Partial<Stage> = {}) {
  const templates: string[] = [];
  const place = world({}, (args) => {
    const line = args.join(' ');
    if (args[0] === 'template') templates.push(line);
    const stdout = args[0] === 'template' ? render(line) : '';
    return stdout === undefined ? { exitCode: 1, stderr: 'Error: no such value\n' } : { stdout };
  });
  const control = { server: 'server', agents: [] } as unknown as NodeControl;
  const scene = { ...place.stage.scene, control, driver: { ...driver, scripts: {} } };
  const stage: Stage = {
    ...{ ...place.stage, scene, objects: parseManifests(render('') ?? '') },
    reach: () =>
      Promise.resolve({ service: 'web', port: 80 } as Awaited<ReturnType<Stage['reach']>>),
    ...parts,
  };
  return { ...place, stage, templates };
}

/** That nothing was changed on the cluster. */
function untouched({ asked }: { asked: readonly string[] }): void {
  const changes = asked.filter((line) => !/^(GET |helm template)/.test(line));
  expect(changes).to.eql([]);
}

describe('acts with values of a driver that is for another chart', () => {
  for (const [key, perform] of [
    ['without', negativeControl],
    ['outside', moveOutside],
  ] as const) {
    it(`are skipped where ${key} changes nothing, also beside a random password`, async () => {
      const place = stageOf(() => set(claims) + secret());
      const outcome = await perform(place.stage);
      expect(outcome).to.eql({
        state: 'skipped',
        reason: `the driver's values (${key}) change nothing in this chart`,
      });
      untouched(place);
    });

    it(`are skipped where the chart does not render with ${key}`, async () => {
      const place = stageOf((line) => (line.includes('.enabled=') ? undefined : set(claims)));
      const outcome = await perform(place.stage);
      expect(outcome).to.include({ state: 'skipped' });
      expect(outcome).to.have.property('reason').that.contains(`(${key}) are not for this chart`);
      expect(outcome).to.have.property('reason').that.contains('no such value');
      untouched(place);
    });
  }
});

describe('acts that install the chart beside the release', () => {
  const render = (asked: string) => set(asked.includes('.enabled=') ? '' : claims) + service;

  for (const [what, perform] of [
    ['without persistence', negativeControl],
    ['on a full volume', fullDisk],
    ['as the server outside', moveOutside],
  ] as const) {
    it(`are skipped ${what} where both would have the same node port`, async () => {
      const place = stageOf(render);
      expect(await perform(place.stage)).to.eql({
        state: 'skipped',
        reason:
          'node port 31000 is there once in a cluster, and the chart would be installed twice',
      });
      untouched(place);
    });
  }

  it('lead to the Service by which the ledgers are written', async () => {
    const reach = () =>
      Promise.resolve({ service: 'other', port: 81 } as Awaited<ReturnType<Stage['reach']>>);
    const place = stageOf(render, { reach });
    await moveOutside(place.stage);
    expect(place.templates.join('\n')).to.match(
      /--set external\.host=other\.ns-outside-[0-9a-f]{4}\.svc\.cluster\.local/,
    );
  });

  it('are skipped where nobody can tell that Service', async () => {
    const reach = () =>
      Promise.reject(badInput('several Services', { object: 'a, b', hint: 'name one' }));
    const place = stageOf(render, { reach });
    const reason = 'several Services (a, b); name one';
    expect(await moveOutside(place.stage)).to.eql({ state: 'skipped', reason });
    untouched(place);
  });
});
