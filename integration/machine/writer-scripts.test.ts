import { expect } from 'chai';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runToSuccess } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { provide } from './provide.ts';
import {
  disorder,
  expectedValue,
  longestSilence,
  makeWriterPlace,
  type WriterPlace,
} from './writer-place.ts';

/** The shells of images, by the names of their programs, and of Debian's packages. */
const shells = ['dash', 'busybox', 'bash'] as const;

async function hasShells(): Promise<boolean> {
  const found = await Promise.all(shells.map((shell) => run('which', [shell])));
  return found.every(({ exitCode }) => exitCode === 0);
}

/** A folder in which `sh` is a certain shell; with busybox, nothing else is found but its own programs. */
async function pathFor(folder: string, shell: (typeof shells)[number]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const program = (await runToSuccess('which', [shell])).trim();
  const names =
    shell === 'busybox' ? (await runToSuccess('busybox', ['--list'])).trim().split('\n') : ['sh'];
  for (const name of names) await symlink(program, join(folder, name));
  return shell === 'busybox' ? folder : `${folder}:${process.env['PATH'] ?? ''}`;
}

/** The processes whose environment has this text. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return env.includes(text)
        ? [`${pid} ${await readlink(`/proc/${pid}/exe`).catch(() => '')}`]
        : [];
    }),
  );
  return found.flat();
}

for (const shell of shells) {
  describe(`the writer with ${shell}`, () => {
    let scratch: string;
    let path: string;
    let place: WriterPlace;
    let places = 0;

    before(async function () {
      if (!(await provide(hasShells, shells))) this.skip();
      scratch = await mkdtemp(join(tmpdir(), 'holdfast-writer-'));
      path = await pathFor(join(scratch, 'bin'), shell);
    });

    afterEach(async () => {
      await place.kill();
      expect(await processesWith(place.folder)).to.eql([]);
    });

    after(async () => {
      if (scratch) await rm(scratch, { recursive: true, force: true });
    });

    /** A place with a write program of this text, which finds $PLACE. */
    async function withProgram(text: string, env: Record<string, string> = {}): Promise<void> {
      places += 1;
      const folder = join(scratch, String(places));
      await mkdir(folder);
      await writeFile(join(folder, 'write.sh'), text);
      place = await makeWriterPlace(folder, path, {
        WRITE: join(folder, 'write.sh'),
        PLACE: folder,
        ...env,
      });
    }

    const good =
      'while read -r seq value; do echo "$seq $value" >>"$PLACE/got"; echo "ack $seq"; done\n';
    const got = async () => (await readFile(join(place.folder, 'got'), 'utf8')).trim().split('\n');
    const kinds = (answers: readonly { kind: string }[]) => answers.map(({ kind }) => kind);

    it('gives each write its number and value, at its pace', async () => {
      await withProgram(good, { SALT: '4294967295' });
      await place.start();
      const answers = await place.untilAnswers('300 writes', (a) => a.length >= 300);
      expect(disorder(answers)).to.equal(undefined);
      expect(new Set(kinds(answers))).to.eql(new Set(['ack']));
      expect((await got()).slice(0, 300)).to.eql(
        answers.slice(0, 300).map(({ seq }) => `${seq} ${expectedValue(seq, 4_294_967_295)}`),
      );
      const seconds = (answers[299]?.at ?? 0) - (answers[0]?.at ?? 0);
      expect(299 / seconds, 'writes in a second').to.be.within(50, 115);
    });

    it('stops when it is told to, and its file holds everything that was written', async () => {
      await withProgram(good);
      await place.start();
      await place.untilAnswers('10 writes', (a) => a.length >= 10);
      await place.stop();
      const answers = await place.answers();
      expect((await got()).length).to.equal(answers.length);
      await place.kill();
      // A container that is started again finds nothing to do.
      await place.start();
      await place.stop();
      expect((await place.answers()).length).to.equal(answers.length);
    });

    it('takes nothing for an answer but the answer to this very write', async () => {
      const odd = [
        'ack',
        'ack 1000000',
        'ack $seq more',
        'ok $seq',
        'HTTP/1.1 400',
        'ack $seq.0',
        '',
        'ACK $seq',
      ];
      const cases = odd.map((text, index) => `${index + 1}) echo "${text}" ;;`).join('\n');
      await withProgram(
        `while read -r seq value; do case $seq in\n${cases}\n*) echo "ack $seq" ;; esac; done\n`,
      );
      await place.start();
      const answers = await place.untilAnswers('20 writes', (a) => a.length >= 20);
      expect(disorder(answers)).to.equal(undefined);
      const expected = answers.map(({ seq }) => (seq <= odd.length ? 'unknown' : 'ack'));
      expect(kinds(answers)).to.eql(expected);
    });

    it('takes down what was refused and what nobody knows, and says why once', async () => {
      await withProgram(
        'while read -r seq value; do case $seq in 1|2) echo "fail $seq full" ;; 3) echo "unknown $seq" ;; *) echo "ack $seq" ;; esac; done\n',
      );
      await place.start();
      const answers = await place.untilAnswers('5 writes', (a) => a.length >= 5);
      expect(kinds(answers).slice(0, 5)).to.eql(['fail', 'fail', 'unknown', 'ack', 'ack']);
      expect(place.output().match(/full/g)).to.have.length(1);
    });

    it('kills a program that does not answer within 2 s, also one that ignores it, and goes on', async () => {
      // The first two of its runs hang at their first write.
      const hang = `n=0
[ ! -e "$PLACE/runs" ] || read -r n <"$PLACE/runs"
echo $((n + 1)) >"$PLACE/runs"
while read -r seq value; do
  if [ "$n" = 0 ]; then while :; do sleep 0.1; done; fi
  if [ "$n" = 1 ]; then trap '' TERM; while :; do sleep 0.1; done; fi
  echo "ack $seq"
done
`;
      await withProgram(hang);
      await place.start();
      const answers = await place.untilAnswers('4 writes', (a) => a.length >= 4);
      expect(disorder(answers)).to.equal(undefined);
      expect(kinds(answers).slice(0, 4)).to.eql(['unknown', 'unknown', 'ack', 'ack']);
      const [first, second] = answers;
      expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.within(2, 6);
    });

    it('starts a program anew that ends, and what it was asked is unknown', async () => {
      await withProgram('read -r seq value; echo "ack $seq"; read -r seq value\n');
      await place.start();
      const answers = await place.untilAnswers('6 writes', (a) => a.length >= 6);
      expect(kinds(answers).slice(0, 6)).to.eql([
        'ack',
        'unknown',
        'ack',
        'unknown',
        'ack',
        'unknown',
      ]);
    });

    it('goes on behind its last line when its container was killed, and knows nothing of the next write', async () => {
      await withProgram(good);
      await place.start();
      await place.untilAnswers('20 writes', (a) => a.length >= 20);
      await place.kill();
      const before = (await place.answers()).length;
      await place.start();
      const answers = await place.untilAnswers('20 more', (a) => a.length >= before + 20);
      expect(disorder(answers)).to.equal(undefined);
      const unknown = answers.filter(({ kind }) => kind !== 'ack').map(({ seq }) => seq);
      expect(unknown).to.eql([before + 1]);
      // The value of a number does not depend on the run that wrote it.
      const values = (await got()).filter((line) => !unknown.includes(Number(line.split(' ')[0])));
      expect(
        values.every((line) => line === `${parseInt(line)} ${expectedValue(parseInt(line), 7)}`),
      ).to.equal(true);
    });

    it('does not catch up after an outage', async () => {
      await withProgram(
        'while read -r seq value; do if [ "$seq" = 20 ]; then sleep 1.5; fi; echo "ack $seq"; done\n',
      );
      await place.start();
      const answers = await place.untilAnswers('60 writes', (a) => a.length >= 60);
      expect(longestSilence(answers)).to.be.within(1.4, 3);
      const seconds = (answers[59]?.at ?? 0) - (answers[20]?.at ?? 0);
      expect(39 / seconds).to.be.lessThan(125);
    });
  });

  describe(`a ledger in a file with ${shell}`, () => {
    const program = (name: string) => join(root, 'packages', 'harness', 'src', 'ledger', name);
    let scratch: string;
    let path: string;
    let file: string;

    before(async function () {
      if (!(await hasShells())) this.skip();
      scratch = await mkdtemp(join(tmpdir(), 'holdfast-file-'));
      path = await pathFor(join(scratch, 'bin'), shell);
      file = join(scratch, 'file');
    });

    beforeEach(() => rm(file, { force: true }));

    after(async () => {
      if (scratch) await rm(scratch, { recursive: true, force: true });
    });

    const sh = (name: string, input = '', to = file) =>
      run(join(scratch, 'bin', 'sh'), [program(name), to], { env: { PATH: path }, input });

    it('acknowledges each write, and reads it back', async () => {
      const lines = Array.from({ length: 50 }, (_, i) => `${i + 1} ${expectedValue(i + 1, 9)}\n`);
      const written = await sh('file-write.sh', lines.join(''));
      expect(written.stdout.trim().split('\n')).to.eql([
        'ready',
        ...lines.map((_, i) => `ack ${i + 1}`),
      ]);
      expect((await sh('file-read.sh')).stdout.trim()).to.equal(lines.join('').trim());
    });

    it('a torn line is no write, and spoils none', async () => {
      await sh('file-write.sh', '1 11\n');
      for (const torn of ['\n2 2', '\n2 22', '\n2 22 ', '\n', '\n2', '\n2 2x .', '\n2 2 ..']) {
        await writeFile(file, `${await readFile(file, 'utf8')}${torn}`);
      }
      await sh('file-write.sh', '3 33\n');
      expect((await sh('file-read.sh')).stdout.trim()).to.equal('1 11\n3 33');
    });

    it('needs no program to be read', async () => {
      await sh('file-write.sh', '1 11\n');
      const env = { PATH: '/nowhere' };
      const { stdout } = await run(join(scratch, 'bin', 'sh'), [program('file-read.sh'), file], {
        env,
      });
      expect(stdout.trim()).to.equal('1 11');
    });

    it('says that there is no file', async () => {
      expect((await sh('file-read.sh')).exitCode).to.not.equal(0);
    });

    it('refuses what there is no room for', async () => {
      const { stdout } = await sh('file-write.sh', '1 11\n', '/dev/full');
      expect(stdout.trim()).to.equal('ready\nfail 1');
    });

    describe('is forced to the disk', () => {
      let places = 0;
      let bin: string;

      /** Writes two lines where programs write down what they were called with, and end with a code. */
      async function written(
        codes: Record<string, number>,
      ): Promise<{ said: string; calls: string[] }> {
        places += 1;
        bin = join(scratch, `fake-${places}`);
        await mkdir(bin);
        await symlink(join(scratch, 'bin', 'sh'), join(bin, 'sh'));
        const calls = join(bin, 'calls');
        for (const [name, code] of Object.entries(codes)) {
          const text = `#!/bin/sh\necho "${name} $*" >>'${calls}'\nexit ${code}\n`;
          await writeFile(join(bin, name), text, { mode: 0o755 });
        }
        const write = [program('file-write.sh'), file];
        const input = '1 11\n2 22\n';
        const result = await run(join(bin, 'sh'), write, { env: { PATH: bin }, input });
        const lines = (await readFile(calls, 'utf8')).trim().split('\n');
        return { said: result.stdout.trim(), calls: lines };
      }

      it('by sync, for each write', async () => {
        const { said, calls } = await written({ sync: 0, dd: 0 });
        expect(said).to.equal('ready\nack 1\nack 2');
        // The first call asks whether there is such a program.
        expect(calls).to.eql(Array.from({ length: 3 }, () => `sync ${file}`));
      });

      it('by dd, where sync takes no file', async () => {
        const { said, calls } = await written({ sync: 1, dd: 0 });
        expect(said).to.equal('ready\nack 1\nack 2');
        const dd = `dd if=/dev/null of=${file} conv=notrunc,fsync`;
        expect(calls).to.eql([`sync ${file}`, dd, dd]);
      });

      it('or nobody knows', async () => {
        const { said } = await written({ sync: 1, dd: 1 });
        expect(said).to.equal('ready\nunknown 1\nunknown 2');
      });
    });
  });
}
