import { expect } from 'chai';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isThere, poll, run, runToSuccess } from '@holdfast/core';
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

const oddPasswords = [
  'plain',
  'with spaces  in it ',
  ' leading',
  `quotes " ' \``,
  '#hash >greater <less',
  '%s %n 100%',
  '{{ .Values }} ${HOME} $(id) {"a":[1]}',
  'back\\slash \\n \\u0041 \\',
  'пароль 密码 🔑',
  'tab\tand \u0001 \u001f \u007f',
  '-n',
  '*',
  'x'.repeat(200),
];
const everything = '~* &* +@all';
/** Long enough for a busy machine, and never waited for when all is well. */
const limitMs = 30_000;

for (const shell of shells) {
  describe(`Redis' scripts with ${shell}`, () => {
    let scratch: string;
    let path: string;
    let place: Place;
    let places = 0;
    const running: Started[] = [];

    before(async function () {
      if (!(await provideRedis())) this.skip();
      scratch = await mkdtemp(join(tmpdir(), 'holdfast-redis-'));
      // Another user is to get as far as the folders that are his.
      await chmod(scratch, 0o755);
      path = await makePath(join(scratch, 'bin'), shell);
    });

    beforeEach(async () => {
      places += 1;
      place = await makePlace(join(scratch, String(places)), path);
    });

    afterEach(async () => {
      for (const started of running.splice(0)) await end(place, started);
    });

    after(async () => {
      // Undefined where the tests were skipped.
      if (scratch) await rm(scratch, { recursive: true, force: true });
    });

    function launch(more: Record<string, string> = {}): Started {
      const started = start(place, more);
      running.push(started);
      return started;
    }

    /** Waits for an answer to PING that fits. */
    async function untilAnswer(started: Started, fits: RegExp, password?: string): Promise<void> {
      const what = `an answer of Redis that fits ${fits.source}`;
      await poll(
        async () => {
          if (started.hasEnded()) throw new Error(`the server has ended:\n${started.output()}`);
          const answer = await redisCli(place, ['ping'], password);
          return fits.test(answer)
            ? { done: true, value: undefined }
            : { done: false, saw: answer };
        },
        { what, limitMs, everyMs: 50 },
      );
    }

    async function untilPrinted(started: Started, fits: RegExp): Promise<void> {
      const what = `start.sh to print something that fits ${fits.source}`;
      await poll(
        () => {
          const saw = started.output();
          return Promise.resolve(
            fits.test(saw) ? { done: true as const, value: undefined } : { done: false, saw },
          );
        },
        { what, limitMs, everyMs: 20 },
      );
    }

    /** Init and start, until it serves. */
    async function serve(password?: string): Promise<Started> {
      const init = await runScript(place, 'init.sh');
      expect(init.exitCode, init.stderr).to.equal(0);
      const started = launch();
      await untilAnswer(started, /^PONG$/, password);
      return started;
    }

    async function stop(started: Started, signal: NodeJS.Signals): Promise<number | string> {
      started.kill(signal);
      return started.ended;
    }

    /** The exporter's password, the only one that its file has. */
    async function exporterPassword(address: string): Promise<string> {
      const text = await readFile(join(place.run, 'exporter.json'), 'utf8');
      const file = JSON.parse(text) as Record<string, string>;
      expect(Object.keys(file)).to.deep.equal([address]);
      expect(file[address]).to.match(/^[0-9a-f]{64}$/);
      return file[address] ?? '';
    }

    /** What the three probes say: the exit codes of startup, live and ready, and what ready printed. */
    async function probes(): Promise<{ codes: number[]; said: string }> {
      const startup = await runScript(place, 'startup.sh');
      const live = await runScript(place, 'live.sh');
      const ready = await runScript(place, 'ready.sh');
      const codes = [startup.exitCode, live.exitCode, ready.exitCode];
      return { codes, said: `${startup.stderr}${live.stderr}${ready.stdout}${ready.stderr}` };
    }

    const aliveAndReady = [0, 0, 0];
    const aliveOnly = [0, 0, 1];
    const dead = [1, 1, 1];

    const aof = () => join(place.data, 'appendonlydir');
    const dump = () => join(place.data, 'dump.rdb');

    /** Leaves the data of a server without an append-only file: keys 0 to 99. */
    async function leaveDump(): Promise<void> {
      const args = ['--port', String(place.port), '--bind', '127.0.0.1', '--dir', place.data];
      const fill = 'for i = 0, 99 do redis.call("SET", i, "value " .. i) end';
      const server = run(join(scratch, 'bin', 'redis-server'), [...args, '--save', '']);
      await poll(
        async () => {
          const saw = await redisCli(place, ['eval', fill, '0']);
          return saw === '' ? { done: true, value: undefined } : { done: false, saw };
        },
        { what: 'a server to take 100 keys', limitMs, everyMs: 50 },
      );
      await redisCli(place, ['shutdown', 'save']);
      expect((await server).exitCode).to.equal(0);
      expect(await isThere(dump())).to.equal(true);
    }

    describe('init.sh', () => {
      it('makes of passwords with any characters what Redis understands', async () => {
        const names = oddPasswords.map((_, index) => `user${index}`);
        const users = [`default ${everything}`, ...names.map((name) => `${name} ~* +@all`)];
        const secret = Object.fromEntries(
          names.map((name, index) => [`${name}-password`, oddPasswords[index] ?? '']),
        );
        for (const password of oddPasswords) {
          await writeUsers(place, users, { ...secret, 'redis-password': password });
          const init = await runScript(place, 'init.sh');
          expect(init).to.include({ exitCode: 0, stdout: '', stderr: '' });
        }
        const last = oddPasswords.at(-1) ?? '';
        await untilAnswer(launch(), /^PONG$/, last);
        for (const [index, name] of names.entries()) {
          const whoami = ['--user', name, 'acl', 'whoami'];
          expect(await redisCli(place, whoami, oddPasswords[index])).to.equal(name);
          expect(await redisCli(place, whoami, `${oddPasswords[index] ?? ''}.`)).to.include(
            'WRONGPASS',
          );
        }
      });

      it('leaves the line end of a password file out, and keeps other users from its own files', async () => {
        await writeUsers(place, [`default ${everything}`], { 'redis-password': 'secret\n' });
        await serve('secret');
        for (const name of ['users.acl', 'exporter.json']) {
          expect((await stat(join(place.run, name))).mode & 0o777, name).to.equal(0o600);
        }
        const acl = await readFile(join(place.run, 'users.acl'), 'utf8');
        expect(acl).to.match(/^user default on ~\* &\* \+@all #[0-9a-f]{64}$/m);
      });

      it('gives users their rules, and no rule lets one in without the password', async () => {
        const users = [
          `default ${everything}`,
          'reader ~app:* resetchannels +get +acl|whoami (~other:* +set)',
          'open ~* +@all nopass',
          'without resetpass ~* +@all',
          'bare',
        ];
        await writeUsers(place, users, {
          'redis-password': 'd',
          'reader-password': 'r',
          'open-password': 'o',
          'without-password': 'w',
          'bare-password': 'b',
        });
        await serve('d');
        const as = (user: string, password: string, ...args: string[]) =>
          redisCli(place, ['--user', user, ...args], password);
        expect(await as('default', 'd', 'set', 'app:a', '1')).to.equal('OK');
        expect(await as('reader', 'r', 'get', 'app:a')).to.equal('1');
        expect(await as('reader', 'r', 'set', 'app:a', '2')).to.include('NOPERM');
        expect(await as('reader', 'r', 'set', 'other:a', '2')).to.equal('OK');
        expect(await as('reader', 'r', 'get', 'secret')).to.include('NOPERM');
        for (const user of ['open', 'without']) {
          expect(await as(user, 'x', 'ping')).to.include('WRONGPASS');
          expect(await as(user, user.slice(0, 1), 'acl', 'whoami')).to.equal(user);
        }
        expect(await as('bare', 'b', 'ping')).to.include('NOPERM');
      });

      it('gives the exporter a user that sees how the server is, and no key', async () => {
        const passwords = new Set<string>();
        for (const [auth, server] of [
          [false, undefined],
          [true, 'd'],
        ] as const) {
          if (auth) await writeUsers(place, [`default ${everything}`], { 'redis-password': 'd' });
          const started = await serve(server);
          await redisCli(place, ['set', 'a', '1'], server);
          const user = `redis://redis-exporter@localhost:${place.port}`;
          const password = await exporterPassword(user);
          passwords.add(password);
          const as = (...args: string[]) =>
            redisCli(place, ['--user', 'redis-exporter', ...args], password);
          // What the exporter asks for.
          expect(await as('client', 'setname', 'redis_exporter')).to.equal('OK');
          expect(await as('config', 'get', 'maxclients')).to.equal('maxclients\n10000');
          expect(await as('info', 'all')).to.include('redis_version:');
          expect(await as('slowlog', 'len')).to.equal('0');
          for (const command of ['latency latest', 'latency histogram', 'slowlog get 1']) {
            expect(await as(...command.split(' ')), command).not.to.include('NOPERM');
          }
          // What somebody else could have it ask for.
          const reading = ['get a', 'type a', 'strlen a', 'memory usage a', 'scan 0', 'select 1'];
          for (const command of [...reading, 'config set maxclients 1', 'acl list', 'eval 1 0']) {
            expect(await as(...command.split(' ')), command).to.include('NOPERM');
          }
          expect(await redisCli(place, ['--user', 'redis-exporter', 'ping'], 'd')).to.include(
            'WRONGPASS',
          );
          await stop(started, 'SIGTERM');
        }
        expect(passwords.size, 'another one at each start').to.equal(2);
      });

      it('refuses a user of the exporter’s name', async () => {
        const users = [`default ${everything}`, 'redis-exporter ~* +@all'];
        const secret = { 'redis-password': 'd', 'redis-exporter-password': 'e' };
        await writeUsers(place, users, secret);
        const { exitCode, stderr } = await runScript(place, 'init.sh');
        expect(exitCode).to.equal(1);
        expect(stderr).to.include("the user redis-exporter is the chart's own; give yours another");
      });

      it('writes an open default user where auth is off', async () => {
        await serve();
        const acl = await readFile(join(place.run, 'users.acl'), 'utf8');
        expect(acl).to.match(/^user default on nopass ~\* &\* \+@all$/m);
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
      });

      it('says which file and key of the Secret lack a password, and writes nothing', async () => {
        const users = [`default ${everything}`, 'app ~* +@all'];
        const failure = async () => {
          const { exitCode, stdout, stderr } = await runScript(place, 'init.sh');
          expect(exitCode).to.equal(1);
          expect(await isThere(join(place.run, 'users.acl'))).to.equal(false);
          expect(await isThere(join(place.run, 'exporter.json'))).to.equal(false);
          expect(stdout + stderr).to.not.include('the secret');
          return stderr;
        };
        await writeUsers(place, users, { 'redis-password': 'the secret' });
        const app = join(place.secrets, 'app-password');
        expect(await failure()).to.include(
          `no password for user app: ${app} is missing; add the key app-password to the Secret`,
        );
        for (const empty of ['', '\n']) {
          await writeFile(app, empty);
          expect(await failure()).to.include(
            `no password for user app: ${app} is empty; give the Secret's key app-password a value`,
          );
        }
        await writeFile(app, 'the secret\nand another line\n');
        expect(await failure()).to.include(`${app} has more than one line`);
      });

      it('does not open a server for which there are passwords, but no users', async () => {
        await writeUsers(place, [], { 'redis-password': 'secret' });
        await rm(join(place.config, 'users'));
        const { exitCode, stderr } = await runScript(place, 'init.sh');
        expect(exitCode).to.equal(1);
        expect(stderr).to.include(`${join(place.config, 'users')} is missing`);
        expect(await isThere(join(place.run, 'users.acl'))).to.equal(false);
      });

      it('refuses users among whom there is no default', async () => {
        await writeUsers(place, ['app ~* +@all'], { 'app-password': 'a' });
        const { exitCode, stderr } = await runScript(place, 'init.sh');
        expect(exitCode).to.equal(1);
        expect(stderr).to.include('has no line for the user default');
      });
    });

    describe('the probes', () => {
      const secured = () =>
        writeUsers(place, [`default ${everything}`], { 'redis-password': 'right' });

      it('are false where nothing listens', async () => {
        const { codes, said } = await probes();
        expect(codes).to.deep.equal(dead);
        expect(said).to.match(/startup\.sh: not alive: Could not connect to Redis/);
      });

      it('are false for a server that hangs, each within its limit', async () => {
        const server = await serve();
        server.kill('SIGSTOP');
        const began = performance.now();
        for (const name of ['startup.sh', 'live.sh', 'ready.sh']) {
          const { exitCode, stderr } = await runScript(place, name, ['1']);
          expect(exitCode, name).to.equal(1);
          expect(stderr).to.match(/no answer within 1 s/);
        }
        expect(performance.now() - began).to.be.within(3000, 20_000);
      });

      it('without the password, and with a wrong one, say alive but not ready', async () => {
        await secured();
        await serve('right');
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
        // The Secret is changed under the running server, which knows nothing of it.
        await writeUsers(place, [], { 'redis-password': 'wrong' });
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
        await writeFile(join(place.run, 'redis-password'), 'wrong');
        const wrong = await probes();
        expect(wrong.codes).to.deep.equal(aliveOnly);
        expect(wrong.said).to.match(/^ready\.sh: not ready: .*WRONGPASS/);
        await rm(join(place.run, 'redis-password'));
        await rm(place.secrets, { recursive: true });
        const without = await probes();
        expect(without.codes).to.deep.equal(aliveOnly);
        expect(without.said).to.match(/^ready\.sh: not ready: NOAUTH/);
      });

      it('say alive but not ready for a server that is loading', async () => {
        await secured();
        await writeSettings(place, ['rdbcompression no']);
        const server = await serve('right');
        const fill = 'for i = 1, 400 do redis.call("SET", i, string.rep("x", 2000)) end';
        await redisCli(place, ['eval', fill, '0'], 'right');
        // Into the base of the append-only file, where each key is loaded by itself.
        await redisCli(place, ['bgrewriteaof'], 'right');
        await untilPrinted(server, /Background AOF rewrite finished successfully/);
        await stop(server, 'SIGTERM');
        // The delay is in microseconds for each key.
        const slow = ['key-load-delay 50000', 'loading-process-events-interval-bytes 1024'];
        await writeSettings(place, slow);
        const again = launch();
        await untilAnswer(again, /^LOADING/, 'right');
        const { codes, said } = await probes();
        expect(codes).to.deep.equal(aliveOnly);
        expect(said).to.match(/^ready\.sh: not ready: LOADING/);
      });

      it('say alive but not ready for a server that is busy with a script', async () => {
        await writeSettings(place, ['busy-reply-threshold 50']);
        const server = await serve();
        const endless = redisCli(place, ['eval', 'while true do end', '0']);
        await untilAnswer(server, /^BUSY/);
        const { codes, said } = await probes();
        expect(codes).to.deep.equal(aliveOnly);
        expect(said).to.match(/^ready\.sh: not ready: BUSY/);
        expect(await redisCli(place, ['script', 'kill'])).to.equal('OK');
        expect(await endless).to.include('Script killed by user');
        expect((await probes()).codes).to.deep.equal(aliveAndReady);
      });

      it('say alive but not ready for a replica that has lost its master', async () => {
        // Nothing listens on port 1.
        await writeSettings(place, ['replicaof 127.0.0.1 1', 'replica-serve-stale-data no']);
        await runScript(place, 'init.sh');
        await untilAnswer(launch(), /^MASTERDOWN/);
        const { codes, said } = await probes();
        expect(codes).to.deep.equal(aliveOnly);
        expect(said).to.match(/^ready\.sh: not ready: MASTERDOWN/);
      });

      it('say alive but not ready for a server that takes no more clients', async () => {
        await serve();
        const held = run('redis-cli', ['-p', String(place.port), 'blpop', 'never', '0']);
        await poll(
          async () => {
            const saw = await redisCli(place, ['client', 'list']);
            return saw.includes('cmd=blpop')
              ? { done: true, value: undefined }
              : { done: false, saw };
          },
          { what: 'a client that stays', limitMs, everyMs: 50 },
        );
        expect(await redisCli(place, ['config', 'set', 'maxclients', '1'])).to.equal('OK');
        // The connection may be closed before the question is sent: each probe more than once.
        for (let i = 0; i < 5; i += 1) {
          const { codes, said } = await probes();
          expect(codes, said).to.deep.equal(aliveOnly);
          expect(said).to.match(/^ready\.sh: not ready: (ERR max number of clients|Error: )/);
        }
        for (const server of running) server.kill('SIGKILL');
        await held;
      });
    });

    describe('with TLS', () => {
      const at = (name: string) => join(place.tls, name);
      const used = (name: string) => join(place.run, 'tls', name);
      const uses = /certificates\.sh: the server uses the renewed certificate\n/;

      const openssl = async (...args: string[]) => {
        const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
        await runToSuccess('openssl', ['req', '-x509', '-days', '1', ...curve, ...args]);
      };

      /** A folder with an authority, a certificate of its, and the key. */
      async function makeCertificate(): Promise<string> {
        const folder = await mkdtemp(join(scratch, 'certificate-'));
        const [ca, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
        await openssl('-subj', '/CN=authority', '-keyout', key, '-out', ca);
        await openssl(
          ...['-subj', '/CN=redis-0.redis-headless', '-CA', ca, '-CAkey', key],
          ...['-addext', 'basicConstraints=critical,CA:FALSE'],
          ...['-keyout', join(folder, 'tls.key'), '-out', join(folder, 'tls.crt')],
        );
        return folder;
      }

      /** Mounts the files of a folder as the kubelet does: all at once, by the link ..data. */
      async function mount(from: string): Promise<void> {
        const names = ['ca.crt', 'tls.crt', 'tls.key'];
        await mkdir(place.tls, { recursive: true });
        const folder = await mkdtemp(at('..2026'));
        for (const name of names) await cp(join(from, name), join(folder, name));
        await symlink(folder, at('..data.new'));
        await rename(at('..data.new'), at('..data'));
        for (const name of names) {
          if (!(await isThere(at(name)))) await symlink(join('..data', name), at(name));
        }
      }

      const cli = (folder: string, ...args: string[]) => {
        const file = (name: string) => join(folder, name);
        const files = [
          '--cacert',
          file('ca.crt'),
          '--cert',
          file('tls.crt'),
          '--key',
          file('tls.key'),
        ];
        return redisCli(place, ['--tls', ...files, ...args], 'right');
      };

      async function serveTls(rules = everything): Promise<{ first: string; server: Started }> {
        const first = await makeCertificate();
        await mount(first);
        await writeSettings(place, ['tls-auth-clients yes']);
        await writeUsers(place, [`default ${rules}`], { 'redis-password': 'right' });
        const init = await runScript(place, 'init.sh');
        expect(init.exitCode, init.stderr).to.equal(0);
        const server = launch();
        await untilPrinted(server, /Ready to accept connections/);
        return { first, server };
      }

      /** Waits until the certificate has been looked at twice from now on, by the pauses in between. */
      async function untilLookedAt(server: Started): Promise<void> {
        const childrenOf = async (pid: string) =>
          (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
        const [watcher = ''] = await childrenOf(String(server.pid));
        const pauses = new Set<string>();
        await poll(
          async () => {
            for (const pid of await childrenOf(watcher)) {
              const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
              if (command.includes('sleep')) pauses.add(pid);
            }
            return pauses.size > 2
              ? { done: true, value: undefined }
              : { done: false, saw: `${pauses.size} pauses` };
          },
          { what: 'certificates.sh to look twice', limitMs, everyMs: 20 },
        );
      }

      it('the mount alone says so; the probes trust who signed the certificate, and nobody else', async () => {
        const { first } = await serveTls();
        await exporterPassword(`rediss://redis-exporter@localhost:${place.port}`);
        expect(await cli(first, 'set', 'a', '1')).to.equal('OK');
        expect(await redisCli(place, ['ping'], 'right')).to.not.include('PONG');
        expect(await cli(first, 'config', 'get', 'tls-replication')).to.include('yes');
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
        const run = join(scratch, `${places}-other-run`);
        await cp(place.run, run, { recursive: true, filter: (path) => !path.endsWith('.sock') });
        await cp(join(await makeCertificate(), 'ca.crt'), join(run, 'tls', 'ca.crt'));
        const other = { ...place, env: { ...place.env, RUN_DIR: run } };
        const { exitCode, stderr } = await runScript(other, 'ready.sh');
        expect(exitCode).to.equal(1);
        expect(stderr).to.match(/^ready\.sh: not ready: .*certificate verify failed/);
      });

      it('without the files the start fails, instead of going on without TLS', async () => {
        await mkdir(place.tls);
        const { exitCode, stderr } = await runScript(place, 'init.sh');
        expect(exitCode).to.not.equal(0);
        expect(stderr).to.include('ca.crt');
      });

      it('a renewed certificate is used by the running server and its probes', async () => {
        const { first, server } = await serveTls();
        await cli(first, 'set', 'a', '1');
        for (const round of [1, 2]) {
          const renewed = await makeCertificate();
          await mount(renewed);
          await untilPrinted(server, new RegExp(`(${uses.source}[^]*){${round}}`));
          expect(await cli(renewed, 'get', 'a')).to.equal('1');
          expect(await cli(first, 'get', 'a')).to.include('certificate verify failed');
          expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
        }
        // The copies in use, and the ones before, which somebody may still be reading.
        const copies = (await readdir(place.run)).filter((name) => name.startsWith('tls'));
        expect(copies).to.have.length(3);
        // Redis warns about children that it does not know when it waits for one of its own.
        const renewed = join(place.run, 'tls');
        await cli(renewed, 'bgrewriteaof');
        await untilPrinted(server, /Background AOF rewrite finished successfully/);
        expect(server.output()).to.not.match(/unmatched|unknown child/i);
      });

      it('a certificate that does not fit its key is refused, the next one is used', async () => {
        const { first, server } = await serveTls();
        const [bad, good] = [await makeCertificate(), await makeCertificate()];
        await cp(join(good, 'tls.key'), join(bad, 'tls.key'));
        await mount(bad);
        const refuses =
          /certificates\.sh: the server refuses the renewed certificate, and keeps the former/g;
        await untilPrinted(server, refuses);
        expect(await cli(first, 'ping')).to.equal('PONG');
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
        expect(await readFile(used('tls.crt'))).to.deep.equal(
          await readFile(join(first, 'tls.crt')),
        );
        await untilLookedAt(server);
        await rm(at('..data'));
        await untilPrinted(server, /cp: .*ca\.crt/);
        expect(await cli(first, 'ping')).to.equal('PONG');
        await mount(good);
        await untilPrinted(server, uses);
        expect(await cli(good, 'ping')).to.equal('PONG');
        expect(server.output().match(refuses)).to.have.length(1);
      });

      it('a server that may not be told says once that it needs a restart', async () => {
        const { first, server } = await serveTls(`${everything} -config`);
        const [second, third] = [await makeCertificate(), await makeCertificate()];
        const once = /uses the renewed certificate when the pod restarts, not before: .*NOPERM/g;
        await mount(second);
        await untilPrinted(server, once);
        await untilLookedAt(server);
        await mount(third);
        await untilPrinted(server, new RegExp(`(${once.source}[^]*){2}`));
        expect(await cli(first, 'ping')).to.equal('PONG');
        expect(server.output().match(once)).to.have.length(2);
        await stop(server, 'SIGTERM');
        await runScript(place, 'init.sh');
        const again = launch();
        await untilPrinted(again, /Ready to accept connections/);
        expect(await cli(third, 'ping')).to.equal('PONG');
      });

      it('what watches the certificate does not hold the lock, and ends after the server', async () => {
        const { first, server } = await serveTls();
        await cli(first, 'set', 'a', '1');
        server.kill('SIGKILL');
        expect(await server.exited).to.equal('SIGKILL');
        const again = launch();
        await untilPrinted(again, /Ready to accept connections/);
        expect(again.output()).to.not.include('waiting up to');
        expect(await cli(first, 'get', 'a')).to.equal('1');
        // When its output has ended, too, nobody is left.
        expect(await server.ended).to.equal('SIGKILL');
        expect(await stop(again, 'SIGTERM')).to.equal(0);
      });
    });

    describe('start.sh', () => {
      it('becomes the server, which SIGTERM ends at once with nothing lost', async () => {
        const server = await serve();
        const cmdline = await readFile(`/proc/${server.pid}/cmdline`, 'utf8');
        expect(cmdline).to.include('redis-server');
        expect(await redisCli(place, ['set', 'key', 'value'])).to.equal('OK');
        const began = performance.now();
        expect(await stop(server, 'SIGTERM')).to.equal(0);
        expect(performance.now() - began).to.be.lessThan(5000);
        await serve();
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
      });

      it('does not write a dump when the server stops, even where dumps are scheduled', async () => {
        await writeSettings(place, ['save 3600 1']);
        const server = await serve();
        await redisCli(place, ['set', 'key', 'value']);
        expect(await stop(server, 'SIGTERM')).to.equal(0);
        expect(await isThere(dump())).to.equal(false);
        await serve();
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
      });

      it('after SIGKILL of the server gets the lock, and every acknowledged write is there', async () => {
        await writeSettings(place, ['appendfsync always']);
        const server = await serve();
        for (let i = 0; i < 20; i += 1) {
          expect(await redisCli(place, ['set', `key${i}`, `value${i}`])).to.equal('OK');
        }
        expect(await stop(server, 'SIGKILL')).to.equal('SIGKILL');
        await serve();
        for (let i = 0; i < 20; i += 1) {
          expect(await redisCli(place, ['get', `key${i}`])).to.equal(`value${i}`);
        }
      });

      it('waits for the server that uses the data directory, and starts when it has ended', async () => {
        const first = await serve();
        await redisCli(place, ['set', 'key', 'of the first']);
        const former = place.port;
        const { port } = await makePlace(join(scratch, `${places}b`), path);
        place = { ...place, port };
        const second = launch();
        await untilPrinted(
          second,
          /waiting up to 120 s: .* is in use by the server of \S+, since 20/,
        );
        expect(await redisCli(place, ['ping'])).to.include('Connection refused');
        place = { ...place, port: former };
        expect(await redisCli(place, ['set', 'key', 'still the first'])).to.equal('OK');
        await stop(first, 'SIGKILL');
        place = { ...place, port };
        await untilAnswer(second, /^PONG$/);
        expect(await redisCli(place, ['get', 'key'])).to.equal('still the first');
      });

      it('waits also for the child that a killed server has left', async () => {
        const first = await serve();
        await redisCli(place, ['set', 'key', 'value']);
        // Microseconds that the child sleeps at the key.
        await redisCli(place, ['config', 'set', 'rdb-key-save-delay', '2000000']);
        expect(await redisCli(place, ['bgsave'])).to.equal('Background saving started');
        first.kill('SIGKILL');
        expect(await first.exited).to.equal('SIGKILL');
        const second = launch();
        await untilPrinted(second, /waiting up to 120 s/);
        expect(await redisCli(place, ['ping'])).to.include('Connection refused');
        await untilAnswer(second, /^PONG$/);
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
      });

      it('gives up on a data directory that stays in use, and says by whom', async () => {
        await serve();
        await redisCli(place, ['set', 'key', 'value']);
        const second = launch({ LOCK_WAIT: '1' });
        expect(await second.ended).to.equal(1);
        const host = (await runToSuccess('uname', ['-n'])).trim();
        expect(second.output()).to.include(
          `gave up after 1 s: ${place.data} is in use by the server of ${host}, since 20`,
        );
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
      });

      it('obeys SIGTERM also while it waits', async () => {
        await serve();
        const second = launch();
        await untilPrinted(second, /waiting up to/);
        const began = performance.now();
        // By a handler: the first process of a container gets no signal that it does not handle.
        second.kill('SIGTERM');
        // With the first process the container ends; here `timeout`, told to end while it starts, may leave `flock`.
        expect(await second.exited).to.equal(143);
        expect(performance.now() - began).to.be.lessThan(5000);
      });

      it('says who cannot write where, and what to do about it', async () => {
        await runScript(place, 'init.sh');
        const root = process.getuid?.() === 0;
        const setpriv = (await runToSuccess('which', ['setpriv'])).trim();
        const other = [setpriv, '--reuid=65534', '--regid=65534', '--clear-groups'];
        const before = root ? other : [];
        const uid = root ? 65534 : process.getuid?.();
        await chmod(place.data, 0o555);
        const folder = await runScript(place, 'start.sh', [], before);
        expect(folder.exitCode).to.equal(1);
        expect(folder.stderr).to.include(
          `${place.data} can't be read and written by uid ${uid ?? ''} with the groups`,
        );
        expect(folder.stderr).to.include("set fsGroup in the pod's security context");
        await chmod(place.data, 0o777);
        await mkdir(aof());
        await writeFile(join(aof(), 'appendonly.aof.manifest'), '', { mode: 0o400 });
        if (!root) await chmod(join(aof(), 'appendonly.aof.manifest'), 0o000);
        const file = await runScript(place, 'start.sh', [], before);
        expect(file.exitCode).to.equal(1);
        expect(file.stderr).to.match(/appendonlydir(\/\S+)? can't be read and written/);
      });
    });

    it('redis.conf is durable and closed, and the settings win over it', async () => {
      await serve();
      const get = async (name: string) =>
        (await redisCli(place, ['config', 'get', name])).split('\n')[1] ?? '';
      const expected = {
        appendonly: 'yes',
        appendfsync: 'everysec',
        'no-appendfsync-on-rewrite': 'no',
        'aof-use-rdb-preamble': 'yes',
        'aof-load-truncated': 'yes',
        'stop-writes-on-bgsave-error': 'yes',
        'protected-mode': 'no',
        'enable-debug-command': 'no',
        'enable-module-command': 'no',
        'enable-protected-configs': 'no',
        'shutdown-on-sigterm': 'nosave',
        save: '',
        dir: place.data,
        aclfile: join(place.run, 'users.acl'),
        pidfile: '',
        logfile: '',
      };
      for (const [name, value] of Object.entries(expected)) {
        expect(await get(name), name).to.equal(value);
      }
      for (const server of running) await stop(server, 'SIGTERM');
      await writeSettings(place, ['tcp-keepalive 7', `dir ${place.run}`, 'dbfilename other.rdb']);
      await serve();
      expect(await get('tcp-keepalive')).to.equal('7');
      // But for what the scripts rely on.
      expect(await get('dir')).to.equal(place.data);
      expect(await get('dbfilename')).to.equal('dump.rdb');
    });

    it('test.sh writes, reads back and removes by the address that it is given', async () => {
      await writeUsers(place, [`default ${everything}`], { 'redis-password': 'right' });
      await serve('right');
      // The pod of helm test has the Secret alone.
      await rm(join(place.run, 'redis-password'));
      const address = ['127.0.0.1', String(place.port)];
      const kept = await runScript(place, 'test.sh', address);
      expect(kept).to.include({ exitCode: 0, stderr: '' });
      expect(kept.stdout.trim()).to.equal(`${address.join(':')} kept what was written`);
      expect(await redisCli(place, ['dbsize'], 'right')).to.equal('0');
      await writeFile(join(place.secrets, 'redis-password'), 'wrong');
      const refused = await runScript(place, 'test.sh', address);
      expect(refused.exitCode).to.equal(1);
      expect(refused.stderr).to.include('WRONGPASS');
      expect(refused.stderr).to.not.include('right');
    });

    it('a redis.conf of the installation alone is understood as well', async () => {
      const own = join(place.config, 'redis.conf');
      await writeFile(own, 'bind 127.0.0.1\nappendonly no\nsave 3600 1\n');
      await rm(join(place.config, 'settings.conf'));
      const server = await serve();
      expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
      await redisCli(place, ['set', 'key', 'value']);
      await stop(server, 'SIGTERM');
      await serve();
      expect(await redisCli(place, ['get', 'key'])).to.equal('value');
    });

    describe('a redis.conf of the installation', () => {
      const own = (...lines: string[]) =>
        writeFile(
          join(place.config, 'redis.conf'),
          ['bind 127.0.0.1', 'save 3600 1', ...lines, ''].join('\n'),
        );
      const fails = async () => {
        await runScript(place, 'init.sh');
        const server = launch();
        expect(await server.ended).to.equal(1);
        return server.output();
      };

      it('lets nobody in without a password', async () => {
        await writeUsers(place, [`default ${everything}`], { 'redis-password': 'right' });
        await own('port 1', 'requirepass ""', 'protected-mode no');
        await serve('right');
        expect(await redisCli(place, ['ping'])).to.include('NOAUTH');
        expect(await redisCli(place, ['ping'], 'wrong')).to.include('WRONGPASS');
        expect(await probes()).to.deep.equal({ codes: aliveAndReady, said: '' });
      });

      it('with users of its own stops the start', async () => {
        await own('user somebody on nopass +@all');
        expect(await fails()).to.include('define either an ACL file or declare users directly');
      });

      it('with a password that would have no effect stops the start', async () => {
        await own('requirepass secret');
        const said = await fails();
        expect(said).to.include('requirepass would have no effect, and the server be open');
        expect(said).to.not.include('secret');
      });

      it('with a password that a pattern may include stops the start', async () => {
        await writeFile(join(place.config, 'other.conf'), 'requirepass secret\n');
        await own(`include ${place.config}/oth*.conf`);
        expect(await fails()).to.include('an include of a pattern may set requirepass');
      });

      it('forces each write to the disk unless it says otherwise, and lets clients in', async () => {
        const other = join(place.config, 'other.conf');
        await writeFile(other, 'appendfsync everysec\n');
        await writeUsers(place, [`default ${everything}`], { 'redis-password': 'right' });
        const cases: [string, string][] = [
          ['always', 'protected-mode yes'],
          ['everysec', 'appendfsync EverySec'],
          ['everysec', `include ${other}`],
          ['always', `include ${place.config}/oth*.conf`],
        ];
        for (const [expected, line] of cases) {
          await own(line);
          const server = await serve('right');
          const saw = async (key: string) => redisCli(place, ['config', 'get', key], 'right');
          expect(await saw('appendfsync'), line).to.equal(`appendfsync\n${expected}`);
          expect(await saw('protected-mode'), line).to.equal('protected-mode\nno');
          await stop(server, 'SIGKILL');
        }
      });

      it('keeps every write unless it says "no"', async () => {
        await writeUsers(place, [`default ${everything}`], { 'redis-password': 'right' });
        const other = join(place.config, 'other.conf');
        const cases: [string, string[], string][] = [
          ['yes', [], ''],
          ['yes', ['appendonly no', 'APPENDONLY Yes'], ''],
          ['yes', ['appendonly no', '"appendonly" yes'], ''],
          ['yes', ['appendonly no', `include ${other}`], 'appendonly yes'],
          // Redis reads a pattern, the scripts do not.
          ['yes', ['appendonly no', `include ${place.config}/oth*.conf`], 'appendonly yes'],
          ['yes', [`include ${place.config}/oth*.conf`], 'appendonly no'],
          ['yes', ['# appendonly no'], ''],
          ['no', ['appendonly No'], ''],
          ['no', ['appendonly yes', "AppendOnly 'NO'\r"], ''],
          ['no', [`Include "${other}"`], 'appendonly no'],
          ['yes', [`include ${other}`, 'appendonly no', `include ${other}`], 'appendonly yes'],
        ];
        for (const [expected, lines, included] of cases) {
          await own(...lines);
          await writeFile(other, `${included}\n`);
          const server = await serve('right');
          const saw = await redisCli(place, ['config', 'get', 'appendonly'], 'right');
          expect(saw, lines.join()).to.equal(`appendonly\n${expected}`);
          expect(await isThere(aof()), lines.join()).to.equal(expected === 'yes');
          await stop(server, 'SIGKILL');
          await rm(place.data, { recursive: true });
          await mkdir(place.data);
        }
        await own('appendonly maybe');
        expect(await fails()).to.include("argument must be 'yes' or 'no'");
      });

      it('that forgets appendonly takes over and keeps the data, one that says "no" is refused', async () => {
        await leaveDump();
        await own();
        await stop(await serve(), 'SIGKILL');
        await own('appendonly NO');
        expect(await fails()).to.include(`would leave out the data in ${aof()}`);
        await own();
        await serve();
        expect(await redisCli(place, ['dbsize'])).to.equal('100');
      });
    });

    describe('data that Redis would not look at', () => {
      it('a dump without an append-only file is taken over, and every write after it is kept', async () => {
        await leaveDump();
        const before = await readFile(dump());
        const server = await serve();
        expect(server.output()).to.include(`the data is taken over from ${dump()}`);
        expect(await redisCli(place, ['dbsize'])).to.equal('100');
        expect(await redisCli(place, ['get', '42'])).to.equal('value 42');
        expect(await redisCli(place, ['set', '42', 'new'])).to.equal('OK');
        await stop(server, 'SIGKILL');
        const again = await serve();
        expect(again.output()).to.not.include('taken over');
        expect(await redisCli(place, ['get', '42'])).to.equal('new');
        expect(await redisCli(place, ['bgrewriteaof'])).to.include('started');
        await untilPrinted(again, /Background AOF rewrite finished successfully/);
        await stop(again, 'SIGKILL');
        await serve();
        expect(await redisCli(place, ['dbsize'])).to.equal('100');
        expect(await redisCli(place, ['get', '42'])).to.equal('new');
        expect((await readFile(dump())).equals(before)).to.equal(true);
      });

      it('a dump that is cut off stops the start, and is left as it is', async () => {
        await leaveDump();
        await truncate(dump(), 200);
        const before = await readFile(dump());
        await runScript(place, 'init.sh');
        for (const attempt of ['first', 'second']) {
          expect(await launch().ended, attempt).to.equal(1);
          expect((await readFile(dump())).equals(before), attempt).to.equal(true);
        }
      });

      it('a dump that is none stops the start before Redis sees it', async () => {
        await runScript(place, 'init.sh');
        for (const content of ['', 'RED', 'no dump']) {
          await writeFile(dump(), content);
          const server = launch();
          expect(await server.ended).to.equal(1);
          expect(server.output()).to.include(`${dump()} is not a dump of Redis; restore it`);
          expect(await readFile(dump(), 'utf8')).to.equal(content);
          expect(await isThere(aof())).to.equal(false);
        }
      });

      it('an append-only file without its manifest stops the start, an unfinished first start does not', async () => {
        const server = await serve();
        await redisCli(place, ['set', 'key', 'value']);
        await stop(server, 'SIGTERM');
        const manifest = join(aof(), 'appendonly.aof.manifest');
        const text = await readFile(manifest);
        await rm(manifest);
        const refused = launch();
        expect(await refused.ended).to.equal(1);
        expect(refused.output()).to.include('its appendonly.aof.manifest is missing; restore it');
        await writeFile(manifest, text);
        await stop(await serve(), 'SIGTERM');
        await rm(aof(), { recursive: true });
        await stop(await serve(), 'SIGTERM');
        await rm(manifest);
        const base = join(aof(), 'appendonly.aof.1.base.rdb');
        const empty = await readFile(base);
        expect(empty.length).to.be.lessThan(150);
        await writeFile(base, Buffer.alloc(512, 'x'));
        const full = launch();
        expect(await full.ended).to.equal(1);
        expect(full.output()).to.include('its appendonly.aof.manifest is missing; restore it');
        await writeFile(base, Buffer.alloc(511, 'x'));
        await serve();
        expect(await redisCli(place, ['dbsize'])).to.equal('0');
      });

      it('an append-only file that the settings switch off stops the start', async () => {
        const server = await serve();
        await redisCli(place, ['set', 'key', 'value']);
        await stop(server, 'SIGTERM');
        await writeSettings(place, ['appendonly yes', 'AppendOnly "no"']);
        const refused = launch();
        expect(await refused.ended).to.equal(1);
        expect(refused.output()).to.include(`would leave out the data in ${aof()}; set it to yes`);
        await writeSettings(place);
        await serve();
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
      });

      it('without an append-only file, the data is in a dump that is written at the end', async () => {
        await writeSettings(place, ['appendonly no', 'save 3600 1']);
        const server = await serve();
        await redisCli(place, ['set', 'key', 'value']);
        expect(await stop(server, 'SIGTERM')).to.equal(0);
        await serve();
        expect(await redisCli(place, ['get', 'key'])).to.equal('value');
        expect(await isThere(aof())).to.equal(false);
      });

      it('a last command that a power cut left in part is cut off, damage before it stops the start', async () => {
        const server = await serve();
        await redisCli(place, ['set', 'first', '1']);
        await redisCli(place, ['set', 'second', '2']);
        await stop(server, 'SIGTERM');
        const incr = join(aof(), 'appendonly.aof.1.incr.aof');
        const { size } = await stat(incr);
        await truncate(incr, size - 5);
        const cut = await serve();
        expect(await redisCli(place, ['get', 'first'])).to.equal('1');
        expect(await redisCli(place, ['exists', 'second'])).to.equal('0');
        await stop(cut, 'SIGTERM');
        const text = await readFile(incr, 'latin1');
        await writeFile(incr, text.replace('$5\r\nfirst', '$9\r\nfirst'), 'latin1');
        expect(await launch().ended).to.equal(1);
      });
    });
  });
}
