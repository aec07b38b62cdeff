import { expect } from 'chai';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll, run, runToSuccess, type RunResult } from '@holdfast/core';
import { root } from '../holdfast.ts';
import {
  end,
  makePlace,
  type Place,
  redisCli,
  runScript,
  start,
  type Started,
  writeSettings,
  writeUsers,
} from './redis-place.ts';
import { makePath, provideRedis, shells } from './redis-programs.ts';
import {
  type Answer,
  disorder,
  expectedValue,
  longestSilence,
  makeWriterPlace,
  type WriterPlace,
} from './writer-place.ts';

const proof = join(root, 'templates', 'redis', 'proof');
const limitMs = 30_000;
const durable = ['appendfsync always'];

for (const shell of shells) {
  describe(`Redis' scripts with ${shell}: the ledger`, () => {
    let scratch: string;
    let path: string;
    let place: Place;
    let writer: WriterPlace;
    let env: Record<string, string>;
    let places = 0;
    const running: Started[] = [];

    before(async function () {
      if (!(await provideRedis())) this.skip();
      scratch = await mkdtemp(join(tmpdir(), 'holdfast-ledger-'));
      await chmod(scratch, 0o755);
      path = await makePath(join(scratch, 'bin'), shell);
    });

    beforeEach(async () => {
      places += 1;
      const folder = join(scratch, String(places));
      place = await makePlace(folder, path);
      await writeSettings(place, durable);
      const credentials = join(folder, 'credentials');
      await mkdir(credentials);
      env = {
        HOST: '127.0.0.1',
        PORT: String(place.port),
        LEDGER: 'test',
        CREDENTIALS: credentials,
      };
      writer = await makeWriterPlace(join(folder, 'writer'), path, {
        ...env,
        WRITE: join(proof, 'write.sh'),
        // At full pace.
        RATE: '1000',
      });
    });

    afterEach(async () => {
      await writer.kill();
      for (const started of running.splice(0)) await end(place, started);
    });

    after(async () => {
      if (scratch) await rm(scratch, { recursive: true, force: true });
    });

    async function serve(password?: string): Promise<Started> {
      const init = await runScript(place, 'init.sh');
      expect(init.exitCode, init.stderr).to.equal(0);
      const started = start(place);
      running.push(started);
      await poll(
        async () => {
          if (started.hasEnded()) throw new Error(`the server has ended:\n${started.output()}`);
          const saw = await redisCli(place, ['ping'], password);
          return saw === 'PONG' ? { done: true, value: undefined } : { done: false, saw };
        },
        { what: 'Redis to answer', limitMs, everyMs: 50 },
      );
      return started;
    }

    const program = (
      name: string,
      input = '',
      more: Record<string, string> = {},
    ): Promise<RunResult> =>
      run(join(scratch, 'bin', 'sh'), [join(proof, name)], {
        env: { PATH: path, TMPDIR: scratch, ...env, ...more },
        input,
        timeoutMs: limitMs,
      });

    async function readBack(): Promise<Map<number, string>> {
      const { exitCode, stdout, stderr } = await program('read.sh');
      expect(exitCode, stderr).to.equal(0);
      const lines = stdout.split('\n').filter((line) => line !== '');
      const pairs = lines.map((line): [number, string] => {
        const match = /^(\d+) (\d+)$/.exec(line);
        if (!match) throw new Error(`not an entry: ${line}`);
        return [Number(match[1]), match[2] ?? ''];
      });
      expect(new Set(pairs.map(([seq]) => seq)).size).to.equal(pairs.length);
      return new Map(pairs);
    }

    /** Nothing acknowledged is lost, and nothing is there that was not written so. */
    async function expectKept(answers: readonly Answer[]): Promise<Map<number, string>> {
      const there = await readBack();
      const kinds = new Map(answers.map(({ kind, seq }) => [seq, kind]));
      const lost = answers.filter(({ kind, seq }) => kind === 'ack' && !there.has(seq));
      expect(lost).to.eql([]);
      for (const [seq, value] of there) {
        expect(value, `value of ${seq}`).to.equal(expectedValue(seq, 7));
        expect(kinds.get(seq), `answer to ${seq}`).to.be.oneOf(['ack', 'unknown']);
      }
      return there;
    }

    const acks = (answers: readonly Answer[]) => answers.filter(({ kind }) => kind === 'ack');
    const soMany = (count: number) => (answers: readonly Answer[]) => acks(answers).length >= count;

    it('acknowledges what is there, more than 200 in a second', async () => {
      await serve();
      const fsync = await redisCli(place, ['config', 'get', 'appendfsync']);
      expect(fsync).to.equal('appendfsync\nalways');
      await writer.start();
      await writer.untilAnswers('600 acknowledgements', soMany(600));
      await writer.stop();
      const answers = await writer.answers();
      expect(disorder(answers)).to.equal(undefined);
      expect(answers.filter(({ kind }) => kind !== 'ack')).to.eql([]);
      expect((await expectKept(answers)).size).to.equal(answers.length);
      const seconds = (answers.at(-1)?.at ?? 0) - (answers[0]?.at ?? 0);
      const rate = Math.round(answers.length / seconds);
      process.stdout.write(`      ${rate} acknowledged writes in a second\n`);
      expect(rate).to.be.greaterThan(200);
    });

    it('loses nothing acknowledged when the server is killed under writes, and goes on by itself', async () => {
      const first = await serve();
      await writer.start();
      await writer.untilAnswers('200 acknowledgements', soMany(200));
      first.kill('SIGKILL');
      await first.ended;
      const refused = await writer.untilAnswers(
        'a refused write',
        (a) => a.at(-1)?.kind === 'fail',
      );
      const before = acks(refused).length;
      await serve();
      await writer.untilAnswers('200 more', soMany(before + 200));
      await writer.stop();
      const answers = await writer.answers();
      expect(disorder(answers)).to.equal(undefined);
      // One write was perhaps sent; every other one met with a refused connection.
      expect(answers.filter(({ kind }) => kind === 'unknown').length).to.be.at.most(1);
      expect(answers.filter(({ kind }) => kind === 'fail').length).to.be.greaterThan(0);
      await expectKept(answers);
      process.stdout.write(
        `      ${longestSilence(answers).toFixed(2)} s without an acknowledgement\n`,
      );
    });

    it('knows nothing of what a paused server does not answer, and recovers', async () => {
      const server = await serve();
      await writer.start();
      await writer.untilAnswers('100 acknowledgements', soMany(100));
      process.kill(server.pid, 'SIGSTOP');
      const paused = await writer.untilAnswers('an unknown write', (a) =>
        a.some(({ kind }) => kind === 'unknown'),
      );
      process.kill(server.pid, 'SIGCONT');
      const before = acks(paused).length;
      await writer.untilAnswers('100 more', soMany(before + 100));
      await writer.stop();
      const answers = await writer.answers();
      expect(disorder(answers)).to.equal(undefined);
      const there = await expectKept(answers);
      // What the server had received it has done, though nobody was told.
      const unknown = answers.filter(({ kind }) => kind === 'unknown').map(({ seq }) => seq);
      expect(there.has(unknown[0] ?? 0)).to.equal(true);
      expect(longestSilence(answers)).to.be.within(1.9, 6);
    });

    it('goes on behind its last line when the writer itself was killed', async () => {
      await serve();
      await writer.start();
      await writer.untilAnswers('100 acknowledgements', soMany(100));
      await writer.kill();
      const before = (await writer.answers()).length;
      await writer.start();
      await writer.untilAnswers('100 more', soMany(before + 100));
      await writer.stop();
      const answers = await writer.answers();
      expect(disorder(answers)).to.equal(undefined);
      expect(answers.filter(({ kind }) => kind !== 'ack').map(({ seq }) => seq)).to.eql([
        before + 1,
      ]);
      await expectKept(answers);
    });

    it('is refused, not unsure, where the server says why: no memory, and no password', async () => {
      await writeSettings(place, [...durable, 'maxmemory 1', 'maxmemory-policy noeviction']);
      await serve();
      const full = await program('write.sh', '1 5\n2 6\n');
      expect(full.stdout).to.match(/^fail 1 OOM .*\nfail 2 OOM .*$/);
      await redisCli(place, ['config', 'set', 'maxmemory', '0']);
      await redisCli(place, ['config', 'set', 'requirepass', 'secret']);
      const locked = await program('write.sh', '1 5\n');
      expect(locked.stdout).to.match(/^fail 1 NOAUTH /);
      await writeFile(join(env['CREDENTIALS'] ?? '', 'password'), 'other');
      const wrong = await program('write.sh', '1 5\n');
      expect(wrong.stdout).to.match(/^fail 1 AUTH failed: WRONGPASS /);
    });

    it('is refused where nobody listens, and while data is loaded', async () => {
      const nobody = await program('write.sh', '1 5\n2 6\n');
      expect(nobody.stdout).to.match(/^fail 1 Could not connect .*\nfail 2 Could not connect .*$/);
      const first = await serve();
      const fill = 'for i = 0, 20000 do redis.call("SET", i, i) end';
      await redisCli(place, ['eval', fill, '0']);
      first.kill('SIGKILL');
      await first.ended;
      // A millisecond for each key, and an answer to clients in between.
      const slowly = ['key-load-delay 1000', 'loading-process-events-interval-bytes 1024'];
      await writeSettings(place, [...durable, ...slowly]);
      running.push(start(place));
      await poll(
        async () => {
          const saw = await redisCli(place, ['ping']);
          return saw.startsWith('LOADING')
            ? { done: true, value: undefined }
            : { done: false, saw };
        },
        { what: 'the server to load', limitMs, everyMs: 20 },
      );
      expect((await program('write.sh', '1 5\n')).stdout).to.match(/^fail 1 LOADING /);
    });

    it('does not take the error of a write that was sent twice for an acknowledgement or a refusal', async () => {
      await serve();
      expect((await program('write.sh', '5 5\n')).stdout).to.equal('ack 5');
      const again = await program('write.sh', '5 5\n4 4\n6 6\n');
      expect(again.stdout).to.match(/^unknown 5 ERR .*\nunknown 4 ERR .*\nack 6$/);
    });

    it('takes no refusal for one that came by another connection than the write', async () => {
      const bin = join(scratch, `fake-${places}`);
      await mkdir(bin);
      // A client that answers a write with an error, and then knows or does not know its connection's name.
      const fake = (name: string) => `#!/bin/sh
while read -r word rest; do
  case $word in
    CLIENT) case $rest in SETNAME*) name=\${rest#SETNAME }; echo OK ;; GETNAME) echo "${name}" ;; esac ;;
    XADD) printf 'READONLY You can not write\\n\\n' ;;
    ECHO) echo "$rest" ;;
  esac
done
`;
      const more = { PATH: `${bin}:${path}` };
      for (const [name, said] of [
        ['$name', /^fail 1 READONLY /],
        ['', /^unknown 1 READONLY /],
      ] as const) {
        await writeFile(join(bin, 'redis-cli'), fake(name), { mode: 0o755 });
        expect((await program('write.sh', '1 1\n', more)).stdout).to.match(said);
      }
    });

    it('reads back in pages', async () => {
      await serve();
      const fill =
        'for i = 1, 12000 do redis.call("XADD", "holdfast:test", i .. "-1", "value", i * 2) end';
      await redisCli(place, ['eval', fill, '0']);
      const all = await readBack();
      expect(all.size).to.equal(12_000);
      expect([...all].every(([seq, value]) => value === String(seq * 2))).to.equal(true);
    });

    it('fails where the server has an error for a later page, after what it has read', async () => {
      await serve();
      await redisCli(place, ['xadd', 'holdfast:test', '1-1', 'value', '2']);
      const bin = join(scratch, `late-${places}`);
      await mkdir(bin);
      // Before the second page is asked for, something else stands under the stream's name.
      const late = `#!/bin/sh
PATH=${path}
if [ -e ${bin}/asked ]; then redis-cli -h 127.0.0.1 -p ${place.port} SET holdfast:test text >&2; fi
: >${bin}/asked
exec redis-cli "$@"
`;
      await writeFile(join(bin, 'redis-cli'), late, { mode: 0o755 });
      const read = await program('read.sh', '', { PATH: `${bin}:${path}` });
      expect([read.exitCode, read.stdout]).to.eql([1, '1 2']);
      expect(read.stderr).to.contain('WRONGTYPE');
    });

    it('reads nothing where nothing was written, and fails where it can not read', async () => {
      const server = await serve();
      expect((await readBack()).size).to.equal(0);
      await redisCli(place, ['xadd', 'holdfast:test', '3-2', 'value', '1']);
      const odd = await program('read.sh');
      expect([odd.exitCode, odd.stderr]).to.eql([1, 'entry 3-2 was not written by write.sh']);
      await redisCli(place, ['set', 'holdfast:test', 'text']);
      expect((await program('read.sh')).exitCode).to.equal(1);
      server.kill('SIGKILL');
      await server.ended;
      expect((await program('read.sh')).exitCode).to.equal(1);
    });

    it('its data have a name that outlives the server, and another one when they are gone', async () => {
      const first = await serve();
      const { stdout } = await program('identity.sh');
      expect(stdout).to.match(/^role=master\ndata-set=[0-9a-f-]{36}$/);
      expect((await program('identity.sh')).stdout).to.equal(stdout);
      first.kill('SIGKILL');
      await first.ended;
      await serve();
      expect((await program('identity.sh')).stdout).to.equal(stdout);
      await redisCli(place, ['flushall']);
      expect((await program('identity.sh')).stdout).to.not.equal(stdout);
    });

    it('with a password and TLS, by the files of the Secrets', async () => {
      const password = 'with spaces  and "quotes" $(id)';
      await writeUsers(place, ['default ~* &* +@all'], { 'redis-password': `${password}\n` });
      await mkdir(place.tls);
      const at = (name: string) => join(place.tls, name);
      const subject = ['-subj', '/CN=test', '-days', '2'];
      const made = ['-keyout', at('tls.key'), '-out', at('tls.crt')];
      await runToSuccess('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        ...subject,
        ...made,
      ]);
      await runToSuccess('cp', [at('tls.crt'), at('ca.crt')]);
      await writeSettings(place, [
        ...durable,
        ...['port 0', `tls-port ${place.port}`, 'tls-auth-clients yes'],
        `tls-cert-file ${at('tls.crt')}`,
        `tls-key-file ${at('tls.key')}`,
        `tls-ca-cert-file ${at('ca.crt')}`,
      ]);
      const init = await runScript(place, 'init.sh');
      expect(init.exitCode, init.stderr).to.equal(0);
      running.push(start(place));
      const credentials = env['CREDENTIALS'] ?? '';
      await writeFile(join(credentials, 'password'), `${password}\n`);
      for (const [file, of] of [
        ['ca', 'ca.crt'],
        ['certificate', 'tls.crt'],
        ['key', 'tls.key'],
      ] as const) {
        await runToSuccess('cp', [at(of), join(credentials, file)]);
      }
      await writer.start();
      await writer.untilAnswers('50 acknowledgements', soMany(50));
      await writer.stop();
      await expectKept(await writer.answers());
      expect((await program('identity.sh')).stdout).to.match(/^role=master\n/);
    });
  });
}
