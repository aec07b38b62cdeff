import { open, readdir, readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { holdfast, scratchFolder, startHoldfast, stillRunning } from './holdfast.fixture.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

describe('the holdfast command', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  for (const command of [[], ['list'], ['init'], ['generate'], ['verify']]) {
    it(`has an example with web in: ${['holdfast', ...command, '--help'].join(' ')}`, async () => {
      const { code, stdout, stderr } = await holdfast([...command, '--help']);
      expect(code).to.equal(0);
      expect(stdout).to.match(/Examples:\n[^]*\bweb\b/);
      expect(stderr).to.equal('');
    });
  }

  it('names no application in its own sources, examples included', async () => {
    const names = (await readdir(join(repository, 'templates'))).filter(
      (name) => !name.startsWith('_'),
    );
    const here = fileURLToPath(new URL('.', import.meta.url));
    const files = await readdir(here, { recursive: true });
    const sources = files.filter((file) => /(?<!\.test|\.fixture)\.ts$/.test(file));
    expect(names).to.not.eql([]);
    expect(sources).to.include(join('commands', 'init-command.ts'));
    for (const file of sources) {
      const code = await readFile(join(here, file), 'utf8');
      expect(
        names.filter((name) => code.includes(name)),
        file,
      ).to.eql([]);
    }
  });

  it('prints its version', async () => {
    const { code, stdout } = await holdfast(['--version']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it('shows help and calls it bad input when no command is given', async () => {
    const { code, stdout, stderr } = await holdfast([]);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.contain('Usage: holdfast');
  });

  it('refuses an unknown command and names the nearest', async () => {
    const { code, stdout, stderr } = await holdfast(['verfy', 'x']);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/^error: unknown command 'verfy'\n {2}hint: .*verify/);
  });

  it('refuses an unknown option and names the nearest', async () => {
    const { code, stderr } = await holdfast(['verify', 'x', '--nods', '3']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^error: unknown option '--nods'\n {2}hint: .*--nodes/);
  });

  it('refuses a command without its argument and points at its help', async () => {
    const { code, stderr } = await holdfast(['verify']);
    expect(code).to.equal(2);
    expect(stderr).to.contain("missing required argument 'chart'");
    expect(stderr).to.contain('hint: see holdfast verify --help');
  });

  it('prints a usage error as JSON too where JSON is asked for', async () => {
    const { code, stdout } = await holdfast(['verify', '--json']);
    expect(code).to.equal(2);
    const { error } = JSON.parse(stdout) as { error: { message: string } };
    expect(error.message).to.contain("missing required argument 'chart'");
  });

  it('shows no stack, unless HOLDFAST_DEBUG asks for it', async () => {
    const quiet = await holdfast(['verify', 'nowhere']);
    expect(quiet.stderr).not.to.match(/^\s+at .*\.ts:\d+/m);
    const debug = await holdfast(['verify', 'nowhere'], { env: { HOLDFAST_DEBUG: '1' } });
    expect(debug.stderr).to.match(/^\s+at .*\.ts:\d+/m);
    expect(debug.code).to.equal(2);
  });

  it('keeps what it compiled in its own cache, and runs as well where that cannot be', async () => {
    await using scratch = await scratchFolder();
    const HOLDFAST_CACHE = join(scratch.path, 'cache');
    // Both turn the cache off.
    const plain = { NODE_V8_COVERAGE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined };
    const kept = await holdfast(['--version'], { env: { HOLDFAST_CACHE, ...plain } });
    expect(kept.code).to.equal(0);
    const [version] = await readdir(join(HOLDFAST_CACHE, 'compiled'));
    expect(await readdir(join(HOLDFAST_CACHE, 'compiled', version ?? ''))).not.to.be.empty;
    const { code, stderr } = await holdfast(['--version'], {
      env: { HOLDFAST_CACHE: '/dev/null/cache', ...plain },
    });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  });

  it('ends with its own exit code when its reader goes away', async () => {
    const child = startHoldfast(['generate', 'examples/web', '--check'], { cwd: repository });
    child.stdout.destroy();
    child.stderr.resume();
    const [code] = (await once(child, 'close')) as [number];
    expect(code).to.be.oneOf([0, 1]);
  });

  it('fails when its results can not be written', async function () {
    const full = await open('/dev/full', 'w').catch(() => undefined);
    if (full === undefined) this.skip();
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, '--version'], {
      stdio: ['ignore', full.fd, 'pipe'],
    });
    child.stderr?.resume();
    const [code] = (await once(child, 'close')) as [number];
    await full.close();
    expect(code).to.equal(3);
  });
});
