import { expect } from 'chai';
import { fakeContainer } from './container.fixture.ts';
import { assertRunning, nodeFailure } from './nodes.ts';

describe('nodeFailure', () => {
  const failures: [string, string, RegExp][] = [
    ['(HTTP code 404) no such image: k3s:1', 'the node image can not be had', /--k3s-image/],
    ['lookup registry.example: no such host', 'the node image can not be had', /--k3s-image/],
    ['runc: unable to apply caps: operation not permitted', 'privileged', /--kubeconfig/],
    ['Bind for 0.0.0.0:6443 failed: port is already allocated', 'port is in use', /--api-port/],
  ];
  for (const [said, message, hint] of failures) {
    it(`knows what to do about: ${said}`, () => {
      const error = nodeFailure(new Error(said), 'k3s:1', []);
      expect(error).to.include({ kind: 'environment', object: 'k3s:1' });
      expect(error.message).to.contain(message);
      expect(error.hint).to.match(hint);
    });
  }

  it('quotes the end of the nodes’ output for anything else', () => {
    const log = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const { message } = nodeFailure(new Error('container exited'), 'k3s:1', log);
    expect(message).to.contain('container exited').and.to.contain('line 19');
    expect(message).not.to.contain('line 11\n');
  });
});

describe('assertRunning', () => {
  async function ended(output: string): Promise<Error & { hint: string }> {
    const fake = fakeContainer('agent-1', []);
    Object.assign(fake, { running: false, output });
    const error = await assertRunning(fake.container).catch((thrown: unknown) => thrown);
    expect(error).to.include({ kind: 'environment', object: 'agent-1' });
    // What the node wrote is not taken for what the engine says.
    expect(nodeFailure(error, 'k3s:1', [])).to.equal(error);
    return error as Error & { hint: string };
  }

  it('is content with a node that runs', async () => {
    await assertRunning(fakeContainer('agent-1', []).container);
  });

  it('quotes what a node that has ended wrote last', async () => {
    const { message, hint } = await ended('first\nnode "agent-1" not found\n');
    expect(message).to.equal('a node has ended with exit code 1:\nfirst\nnode "agent-1" not found');
    expect(hint).to.contain('memory and disk');
  });

  it('knows that a machine has too few file watches', async () => {
    const { hint } = await ended(
      '"Failed to start cAdvisor" err="inotify_init: too many open files"',
    );
    expect(hint).to.contain('max_user_instances');
  });
});
