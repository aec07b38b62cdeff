import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sessionLabel } from './labels.ts';

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

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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

  function startReaper() {
    return spawn(process.execPath, [reaperFile, 'mine', session], {
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
    }, 900);
    await exited;
    clearTimeout(late);
    expect(engine.removed).to.include.members(['server', 'net', 'vol', 'late']);
    expect(await isThere(session)).to.equal(false);
  });
});
