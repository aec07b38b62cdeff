import { createServer, type AddressInfo } from 'node:net';
import type Docker from 'dockerode';
import { expect } from 'chai';
import { assertDiskSpace, assertPortFree, connectEngine, freePort } from './engine.ts';

function engineWith(info: { DockerRootDir?: string }): Docker {
  return { info: () => Promise.resolve(info) } as unknown as Docker;
}

async function lack(work: Promise<unknown>): Promise<Error & { hint: string; object: string }> {
  const error = await work.then(
    () => expect.fail('nothing was lacking'),
    (thrown: unknown) => thrown,
  );
  expect(error).to.have.property('kind', 'environment');
  expect(error).to.have.property('hint').that.is.a('string');
  return error as Error & { hint: string; object: string };
}

describe('the checks of the engine', () => {
  const before = process.env['DOCKER_HOST'];

  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'DOCKER_HOST');
    else process.env['DOCKER_HOST'] = before;
  });

  it('name the address at which nobody answers', async () => {
    process.env['DOCKER_HOST'] = 'unix:///nonexistent.sock';
    const error = await lack(connectEngine());
    expect(error.message).to.contain('no Docker engine answers');
    expect(error.object).to.equal('unix:///nonexistent.sock');
  });

  it('say how much room there is and how much is needed', async () => {
    const error = await lack(assertDiskSpace(engineWith({ DockerRootDir: '/' }), 2 ** 80));
    expect(error.message).to.match(/: \d+ MiB free, \d+ MiB needed/);
    expect(error.object).to.equal('/');
  });

  it('are content with enough room, and with a folder that is on another machine', async () => {
    await assertDiskSpace(engineWith({ DockerRootDir: '/' }), 0);
    await assertDiskSpace(engineWith({ DockerRootDir: '/nonexistent' }), 2 ** 80);
    await assertDiskSpace(engineWith({}), 2 ** 80);
    process.env['DOCKER_HOST'] = 'tcp://10.0.0.1:2376';
    await assertDiskSpace(engineWith({ DockerRootDir: '/' }), 2 ** 80);
  });

  it('name a port that is in use, and free what they have tried', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '0.0.0.0', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const error = await lack(assertPortFree(port));
    expect(error.message).to.equal(`port ${port} is in use`);
    await new Promise((resolve) => server.close(resolve));
    await assertPortFree(port);
    await assertPortFree(port);
  });

  it('draw a free port that nobody is given who asks for any', async () => {
    const port = await freePort();
    expect(port).to.be.within(20_000, 29_999);
    await assertPortFree(port);
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '0.0.0.0', resolve);
    });
    const used = (server.address() as AddressInfo).port;
    try {
      const drawn = [used, used, port];
      expect(await freePort(() => drawn.shift() ?? 0)).to.equal(port);
      const error = await lack(freePort(() => used));
      expect(error.message).to.equal('no free port was found');
      expect(error.object).to.contain(`${used}`);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
