import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { expect } from 'chai';
import { execInContainer } from './exec.ts';
import { execAnswer, frame } from './container.fixture.ts';

/** A container whose every command leaves this, as the engine sends it. */
function container(stream: PassThrough, exitCode: number | null): Docker.Container {
  const exec = execAnswer(stream, exitCode);
  return { modem: new Docker().modem, exec } as unknown as Docker.Container;
}

describe('execInContainer', () => {
  it('tells standard output from both streams as they came', async () => {
    const stream = new PassThrough();
    stream.end(Buffer.concat([frame(1, 'one '), frame(2, 'two '), frame(1, 'three')]));
    expect(await execInContainer(container(stream, 3), ['true'])).to.deep.equal({
      exitCode: 3,
      output: 'one two three',
      stdout: 'one three',
    });
  });

  it('puts a frame together that comes in parts', async () => {
    const stream = new PassThrough();
    const bytes = frame(1, 'halved');
    const result = execInContainer(container(stream, 0), ['true']);
    stream.write(bytes.subarray(0, 5));
    setImmediate(() => stream.end(bytes.subarray(5)));
    expect((await result).stdout).to.equal('halved');
  });

  it('fails with the stream, and answers no exit code where the node ended meanwhile', async () => {
    const broken = new PassThrough();
    const result = execInContainer(container(broken, 0), ['true']);
    setImmediate(() => broken.destroy(new Error('broken')));
    const error = await result.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'broken');
    const cut = new PassThrough();
    cut.end();
    expect((await execInContainer(container(cut, null), ['true'])).exitCode).to.equal(-1);
  });
});
