import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { ask } from './ask.ts';
import type { Flags } from './flags.ts';

const kinds = ['StatefulSet', 'DaemonSet'];
const enter = '\r';
const ctrlC = '\x03';
const down = '\x1b[B';
const erase = '\x15';

/** Somebody who answers each question once it is seen, by keys. */
function somebody(script: readonly [RegExp, string][]) {
  const input = new PassThrough();
  const output = new PassThrough();
  const left = [...script];
  let seen = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    seen += stripVTControlCharacters(chunk);
    const [next] = left;
    if (!next?.[0].test(seen)) return;
    left.shift();
    seen = '';
    // A prompt listens to keys only after it has drawn itself.
    setImmediate(() => input.write(next[1]));
  });
  const controller = new AbortController();
  return {
    terminal: { input, output, signal: controller.signal },
    abort: () => {
      setImmediate(() => {
        controller.abort();
      });
    },
    seen: () => seen,
    unasked: () => left.map(([question]) => question.source),
  };
}

describe('the questions of init', () => {
  it('are all that is not said by options, with answers to take or to change', async () => {
    const person = somebody([
      [/Name/, enter],
      [/Description/, enter],
      [/Image/, `app:8.0.2${enter}`],
      [/Version/, enter],
      [/Workload/, enter],
      [/Replicas/, `${erase}3${enter}`],
      [/Numeric user/, `${erase}999${enter}`],
      [/Ports/, `main=6379, bus=16379${enter}`],
      [/Volumes/, `data=/data:1Gi${enter}`],
      [/serves when/, enter],
    ]);
    const flags = await ask('some/my-app', {}, kinds, person.terminal);
    expect(person.unasked()).to.deep.equal([]);
    expect(flags).to.deep.equal({
      name: 'my-app',
      description: 'The application my-app',
      image: 'app:8.0.2',
      appVersion: '8.0.2',
      workload: 'StatefulSet',
      replicas: '3',
      user: '999',
      port: ['main=6379', 'bus=16379'],
      volume: ['data=/data:1Gi'],
      ready: 'tcp:main',
    });
  });

  it('are only those that make sense after the answers before', async () => {
    const given: Flags = { name: 'x', description: 'X', image: 'a/x', appVersion: '1', user: '1' };
    const person = somebody([
      [/Workload/, `${down}${enter}`],
      [/Ports/, enter],
      [/Volumes/, enter],
    ]);
    expect(await ask('x', given, kinds, person.terminal)).to.deep.equal({
      ...given,
      workload: 'DaemonSet',
      port: [],
      volume: [],
    });
    expect(person.unasked()).to.deep.equal([]);
  });

  it('are asked again below a word of what is wrong', async () => {
    const given: Flags = {
      ...{ name: 'x', description: 'X', image: 'a/x', appVersion: '1', user: '1' },
      ...{ workload: 'StatefulSet', replicas: '1', volume: [] },
    };
    const person = somebody([
      [/Ports/, `http${enter}`],
      [/--port takes NAME=NUMBER/, `=8080${enter}`],
      [/serves when/, `${erase}http:9${enter}`],
      [/no --port has the number 9/, `${erase}http:8080/ok${enter}`],
    ]);
    const flags = await ask('x', given, kinds, person.terminal);
    expect(flags).to.deep.include({ port: ['http=8080'], ready: 'http:8080/ok' });
  });

  it('end with Ctrl-C, and when the command is stopped', async () => {
    const impatient = somebody([[/Name/, ctrlC]]);
    expect(await ask('x', {}, kinds, impatient.terminal)).to.equal(undefined);
    const stopped = somebody([]);
    stopped.terminal.output.once('data', stopped.abort);
    expect(await ask('x', {}, kinds, stopped.terminal)).to.equal(undefined);
  });
});
