import { Exec } from '@kubernetes/client-node';
import { expect } from 'chai';
import type { Writable } from 'node:stream';
import { execStream, type ExecStream } from './exec-stream.ts';
import { fakeClient } from './client.fixture.ts';

const target = { namespace: 'ns', pod: 'web-0', container: 'web' };

/** A connection of the tests: what the server sends comes when a test says so. */
interface Wire {
  stdout: Writable;
  stderr: Writable;
  status(status: object): void;
  closed: number;
  drop(): void;
}

/** Starts a command whose connection is in the test's hands. */
async function start(
  idleMs?: number,
): Promise<{ wire: Wire; stream: ExecStream; came: () => string }> {
  const real = Reflect.get(Exec.prototype, 'exec') as unknown;
  let wire: Wire | undefined;
  const exec = (...args: unknown[]) => {
    const [stdout, stderr, status] = [args[4], args[5], args[8]] as [
      Writable,
      Writable,
      Wire['status'],
    ];
    const socket = { close: () => void (made.closed += 1), terminate: () => {}, onclose: null };
    const made: Wire = {
      stdout,
      stderr,
      status,
      closed: 0,
      drop: () => (socket.onclose as (() => void) | null)?.(),
    };
    wire = made;
    return Promise.resolve(socket);
  };
  Reflect.set(Exec.prototype, 'exec', exec);
  let output = '';
  try {
    const stream = await execStream(
      fakeClient(() => undefined),
      target,
      ['sh'],
      {
        onOutput: (chunk) => (output += chunk.toString()),
        connectMs: 1_000,
        ...(idleMs === undefined ? {} : { idleMs }),
      },
    );
    return { wire: wire ?? expect.fail('no connection'), stream, came: () => output };
  } finally {
    Reflect.set(Exec.prototype, 'exec', real);
  }
}

describe('execStream', () => {
  it('passes output on, and ends with the exit code', async () => {
    const { wire, stream, came } = await start();
    wire.stdout.write('one\n');
    wire.stderr.write('oh');
    wire.status({ status: 'Success' });
    expect(await stream.ended).to.eql({ exitCode: 0, stderr: 'oh' });
    expect(came()).to.equal('one\n');
    expect(wire.closed).to.equal(1);
  });

  it('drops what comes after the connection was lost', async () => {
    const { wire, stream, came } = await start();
    wire.stdout.write('1');
    wire.drop();
    wire.stdout.write('2');
    const { exitCode, lost } = await stream.ended;
    expect([exitCode, lost]).to.eql([null, 'the connection ended before the command did']);
    expect(came()).to.equal('1');
  });

  it('gives up a command that says nothing, and drops what it says then', async () => {
    const { wire, stream, came } = await start(40);
    const { lost } = await stream.ended;
    wire.stdout.write('late');
    expect(lost).to.equal('nothing came for 0.04 s');
    expect(came()).to.equal('');
    expect(wire.closed).to.equal(1);
  });
});
