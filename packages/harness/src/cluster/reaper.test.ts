import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isThere } from '@holdfast/core';
import { sessionLabel } from './labels.ts';
import { sessionVariable } from './processes.ts';

const reaperFile = fileURLToPath(new URL('./reaper.ts', import.meta.url));

interface Thing {
  /** "containers", "networks" or "volumes". */
  kind: string;
  id: string;
  session: string;
}

/** An engine that knows how to list by label and to remove, and what it holds. */
async function fakeEngine(socket: string, things: Thing[]) {
  const removed: string[] = [];
  const listed: Record<string, (ids: string[]) => unknown> = {
    containers: (ids) => ids.map((Id) => ({ Id })),
    networks: (ids) => ids.map((Id) => ({ Id })),
    volumes: (ids) => ({ Volumes: ids.map((Name) => ({ Name })), Warnings: [] }),
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://engine');
    const [kind = '', id = ''] = url.pathname
      .replace(/^\/v[\d.]+/, '')
      .split('/')
      .slice(1);
    response.setHeader('Content-Type', 'application/json');
    if (request.method === 'DELETE') {
      const index = things.findIndex((thing) => thing.kind === kind && thing.id === id);
      if (index !== -1) removed.push(...things.splice(index, 1).map((thing) => thing.id));
      response.statusCode = index === -1 ? 404 : 204;
      response.end();
      return;
    }
    const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as {
      label?: string[] | Record<string, boolean>;
    };
    const labels = Array.isArray(label) ? label : Object.keys(label);
    const ids = things
      .filter((thing) => thing.kind === kind)
      .filter((thing) => labels.includes(`${sessionLabel}=${thing.session}`))
      .map((thing) => thing.id);
    response.end(JSON.stringify(listed[kind]?.(ids) ?? {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  return {
    removed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the reaper', () => {
  let scratch: string;
  let session: string;

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-harness-test-'));
    session = await mkdtemp(join(scratch, 'session-'));
  });

  afterEach(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  function startReaper(id = 'mine') {
    return spawn(process.execPath, [reaperFile, id, session], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, DOCKER_HOST: `unix://${join(scratch, 'engine.sock')}` },
    });
  }

  const things = (): Thing[] => [
    { kind: 'containers', id: 'server', session: 'mine' },
    { kind: 'containers', id: 'foreign', session: 'theirs' },
    { kind: 'networks', id: 'net', session: 'mine' },
    { kind: 'volumes', id: 'vol', session: 'mine' },
  ];

  it('removes what is its own and nothing else at the end of its session', async () => {
    const there = things();
    await using engine = await fakeEngine(join(scratch, 'engine.sock'), there);
    const reaper = startReaper();
    const exited = once(reaper, 'exit');
    reaper.stdin.end('orderly\n');
    expect(await exited).to.deep.equal([0, null]);
    expect(engine.removed.toSorted()).to.deep.equal(['net', 'server', 'vol']);
    expect(there.map((thing) => thing.id)).to.deep.equal(['foreign']);
    expect(await isThere(session)).to.equal(false);
  });

  it('removes what still appears after a session that died', async () => {
    const there = things();
    await using engine = await fakeEngine(join(scratch, 'engine.sock'), there);
    const reaper = startReaper();
    const exited = once(reaper, 'exit');
    reaper.stdin.end();
    const late = setTimeout(() => {
      there.push({ kind: 'containers', id: 'late', session: 'mine' });
    }, 1_200);
    await exited;
    clearTimeout(late);
    expect(engine.removed).to.include.members(['server', 'net', 'vol', 'late']);
    expect(await isThere(session)).to.equal(false);
  });

  it('ends the processes of its session, and no others', async () => {
    const id = `test-${process.pid}`;
    await using engine = await fakeEngine(join(scratch, 'engine.sock'), []);
    const sleeper = (mark: string) =>
      spawn('sleep', ['60'], { env: { ...process.env, [sessionVariable]: mark } });
    const own = sleeper(id);
    const other = sleeper(`${id}-other`);
    try {
      const ended = once(own, 'exit');
      const reaper = startReaper(id);
      const exited = once(reaper, 'exit');
      reaper.stdin.end('orderly\n');
      expect(await ended).to.deep.equal([null, 'SIGKILL']);
      expect(await exited).to.deep.equal([0, null]);
      expect(other.signalCode).to.equal(null);
      expect(engine.removed).to.deep.equal([]);
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });

  it('ends soon when the engine has gone before it', async () => {
    const began = performance.now();
    const reaper = startReaper();
    const exited = once(reaper, 'exit');
    reaper.stdin.end();
    expect(await exited).to.deep.equal([0, null]);
    expect(performance.now() - began).to.be.lessThan(8000);
    expect(await isThere(session)).to.equal(false);
  });
});
