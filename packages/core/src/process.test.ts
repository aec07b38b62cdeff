import { expect } from 'chai';
import { failure } from './failure.fixture.ts';
import { run, runToSuccess } from './process.ts';

const node = process.execPath;

describe('run', () => {
  it('returns the exit code and both streams, also of a program that fails', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 7';
    expect(await run(node, ['-e', script])).to.deep.equal({
      exitCode: 7,
      stdout: 'out',
      stderr: 'err',
    });
  });

  it('passes arguments without a shell', async () => {
    const script = 'process.stdout.write(process.argv[1])';
    const { stdout } = await run(node, ['-e', script, '$HOME; echo "x" *']);
    expect(stdout).to.equal('$HOME; echo "x" *');
  });

  it('gives input, environment and working directory', async () => {
    const script =
      'process.stdin.toArray().then((c) => console.log(`${c.join("")} ${process.env.A} ${process.cwd()}`))';
    const { stdout } = await run(node, ['-e', script], { input: 'in', env: { A: 'b' }, cwd: '/' });
    expect(stdout).to.equal('in b /');
  });

  it('gives empty input where none is named, and so never waits for a terminal', async () => {
    const script = 'process.stdin.toArray().then((c) => console.log(c.length))';
    expect((await run(node, ['-e', script])).stdout).to.equal('0');
  });

  it('tells each line of both streams as it comes', async () => {
    const lines: string[] = [];
    const script = 'console.log("a\\nb"); console.error("c"); process.exitCode = 1';
    const { exitCode } = await run(node, ['-e', script], { onLine: (line) => lines.push(line) });
    expect(lines.toSorted()).to.deep.equal(['a', 'b', 'c']);
    expect(exitCode).to.equal(1);
  });

  it('says how to install what is not there', async () => {
    const error = await failure(run('no-such-program', [], { installHint: 'install it' }));
    expect(error.kind).to.equal('environment');
    expect(error.message).to.contain('no-such-program').and.to.contain('ENOENT');
    expect(error.hint).to.equal('install it');
    const plain = await failure(run('no-such-program', []));
    expect(plain.hint).to.contain('install no-such-program');
  });

  it('says so for a missing program whose lines are wanted as well', async () => {
    const error = await failure(run('no-such-program', [], { onLine: () => {} }));
    expect(error.kind).to.equal('environment');
  });

  it('ends a program at the limit and names it', async () => {
    const options = { timeoutMs: 200 };
    const error = await failure(run(node, ['-e', 'setInterval(() => {}, 1000)'], options));
    expect(error.kind).to.equal('internal');
    expect(error.message).to.contain('did not end within 0.2 s');
    expect(error.object).to.contain('setInterval');
  });

  it('does so for a program whose lines are wanted as well', async () => {
    const options = { timeoutMs: 200, onLine: () => {} };
    const error = await failure(run(node, ['-e', 'setInterval(() => {}, 1000)'], options));
    expect(error.message).to.contain('did not end within 0.2 s');
  });

  it('ends a program when it is aborted, with the reason of the signal', async () => {
    for (const onLine of [undefined, () => {}]) {
      const controller = new AbortController();
      const reason = new Error('stopped');
      const options = { signal: controller.signal, ...(onLine && { onLine }) };
      const work = run(node, ['-e', 'setInterval(() => {}, 1000)'], options);
      setTimeout(() => {
        controller.abort(reason);
      }, 50);
      const error = await work.catch((thrown: unknown) => thrown);
      expect(error).to.equal(reason);
    }
  });
});

describe('runToSuccess', () => {
  it('returns standard output', async () => {
    expect(await runToSuccess(node, ['-e', 'console.log("fine")'])).to.equal('fine');
  });

  it('quotes the end of what a program that failed has said', async () => {
    const script = 'for (let i = 0; i < 40; i++) console.error("line " + i); process.exitCode = 3';
    const error = await failure(runToSuccess(node, ['-e', script]));
    expect(error.message).to.contain('exited with 3').and.to.contain('line 39');
    expect(error.message).not.to.contain('line 24\n');
  });
});
