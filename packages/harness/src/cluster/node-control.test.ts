import { expect } from 'chai';
import { fakeClient } from '../kube/client.fixture.ts';
import { ApiFailure } from '../kube/failure.ts';
import { engineError, fakeContainer } from './container.fixture.ts';
import { awaitReports, nodeControl } from './node-control.ts';

const stale = '2030-01-01T00:00:00Z';
const fresh = '2030-01-01T00:00:01Z';

/** What the API server has of a node. */
interface Shown {
  renewed: string;
  heartbeat: string;
  ready: string;
}

const old: Shown = { renewed: stale, heartbeat: stale, ready: 'True' };
const renewedOnly: Shown = { ...old, renewed: fresh };
const notReady: Shown = { renewed: fresh, heartbeat: fresh, ready: 'False' };
const reported: Shown = { renewed: fresh, heartbeat: fresh, ready: 'True' };

/** A client to which the API server shows the states of nodes one after the other, and then the last. */
function showing(states: (Record<string, Shown> | Error)[], signal?: AbortSignal) {
  const counted = { asked: 0 };
  const client = fakeClient(({ line }) => {
    const state = states[Math.min(counted.asked, states.length - 1)];
    if (line.includes('/leases')) counted.asked += 1;
    if (state instanceof Error) throw state;
    return Object.entries(state ?? {}).map(([name, { renewed, heartbeat, ready }]) => ({
      metadata: { name },
      spec: { renewTime: renewed },
      status: {
        conditions: [{ type: 'Ready', status: ready, lastHeartbeatTime: heartbeat }],
      },
    }));
  }, signal);
  return { client, counted };
}

function cluster(states: (Record<string, Shown> | Error)[], signal?: AbortSignal) {
  const asked: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const server = fakeContainer('server', asked, () => gate.promise);
  const two = fakeContainer('agent-2', asked);
  const one = fakeContainer('agent-1', asked);
  const { client, counted } = showing(states, signal);
  const node = (name: string, host: number, { container }: typeof server) => ({
    name,
    container,
    address: `172.18.0.${host}`,
  });
  const control = nodeControl(
    {
      server: node('server', 2, server),
      agents: [node('agent-2', 4, two), node('agent-1', 3, one)],
      network: { subnet: '172.18.0.0/16', gateway: '172.18.0.1' },
      published: 6443,
    },
    client,
  );
  return { control, asked, counted, server, one, two, gate };
}

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error as Error,
  );

describe('the control of nodes', () => {
  it('knows them by name', async () => {
    const { control, asked } = cluster([{}]);
    expect(control.server).to.equal('server');
    expect(control.agents).to.deep.equal(['agent-1', 'agent-2']);
    expect(await thrown(control.stop('agent-3'))).to.include({ object: 'agent-3' });
    expect(asked).to.deep.equal([]);
  });

  describe('runs scripts', () => {
    it('and gives their standard output alone', async () => {
      const { control, asked, one } = cluster([{}]);
      one.leaves = { exitCode: 0, stdout: 'out\n', stderr: 'err\n' };
      expect(await control.run('agent-1', 'some script')).to.equal('out\n');
      expect(asked).to.deep.equal(['agent-1 exec sh -c some script']);
    });

    it('and throws all their output when they fail', async () => {
      const { control, one } = cluster([{}]);
      one.leaves = { exitCode: 7, stdout: 'out ', stderr: 'err\n' };
      const error = await thrown(control.run('agent-1', 'false'));
      expect(error).to.include({ kind: 'internal', object: 'node agent-1' });
      expect(error.message).to.equal('a script failed with exit code 7: out err');
    });

    it('and names the node that does not run', async () => {
      const { control, one } = cluster([{}]);
      one.fails.exec = engineError(409, 'is not running');
      const error = await thrown(control.run('agent-1', 'true'));
      expect(error).to.include({ kind: 'internal', object: 'node agent-1' });
      expect(error.message).to.contain('is not running');
    });
  });

  it('gives the end of what a node has printed, also of one that is stopped', async () => {
    const { control, one } = cluster([{}]);
    one.output = 'kubelet: one line\n';
    one.running = false;
    expect(await control.log('agent-1', 7)).to.equal('kubelet: one line');
    expect(await thrown(control.log('agent-3', 7))).to.include({ object: 'agent-3' });
  });

  describe('stops and starts', () => {
    it('what is not so already', async () => {
      const { control, one } = cluster([{ 'agent-1': reported }]);
      one.fails = { stop: engineError(304, 'stopped'), start: engineError(304, 'started') };
      await control.stop('agent-1');
      await control.start('agent-1');
      one.fails = { stop: engineError(500, 'no stop'), start: engineError(500, 'no start') };
      for (const [work, words] of [
        [control.stop('agent-1'), 'can not be stopped: no stop'],
        [control.start('agent-1'), 'can not be started: no start'],
      ] as const) {
        const error = await thrown(work);
        expect(error).to.include({ kind: 'internal', object: 'node agent-1' });
        expect(error.message).to.contain(words);
      }
    });

    it('and waits for what the node itself reports since, not for what was there before', async () => {
      const states = [old, renewedOnly, notReady, reported].map((shown) => ({ 'agent-1': shown }));
      const { control, counted } = cluster(states);
      await control.start('agent-1');
      expect(counted.asked).to.equal(4);
    });

    it('and bears an API server that does not answer yet', async () => {
      const failure = new ApiFailure(503, '', 'starting', 'GET /');
      const { control, counted } = cluster([failure, failure, { server: reported }]);
      await control.start('server');
      expect(counted.asked).to.be.greaterThan(1);
    });

    it('and gives up with its output when its container has ended', async () => {
      const { control, one } = cluster([{ 'agent-1': old }]);
      one.endsAtStart = true;
      const error = await thrown(control.start('agent-1'));
      expect(error).to.include({ kind: 'environment', object: 'agent-1' });
      expect(error.message).to.contain('ended with exit code 1');
    });

    it('and ends at an abort', async () => {
      const abort = new AbortController();
      const { control } = cluster([{ 'agent-1': old }], abort.signal);
      const work = control.start('agent-1');
      setImmediate(() => {
        abort.abort(new Error('enough'));
      });
      expect((await thrown(work)).message).to.equal('enough');
    });
  });

  it('says which nodes did not report, and how far they came', async () => {
    const since = Date.parse(stale);
    const { container } = fakeContainer('any', []);
    const started = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, container, since }));
    const shown = { a: old, b: renewedOnly, c: notReady, d: reported };
    const error = await thrown(awaitReports(showing([shown]).client, started, 0));
    expect(error).to.have.property('name', 'PollTimeout');
    expect(error).to.have.property(
      'saw',
      'a has not reported,b has not reported its state,c is not Ready,e has not reported',
    );
  });

  it('restarts all: none before all are stopped, and not done before all have reported', async () => {
    const all = (agent: Shown) => ({ server: reported, 'agent-1': reported, 'agent-2': agent });
    const { control, asked, counted, gate } = cluster([all(old), all(reported)]);
    const work = control.restartAll();
    await new Promise(setImmediate);
    expect(asked).to.include.members(['server stop', 'agent-1 stopped', 'agent-2 stopped']);
    expect(asked.filter((line) => line.endsWith(' start'))).to.deep.equal([]);
    gate.resolve(undefined);
    await work;
    expect(asked.slice(-3).toSorted()).to.deep.equal([
      'agent-1 start',
      'agent-2 start',
      'server start',
    ]);
    expect(counted.asked).to.equal(2);
  });

  describe('cuts off', () => {
    it('an agent as a whole, and the server but for its published port', async () => {
      const { control, asked } = cluster([{}]);
      await control.cutOff('agent-1');
      await control.cutOff('server');
      expect(asked[0])
        .to.match(/^agent-1 exec sh -c /)
        .and.not.to.contain('RETURN');
      expect(asked[1]).to.match(/^server exec sh -c /);
      expect(asked[1]).to.contain('-s 172.18.0.1 -d 172.18.0.2 -p tcp --dport 6443 -j RETURN');
    });

    it('and reconnects a node that runs; one that does not has lost its rules', async () => {
      const { control, asked } = cluster([{}]);
      await control.reconnect('agent-1');
      expect(asked).to.have.length(1);
      await control.stop('agent-1');
      await control.reconnect('agent-1');
      expect(asked.filter((line) => line.includes('exec'))).to.have.length(1);
    });
  });
});
