import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError, run } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import { podObject } from '../observe/objects.fixture.ts';
import { claimMounts, watchHolders } from './holders.ts';
import type { Scene } from './scene.ts';

const [oldUid, newUid] = ['11111111-2222-3333-4444-555555555555', 'aaaa1111-2222-3333-4444-bbbb'];
const script = join(import.meta.dirname, 'holders.sh');

/** A process of a made up /proc. */
interface Process {
  pid: number;
  /** The lines of its control groups. */
  groups: string;
  /** The root of what is mounted at /data; the id of a mount is the process' own. */
  root: string;
  /** Open flags by the file's path, below /data. */
  files: Record<string, string>;
}

const cgroupfs = (uid: string) =>
  `3:cpu:/docker/1/pods/kubepods/burstable/pod${uid}/0123\n2:memory:/docker/1/pods/kubepods/x\n`;
const systemd = (uid: string) =>
  `0::/kubepods.slice/kubepods-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-0123.scope\n`;
const write = '0102001';
const read = '0100000';

describe('holders.sh', () => {
  let folder: string;
  let proc: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-holders-'));
    proc = join(folder, 'proc');
    await mkdir(join(folder, 'work'), { recursive: true });
    await mkdir(proc);
    await writeFile(join(proc, 'uptime'), '51.07 99.00\n');
    // One sample, and it stops.
    await writeFile(join(folder, 'work', 'stop'), '');
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function add({ pid, groups, root, files }: Process): Promise<void> {
    const base = join(proc, String(pid));
    const rootfs = join(folder, `root-${pid}`);
    await mkdir(join(base, 'fdinfo'), { recursive: true });
    await mkdir(join(base, 'fd'));
    await mkdir(join(rootfs, 'data'), { recursive: true });
    await symlink(rootfs, join(base, 'root'));
    await writeFile(join(base, 'cgroup'), `9:pids:/\n${groups}`);
    const mounts = [
      `${pid}0 1 8:1 /etc /etc/hosts rw - ext4 /dev/a rw`,
      `${pid} 1 8:1 ${root} /data rw,relatime - ext4 /dev/a rw`,
    ];
    await writeFile(join(base, 'mountinfo'), `${mounts.join('\n')}\n`);
    for (const [index, [file, flags]] of Object.entries(files).entries()) {
      const path = join(rootfs, 'data', file);
      await writeFile(path, '');
      await symlink(path, join(base, 'fd', String(index + 3)));
      const info = `pos:\t0\nflags:\t${flags}\nmnt_id:\t${pid}\nino:\t7\n`;
      await writeFile(join(base, 'fdinfo', String(index + 3)), info);
    }
  }

  async function sample(shell = 'sh'): Promise<string> {
    const args = shell === 'sh' ? [script] : ['sh', script];
    const { stdout, stderr, exitCode } = await run(shell, args, {
      env: {
        PROC: proc,
        POD_UID: oldUid,
        MOUNTS: '/data',
        APART: '/data/.lock /data/.holdfast-ledger-web-0',
        WORK: join(folder, 'work'),
        SECONDS_LIMIT: '10',
      },
      timeoutMs: 20_000,
    });
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    return stdout.trim();
  }

  const before: Process = {
    pid: 12,
    groups: cgroupfs(oldUid),
    root: '/storage/pvc-1',
    files: { 'log.aof': write, 'dump.rdb': read },
  };
  const after = (files: Record<string, string>): Process => ({
    ...{ pid: 34, groups: cgroupfs(newUid), root: '/storage/pvc-1', files },
  });

  it('tells the pod whose process writes', async () => {
    await add(before);
    expect(await sample()).to.equal(`5107 ${oldUid}`);
    expect(await readdir(join(folder, 'work'))).to.include('begun');
  });

  it('tells both pods of one volume, however control groups are managed', async () => {
    await add({ ...before, groups: systemd(oldUid) });
    await add({ ...after({ 'log.aof': '0100002' }), groups: systemd(newUid) });
    const uids = [oldUid, newUid].map((uid) => uid.replaceAll('-', '_'));
    expect(await sample()).to.equal(`5107 ${uids.join(' ')}`);
  });

  for (const [what, process] of [
    ['reads only', after({ 'log.aof': read, 'dump.rdb': '0100000' })],
    ['waits for the lock', after({ '.lock': '0102001' })],
    ['is the ledger’s own', after({ '.holdfast-ledger-web-0': write })],
    ['has another volume at the same path', { ...after({ a: write }), root: '/storage/pvc-10' }],
    ['is of no pod', { ...after({ a: write }), groups: '3:cpu:/docker/1\n' }],
  ] as const) {
    it(`does not count a process that ${what}`, async () => {
      await add(before);
      await add(process);
      expect(await sample()).to.equal(`5107 ${oldUid}`);
    });
  }

  it('does not take one pod after the other for two at a time', async () => {
    await add(before);
    await add(after({ 'log.aof': write }));
    // The look stands still at the second process, and meanwhile the first one closes its file.
    const info = join(proc, '34', 'fdinfo', '3');
    const later = join(folder, 'later');
    await rename(info, later);
    expect((await run('mkfifo', [info])).exitCode).to.equal(0);
    const sampled = sample();
    // A FIFO is opened for writing only once somebody reads it.
    const close = 'exec 3>"$1"; rm "$3"; cp "$2" "$2.copy"; mv "$2" "$1"; cat "$2.copy" >&3';
    await run('sh', ['-c', close, 'sh', info, later, join(proc, '12/fdinfo/3')]);
    expect(await sampled).to.equal(`5107 ${newUid}`);
  });

  it('says that a pod is not on the node', async () => {
    await add({ ...before, groups: cgroupfs(newUid) });
    expect(await sample()).to.equal('none');
  });

  it('runs in busybox too', async function () {
    const there = await run('busybox', ['true']).then(
      () => true,
      () => false,
    );
    if (!there) this.skip();
    await add(before);
    await add(after({ 'log.aof': write }));
    expect(await sample('busybox')).to.equal(`5107 ${oldUid} ${newUid}`);
  });
});

describe('watchHolders', () => {
  const limits = { readyMs: 1, recoveryMs: 60_000, dnsMs: 1, helmMs: 1 };
  const sceneWith = (control?: Partial<NodeControl>) =>
    ({ limits, driver: { path: '/data', lock: '.lock' }, control }) as unknown as Scene;

  it('looks from the pod’s node until it is stopped', async () => {
    const asked: string[] = [];
    const ended = Promise.withResolvers<string>();
    const control = {
      run(node: string, text: string) {
        asked.push(`${node}: ${text}`);
        if (text.includes('POD_UID=')) return ended.promise;
        if (text.includes('>/tmp/') && text.includes('/stop'))
          ended.resolve(`100 pod-uid\n110 pod-uid\n`);
        return Promise.resolve('');
      },
    };
    const watch = await watchHolders(sceneWith(control), podObject());
    expect(await watch.stop()).to.eql({
      pod: 'web-0',
      samples: [{ ms: 0, uids: ['pod-uid'], times: 2 }],
    });
    expect(asked[0]).to.match(/^server-0: POD_UID='pod-uid'\nMOUNTS='\/data'\n/);
    expect(asked[0]).to.contain('/data/.lock').and.contain('/data/.holdfast-ledger-web-0');
    expect(asked[0]).to.contain("SECONDS_LIMIT='60'");
    // It has begun before the pod is taken away, or the pod would not be found any more.
    expect(asked[1]).to.contain('/begun');
    expect(asked.at(-1)).to.match(/rm -rf \/tmp\/holdfast-holders-/);
  });

  it('says why nobody looked', async () => {
    const failing = {
      run: () => Promise.reject(new HoldfastError({ kind: 'internal', message: 'no node' })),
    };
    const without = podObject();
    without.spec.volumes = [];
    for (const [control, pod, why] of [
      [undefined, podObject(), 'out of reach'],
      [failing, without, 'no claim'],
      [failing, podObject(), 'no node'],
      [{ run: () => Promise.resolve('none\n') }, podObject(), 'no process'],
    ] as const) {
      const watch = await watchHolders(sceneWith(control), pod);
      expect(await watch.stop())
        .to.have.property('untried')
        .that.contains(why);
    }
  });

  it('knows where claims are mounted', () => {
    expect(claimMounts(podObject())).to.eql(['/data']);
  });
});
