import { expect } from 'chai';
import type { Moment } from '@holdfast/core';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import { newTally } from '../ledger/tally.ts';
import type { Pod } from '../observe/objects.ts';
import { disrupt, type WatchHolders } from './disrupt.ts';
import { kinds, type Kind } from './kinds.ts';
import { cutNodeOff, stopNode } from './nodes.ts';
import { containerId, memberPod, startAnew, world, type World } from './world.fixture.ts';

const brief = { stoppedMs: 20, cutOffMs: 20 };

/** The kind of an id, with nodes that are away for a moment only. */
function kindOf(id: string): Kind {
  const kind = kinds.find((entry) => entry.id === id);
  if (!kind) throw new Error(id);
  if (id === 'node-stop') return { ...kind, strike: (strike) => stopNode(strike, brief) };
  if (id === 'cut-off') return { ...kind, strike: (strike) => cutNodeOff(strike, brief) };
  return kind;
}

async function done(
  there: World,
  id: string,
  targets: string[],
  nodes: string[] = [],
  watch?: WatchHolders,
) {
  const moments: Moment[] = [];
  const planned = { number: 3, kind: kindOf(id), pods: targets };
  const tell = (moment: Moment) => moments.push(moment);
  const result = await disrupt(there.scene, planned, { targets, nodes }, tell, watch);
  if ('refused' in result) return expect.fail(result.refused);
  return { ...result.evidence, moments };
}

const podOf = (there: World, name: string): Pod => there.pods.get(name) ?? expect.fail(name);
/** What comes later than the request, as all that a cluster does. */
function later(work: () => void, ms = 30): void {
  setTimeout(work, ms);
}

describe('disrupt', () => {
  it('deletes a pod gracefully, by its UID, and waits for another that is Ready', async () => {
    const there = world();
    there.onRequest = () => {
      later(() => there.pods.set('web-0', memberPod('web-0', 'v0', 'agent-1', 9)));
    };
    const { record, targets, bystanders, moments, unsettled } = await done(there, 'graceful', [
      'web-0',
    ]);
    expect(there.asked).to.eql([
      {
        line: 'DELETE /api/v1/namespaces/ns/pods/web-0',
        body: { preconditions: { uid: 'u0' } },
      },
    ]);
    expect(record).to.include({ number: 3, kind: 'graceful delete' });
    expect(record.recoveryMs).to.be.greaterThan(0);
    expect(targets['web-0']).to.deep.include({ fate: 'replaced' });
    expect(targets['web-0']?.after?.uid).to.equal('v0');
    expect(bystanders).to.eql(['web-1']);
    expect(unsettled).to.equal(undefined);
    expect(moments).to.eql(record.timeline);
    expect(moments[0]).to.include({ object: 'web-0', event: 'delete requested' });
    const lives = record.spans?.pods.map(({ pod, uid, createdMs }) => [
      pod,
      uid,
      createdMs !== null,
    ]);
    expect(lives).to.eql([
      ['web-0', 'u0', false],
      ['web-0', 'v0', true],
      ['web-1', 'u1', false],
    ]);
  });

  it('sees how a pod ends that is told to stop', async () => {
    const there = world();
    there.onRequest = () => {
      const ending = structuredClone(podOf(there, 'web-0'));
      ending.metadata.deletionTimestamp = '2026-01-01T00:00:30Z';
      ending.metadata.deletionGracePeriodSeconds = 30;
      ending.metadata.resourceVersion = '2';
      for (const status of ending.status.containerStatuses ?? []) {
        status.state = { terminated: { exitCode: 137 } };
      }
      there.pods.set('web-0', ending);
      later(() => there.pods.set('web-0', memberPod('web-0', 'v0', 'agent-1', 9)), 500);
    };
    const { targets } = await done(there, 'graceful', ['web-0']);
    expect(targets['web-0']?.ending).to.include({ graceMs: 30_000 });
    expect(targets['web-0']?.ending?.killed).to.eql(['web']);
  });

  it('deletes a pod by force without a time of grace, and has somebody look on', async () => {
    const there = world();
    there.onRequest = () => {
      later(() => there.pods.set('web-0', memberPod('web-0', 'v0', 'agent-1', 9)));
    };
    const looked: string[] = [];
    const watch: WatchHolders = (_, { metadata }) => {
      looked.push(`watch ${metadata.name} while ${there.asked.length} deleted`);
      const stop = () => {
        looked.push('stop');
        return Promise.resolve({ pod: metadata.name, samples: [] });
      };
      return Promise.resolve({ stop });
    };
    const { holders } = await done(there, 'force', ['web-0'], [], watch);
    expect(there.asked[0]?.body).to.eql({ gracePeriodSeconds: 0, preconditions: { uid: 'u0' } });
    expect(looked).to.eql(['watch web-0 while 0 deleted', 'stop']);
    expect(holders).to.eql({ pod: 'web-0', samples: [] });
  });

  it('ends who looks on also where the deletion fails', async () => {
    const there = world();
    there.onRequest = () => {
      throw new Error('no');
    };
    let stopped = false;
    const stop = () => {
      stopped = true;
      return Promise.resolve({ pod: 'web-0', samples: [] });
    };
    const failed = await done(there, 'force', ['web-0'], [], () => Promise.resolve({ stop })).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property('message', 'no');
    expect(stopped).to.equal(true);
  });

  it('has no bystander where all pods are deleted at once', async () => {
    const there = world();
    there.onRequest = ({ line }) => {
      const name = line.replace(/.*\//, '');
      later(() => there.pods.set(name, memberPod(name, `new ${name}`, 'agent-1', 9)));
    };
    const { record, bystanders } = await done(there, 'all', ['web-0', 'web-1']);
    expect(there.asked).to.have.length(2);
    expect(record.targets).to.eql(['web-0', 'web-1']);
    expect(bystanders).to.eql([]);
  });

  it('kills the first process of the main container on its node, and no other', async () => {
    const there = world();
    const pod = podOf(there, 'web-0');
    pod.spec.containers.push({ name: 'metrics', image: 'm' });
    pod.status.containerStatuses?.push({
      name: 'metrics',
      image: 'm',
      imageID: 'm',
      containerID: containerId(5),
      ready: true,
      restartCount: 0,
      state: { running: {} },
    });
    const own = structuredClone(pod.status.containerStatuses?.[1]);
    there.onNode = () => {
      later(() => {
        const anew = startAnew(pod, 7);
        if (own) anew.status.containerStatuses?.splice(1, 1, own);
        there.pods.set('web-0', anew);
      });
    };
    const { targets, record } = await done(there, 'kill', ['web-0']);
    expect(there.done).to.have.length(1);
    expect(there.done[0]).to.match(/^run on agent-1: ctr -n k8s\.io task ls/);
    expect(there.done[0]).to.contain(`= ${containerId(1).replace('containerd://', '')} ]`);
    expect(there.done[0]).to.not.contain(containerId(5).replace('containerd://', ''));
    expect(targets['web-0']).to.include({ fate: 'restarted', hit: 'web' });
    expect(targets['web-0']?.after?.uid).to.equal('u0');
    const events = record.timeline.map(({ event }) => event);
    expect(events).to.include.members(['SIGKILL sent', 'container web started', 'Ready']);
    expect(events.filter((event) => event.includes('metrics'))).to.eql([]);
  });

  it('says what was lacking where the container is not started again', async () => {
    const there = world({ recoveryMs: 100 });
    const { record, targets, unsettled } = await done(there, 'kill', ['web-0']);
    expect(record.recoveryMs).to.equal(null);
    expect(unsettled).to.equal('web-0 is Ready as before');
    expect(targets['web-0']?.state).to.equal('SIGKILL sent, now Ready');
  }).timeout(20_000);

  it('stops a node and starts it, and takes no status of before for a recovery', async () => {
    const there = world();
    there.onNode = (line) => {
      // The kubelet ends the container once before the node is gone, and says so.
      if (line === 'stop agent-1') there.pods.set('web-0', startAnew(podOf(there, 'web-0'), 7));
      if (line !== 'start agent-1') return;
      later(() => there.pods.set('web-0', startAnew(podOf(there, 'web-0'), 8)), 150);
    };
    const { control } = there.scene;
    if (control) {
      const run = control.run.bind(control);
      // The container of in between went with the node: it runs nowhere.
      control.run = async (node, script) =>
        (await run(node, script)).replace(`${containerId(7).slice(13)} 7 RUNNING`, '');
    }
    const { record, targets, bystanders } = await done(there, 'node-stop', ['web-0'], ['agent-1']);
    expect(there.done).to.eql(['stop agent-1', 'start agent-1']);
    expect(record.away).to.deep.include({ nodes: ['agent-1'] });
    expect(record.away?.ms).to.be.within(15, record.recoveryMs ?? 0);
    expect(targets['web-0']?.after?.containers[0]).to.include({ id: containerId(8), restarts: 2 });
    expect(record.recoveryMs).to.be.greaterThan(160);
    expect(bystanders).to.eql(['web-1']);
    const nodes = record.timeline.filter(({ object }) => object === 'agent-1');
    expect(nodes.map(({ event }) => event)).to.eql([
      'stop requested',
      'node stopped',
      'start requested',
      'node reports again',
    ]);
  });

  it('cuts a node off, and waits until it reports again', async () => {
    const there = world();
    there.onNode = (line) => {
      if (line === 'reconnect agent-1') later(() => there.leases.set('agent-1', 'second'), 100);
    };
    const { record, targets } = await done(there, 'cut-off', ['web-0'], ['agent-1']);
    expect(there.done).to.eql(['cut off agent-1', 'reconnect agent-1']);
    expect(targets['web-0']).to.include({ fate: 'kept' });
    expect(record.recoveryMs).to.be.greaterThan(100);
    expect(record.away?.ms).to.be.within(15, 110);
    expect(record.timeline.map(({ event }) => event)).to.include.members([
      'cut off',
      'reconnected',
      'node reports again',
    ]);
  });

  it('takes no node for cut off that goes on reporting, and reconnects it all the same', async () => {
    const there = world();
    there.onNode = (line) => {
      if (line === 'cut off agent-1') later(() => there.leases.set('agent-1', 'second'), 5);
    };
    const failed = await done(there, 'cut-off', ['web-0'], ['agent-1']).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property('message').that.contains('went on reporting');
    expect(there.done).to.eql(['cut off agent-1', 'reconnect agent-1']);
  });

  it('aims at the pods of the time when it became possible', async () => {
    const there = world();
    there.onRequest = () => {
      later(() => there.pods.set('web-0', memberPod('web-0', 'v1', 'agent-1', 9)));
    };
    const kind: Kind = {
      ...kindOf('graceful'),
      awaitPossible: (_, targets) => {
        expect(targets.map(({ metadata }) => metadata.uid)).to.eql(['u0']);
        there.pods.set('web-0', memberPod('web-0', 'v0', 'agent-1', 8));
        return Promise.resolve(undefined);
      },
    };
    const planned = { number: 1, kind, pods: ['web-0'] };
    const aimed = { targets: ['web-0'], nodes: [] };
    const result = await disrupt(there.scene, planned, aimed, () => {});
    if ('refused' in result) return expect.fail(result.refused);
    expect(result.evidence.targets['web-0']?.before.uid).to.equal('v0');
    expect(there.asked[0]?.body).to.eql({ preconditions: { uid: 'v0' } });
  });

  it('is not done where it is not possible', async () => {
    const there = world();
    const kind = { ...kindOf('graceful'), awaitPossible: () => Promise.resolve('not now') };
    const planned = { number: 1, kind, pods: ['web-0'] };
    const aimed = { targets: ['web-0'], nodes: [] };
    expect(await disrupt(there.scene, planned, aimed, () => {})).to.eql({ refused: 'not now' });
    expect(there.asked).to.eql([]);
  });

  it('takes a node that does not report again for a fault of the machine', async () => {
    const there = world({ recoveryMs: 50 });
    const failed = await done(there, 'cut-off', ['web-0'], ['agent-1']).catch(
      (error: unknown) => error,
    );
    expect(failed).to.include({ kind: 'environment', object: 'agent-1' });
    expect(there.done).to.eql(['cut off agent-1', 'reconnect agent-1']);
  });

  it('restarts the cluster, where nobody stands by', async () => {
    const there = world();
    there.onNode = () => {
      later(() => {
        for (const [index, name] of ['web-0', 'web-1'].entries()) {
          there.pods.set(name, startAnew(podOf(there, name), 20 + index));
        }
      });
    };
    const nodes = ['server', 'agent-1', 'agent-2'];
    const { record, bystanders } = await done(there, 'restart', ['web-0', 'web-1'], nodes);
    expect(there.done).to.eql(['restart all']);
    expect(record.away).to.deep.include({ nodes });
    expect(bystanders).to.eql([]);
    expect(Object.values(record.recoveryMsByPod)).to.not.include(null);
  });

  describe('with ledgers', () => {
    /** A ledger whose acknowledgements come from a time on; null: they never do. */
    function ledger(name: string, fromMs: () => number | null, asked: string[]): RunningLedger {
      return {
        name,
        lastAcknowledgedMs: () => Promise.resolve(fromMs()),
        gap: (from, to) => {
          asked.push(`gap of ${name} over ${Math.sign(to - from)}`);
          return Promise.resolve(41);
        },
        silences: () => Promise.resolve([]),
        mark: (disruption) => asked.push(`mark ${name} ${disruption}`),
        readBack: () => Promise.resolve(),
        stop: () => Promise.reject(new Error('not here')),
      };
    }
    const replacing = (there: World) => {
      there.onRequest = () => {
        later(() => there.pods.set('web-0', memberPod('web-0', 'v0', 'agent-1', 9)));
      };
    };

    it('waits for a write that is newer than the recovery, and measures the gap', async () => {
      const there = world();
      replacing(there);
      const asked: string[] = [];
      const start = performance.now();
      // Acknowledged last before all of it, until some time after the recovery.
      const last = () => (performance.now() - start < 300 ? start : performance.now());
      there.scene.ledgers = [ledger('a', last, asked)];
      const { record, unsettled } = await done(there, 'graceful', ['web-0']);
      expect(performance.now() - start).to.be.greaterThan(300);
      expect(asked.slice(0, 2)).to.eql(['mark a 3', 'gap of a over 1']);
      expect(record.gapMs).to.eql({ a: 41 });
      expect(record.spans?.acknowledged['a']).to.have.length(1);
      expect(unsettled).to.equal(undefined);
    });

    it('tells when acknowledgements stopped, and when they went on', async () => {
      const there = world();
      replacing(there);
      const tally = newTally(1);
      const note = () => {
        tally.note(tally.attempted + 1, 'acknowledged', performance.now());
      };
      note();
      const start = performance.now();
      const writing = setInterval(() => {
        if (performance.now() - start > 400) note();
      }, 5);
      there.scene.ledgers = [
        {
          ...ledger('a', () => tally.lastAcknowledgedMs, []),
          gap: (from, to) => Promise.resolve(tally.gap(from, to)),
          silences: (...span) => Promise.resolve(tally.silences(...span)),
        },
      ];
      const { record } = await done(there, 'graceful', ['web-0']).finally(() => {
        clearInterval(writing);
      });
      const told = record.timeline.filter(({ object }) => object === 'a');
      expect(told.map(({ event }) => event)).to.eql(['last acknowledged', 'acknowledged again']);
      expect(told[1]?.ms).to.be.closeTo(400, 60);
      expect(record.timeline).to.eql([...record.timeline].sort((a, b) => a.ms - b.ms));
      const { untilMs, acknowledged } = record.spans ?? expect.fail('no spans');
      expect(acknowledged['a']).to.have.length(1);
      expect(acknowledged['a']?.[0]?.fromMs).to.equal(told[1]?.ms);
      // To the very end: a bar without a pause shows none.
      expect(acknowledged['a']?.[0]?.toMs).to.equal(untilMs);
    });

    it('says which ledger acknowledges nothing any more', async () => {
      const there = world({ recoveryMs: 300 });
      replacing(there);
      const asked: string[] = [];
      const start = performance.now();
      there.scene.ledgers = [
        ledger('a', () => start, asked),
        ledger('b', () => null, asked),
        ledger('c', () => performance.now(), asked),
      ];
      const { record, unsettled } = await done(there, 'graceful', ['web-0']);
      expect(record.gapMs).to.eql({ a: null, b: null, c: 41 });
      expect(unsettled).to.contain('a, b: no write acknowledged within 0.3 s');
    });
  });
});
