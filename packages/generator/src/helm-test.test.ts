import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHelm, helmClient, run } from '@holdfast/core';
import { parse } from 'yaml';
import { generateChart, writeChart } from './index.ts';

interface Pod {
  spec: { containers: { name: string; command: string[] }[] };
}

const definition = `apiVersion: holdfast.dev/v1
kind: Application
name: demo
description: A demonstration
appVersion: "1"
image: { repository: a/demo }
roles: [{ name: demo, workload: StatefulSet, ports: { http: 80, main: 7000 } }]
`;

describe("the helm test's commands", function () {
  this.timeout(300_000);
  let dir = '';
  const commands = new Map<string, string[]>();
  let server: Server | undefined;

  before(async function () {
    const curl = await run('curl', ['--version']).catch(() => undefined);
    if (curl?.exitCode !== 0) this.skip();
    dir = await mkdtemp(join(tmpdir(), 'holdfast-helm-test-'));
    await writeFile(join(dir, 'app.yaml'), definition);
    await writeChart(await generateChart(dir), join(dir, 'chart'));
    const text = await helmClient(await findHelm()).succeed([
      ...['template', 'demo', join(dir, 'chart'), '--kube-version', '1.34.0'],
      ...['--show-only', 'templates/tests/connection.yaml'],
    ]);
    for (const { name, command } of (parse(text) as Pod).spec.containers) {
      commands.set(name, command);
    }
    server = createServer((_, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server?.close();
    if (dir !== '') await rm(dir, { recursive: true });
  });

  /** Runs a container's command against a port of this machine, with a single attempt. */
  async function ask(container: string, port: number): Promise<{ code: number; said: string }> {
    const command = (commands.get(container) ?? []).map((word) =>
      word
        .replace(/demo\.default\.svc\.cluster\.local:\d+/, `127.0.0.1:${port}`)
        .replace('seq 20', 'seq 1')
        .replace(/^20$/, '0'),
    );
    const [program = '', ...args] = command;
    const { exitCode, stdout, stderr } = await run(program, args);
    return { code: exitCode, said: stdout + stderr };
  }

  it('take any HTTP status for an answer, and tell it', async () => {
    const { port } = server?.address() as AddressInfo;
    const { code, said } = await ask('http', port);
    expect(code).to.equal(0);
    expect(said).to.equal(`http://127.0.0.1:${port}/ answered with HTTP status 403`);
  });

  it('take a connection for an answer where the protocol is not known, and tell it', async () => {
    const { port } = server?.address() as AddressInfo;
    const { code, said } = await ask('main', port);
    expect(said).to.equal(`127.0.0.1:${port} accepted a connection`);
    expect(code).to.equal(0);
  });

  it('fail where nobody listens, and tell whom they asked', async () => {
    for (const container of ['http', 'main']) {
      const { code, said } = await ask(container, 1);
      expect(code).not.to.equal(0);
      expect(said).to.contain('127.0.0.1');
    }
  });
});
