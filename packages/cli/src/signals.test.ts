import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';

const signals = new URL('./signals.ts', import.meta.url).href;

/** A program that waits for the abort, cleans up for 300 ms, and exits as the command does. */
const program = `
  import { setTimeout as delay } from 'node:timers/promises';
  const { listenForStop } = await import(${JSON.stringify(signals)});
  const stop = listenForStop();
  stop.removing('the cluster');
  const hold = setInterval(() => {}, 1000);
  console.log('waiting');
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  await delay(300);
  console.log('removed');
  process.exit(stop.exitCode() ?? 3);
`;

async function stopped(...names: NodeJS.Signals[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const stderr = text(child.stderr);
  let stdout = '';
  const sent = [...names];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (sent.length === names.length) child.kill(sent.shift());
  });
  child.stderr.on('data', () => {
    const next = sent.shift();
    if (next !== undefined) child.kill(next);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr: await stderr };
}

describe('a signal', () => {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`${name} lets the command remove what it made, and ends it with ${code}`, async () => {
      const end = await stopped(name);
      expect(end).to.include({ code, stdout: 'waiting\nremoved\n' });
      expect(end.stderr).to.equal('stopping: removing the cluster…\n');
    });
  }

  it('that comes again changes nothing, and says that the removal goes on', async () => {
    const end = await stopped('SIGINT', 'SIGTERM');
    expect(end).to.include({ code: 130, stdout: 'waiting\nremoved\n' });
    expect(end.stderr).to.contain('still removing the cluster');
  });
});
