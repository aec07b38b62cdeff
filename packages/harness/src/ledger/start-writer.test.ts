import { expect } from 'chai';
import { HoldfastError, PollTimeout } from '@holdfast/core';
import { fakeClient } from '../kube/client.fixture.ts';
import { startWriter, WriterRefused } from './start-writer.ts';
import type { WriterParts } from './writer-pod.ts';

const parts: WriterParts = {
  name: 'holdfast-writer-0',
  labels: {},
  template: { spec: { containers: [{ name: 'app', image: 'app:1' }] } },
  scripts: { 'writer.sh': 'text' },
  credentials: [{ file: 'password', secret: 'app', key: 'password' }],
  env: {},
};

/** Starts a writer whose container is in a state; its log quotes its password. */
function start(state: object) {
  const asked: string[] = [];
  const client = fakeClient(({ line, body }) => {
    asked.push(line);
    if (line.endsWith('/log')) return 'AUTH live-one failed';
    if (line.startsWith('POST')) return body;
    return { metadata: {}, status: { containerStatuses: [{ state }] } };
  });
  return { asked, started: startWriter(client, 'ns', parts, 300) };
}

describe('startWriter', () => {
  it('waits until its container runs', async () => {
    const { asked, started } = start({ running: {} });
    expect(await started).to.eql({
      ...{ namespace: 'ns', pod: 'holdfast-writer-0', container: 'writer' },
    });
    expect(asked.slice(0, 2)).to.eql([
      'POST /api/v1/namespaces/ns/configmaps',
      'POST /api/v1/namespaces/ns/pods',
    ]);
  });

  it('says why it does not run, without what it printed, and where that stands', async () => {
    for (const [state, why] of [
      [{ terminated: { exitCode: 127 } }, 'its container exited with 127'],
      [{ waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } }, 'back-off 10s'],
    ] as const) {
      const error = await start(state).started.catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(HoldfastError);
      const { kind, message, object, hint } = error as HoldfastError;
      expect({ kind, message, object }).to.eql({
        ...{ kind: 'environment', message: `the writer does not run: ${why}`, object: 'app:1' },
      });
      expect(hint).to.contain('holdfast-writer-0').and.contain('--report');
    }
  });

  it('does not lead to a log that is gone', async () => {
    const error = await start({ terminated: { exitCode: 1 } }).started.catch((e: unknown) => e);
    if (!(error instanceof WriterRefused)) return expect.fail('it was not refused');
    const { kind, message, object, hint } = error.withoutLog();
    expect({ kind, message, object }).to.eql({
      ...{ kind: 'environment', message: error.message, object: 'app:1' },
    });
    expect(hint).to.contain('needs a shell').and.not.contain('--report');
  });

  it('blames the machine, and no chart, for a pod that comes up too late', async () => {
    const error = await start({ waiting: { reason: 'ContainerCreating' } }).started.catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.not.be.instanceOf(PollTimeout);
    expect(error).to.include({ kind: 'environment', object: 'ns/holdfast-writer-0' });
    expect(error).to.have.property('message').that.contains('last seen: ContainerCreating');
    expect(error).to.have.property('hint').that.contains('memory').and.contains('Secret app');
  });
});
