import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { targetState } from '../observe/target.ts';
import { confirmBack } from './confirm.ts';
import { helpersBack, helpersOn } from './helpers.ts';
import { killContainer, runningOn } from './runtime.ts';
import { containerId, startAnew, world, type World } from './world.fixture.ts';

function awaited(there: World, fate: 'restarted' | 'kept') {
  const pod = there.pods.get('web-0');
  if (!pod) throw new Error('no pod');
  return [{ namespace: 'ns', name: 'web-0', aim: { fate, before: targetState(pod) } }];
}
function restart(there: World, run: number): void {
  const pod = there.pods.get('web-0');
  if (pod) there.pods.set('web-0', startAnew(pod, run));
}

describe('confirmBack', () => {
  it('does not believe the API in what the node does not run', async () => {
    const there = world();
    const pods = awaited(there, 'kept');
    const { control } = there.scene;
    if (control) control.run = () => Promise.resolve('TASK PID STATUS\n');
    const saw = await confirmBack(there.scene, pods, 50);
    expect(saw).to.equal('web-0 is said to run a container that agent-1 does not run');
  });

  it('takes a container that has ended for none that runs', async () => {
    const there = world();
    const pods = awaited(there, 'kept');
    const { control } = there.scene;
    const id = containerId(1).slice(13);
    if (control) control.run = () => Promise.resolve(`TASK PID STATUS\n${id} 7 STOPPED\n`);
    expect(await confirmBack(there.scene, pods, 50)).to.contain('does not run');
    if (control) control.run = () => Promise.resolve(`TASK PID STATUS\n${id} 7 RUNNING\n`);
    expect(await confirmBack(there.scene, pods, 50)).to.equal(undefined);
  });

  it('waits for the restart', async () => {
    const there = world();
    const pods = awaited(there, 'restarted');
    expect(await confirmBack(there.scene, pods, 50)).to.equal('web-0 is Ready as before');
    restart(there, 7);
    expect(await confirmBack(there.scene, pods, 50)).to.equal(undefined);
  });

  it('goes by the API alone where nodes are out of reach', async () => {
    const there = world();
    const pods = awaited(there, 'kept');
    delete there.scene.control;
    expect(await confirmBack(there.scene, pods, 50)).to.equal(undefined);
  });

  it('bears a runtime that is not up yet', async () => {
    const there = world();
    const pods = awaited(there, 'kept');
    const { control } = there.scene;
    const run = control?.run.bind(control);
    let calls = 0;
    if (control && run) {
      control.run = (node, script) => {
        calls += 1;
        if (calls > 2) return run(node, script);
        const message = 'connection refused';
        return Promise.reject(new HoldfastError({ kind: 'internal', message }));
      };
    }
    expect(await confirmBack(there.scene, pods, 2_000)).to.equal(undefined);
    expect(calls).to.equal(3);
  });

  it('says which pod is gone', async () => {
    const there = world();
    const pods = awaited(there, 'kept');
    there.pods.delete('web-0');
    expect(await confirmBack(there.scene, pods, 50)).to.equal('web-0 does not exist');
  });
});

describe('helpers', () => {
  it('are Holdfast’s own pods on the nodes that go away, and are waited for', async () => {
    const there = world({ recoveryMs: 50 });
    const own = { 'app.kubernetes.io/managed-by': 'holdfast' };
    for (const pod of there.pods.values()) pod.metadata.labels = own;
    expect(await helpersOn(there.scene, [], 'restarted')).to.eql([]);
    const found = await helpersOn(there.scene, ['agent-1'], 'restarted');
    expect(found.map(({ name }) => name)).to.eql(['web-0']);
    const failed = await helpersBack(there.scene, found).catch((error: unknown) => error);
    expect(failed).to.include({ kind: 'environment', object: 'web-0 is Ready as before' });
    restart(there, 7);
    await helpersBack(there.scene, found);
  });

  it('are no pods of the release', async () => {
    const there = world();
    expect(await helpersOn(there.scene, ['agent-1', 'agent-2'], 'restarted')).to.eql([]);
  });
});

describe('the runtime of a node', () => {
  it('tells running containers as the API names them', async () => {
    const { control } = world().scene;
    if (!control) throw new Error('no control');
    expect([...(await runningOn(control, 'agent-1'))]).to.eql([containerId(1)]);
  });

  it('is told no id that is none', async () => {
    const there = world();
    const { control } = there.scene;
    if (!control) throw new Error('no control');
    for (const id of ['', 'containerd://x; reboot', 'docker://1']) {
      const failed = await killContainer(control, 'agent-1', id).catch((error: unknown) => error);
      expect(failed).to.have.property('message').that.contains('no id of a container');
    }
    expect(there.done).to.eql([]);
  });
});
