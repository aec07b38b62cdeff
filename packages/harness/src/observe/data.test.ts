import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReading, readCommand, writeCommand } from './data-script.ts';
import { placesOf, type DataPlace } from './data.ts';
import { setRecord } from './identity.ts';
import { mismatch, mountAt, parseMountinfo, sameMount } from './mountinfo.ts';
import { podObject, setObject } from './objects.fixture.ts';

const mountinfo = `22 1 254:0 / / rw,relatime - overlay overlay rw,lowerdir=/a
33 22 0:5 / /proc rw - proc proc rw
41 22 254:0 /old /data rw - ext4 /dev/vda rw
42 22 254:0 /storage/pvc-1_ns_data-web-0 /data rw,relatime shared:3 master:1 - ext4 /dev/vda rw
43 22 0:9 / /with\\040blank rw - tmpfs tmpfs rw
nonsense
`;

describe('mountinfo', () => {
  const mounts = parseMountinfo(mountinfo);

  it('takes the last mount at exactly that path', () => {
    expect(mountAt(mounts, '/data/')).to.eql({
      mountPoint: '/data',
      root: '/storage/pvc-1_ns_data-web-0',
      type: 'ext4',
      source: '/dev/vda',
    });
    expect(mountAt(mounts, '/data/sub')).to.equal(undefined);
    expect(mountAt(mounts, '/with blank')?.type).to.equal('tmpfs');
    expect(mountAt(mounts, '/')?.type).to.equal('overlay');
  });

  it('knows the same place again, under another device name too', () => {
    const mount = { mountPoint: '/data', root: '/', type: 'ext4', source: '/dev/sdb' };
    expect(sameMount(mount, { ...mount, source: '/dev/sdc' })).to.equal(true);
    expect(sameMount(mount, { ...mount, root: '/x' })).to.equal(false);
    expect(sameMount(mount, { ...mount, type: 'tmpfs' })).to.equal(false);
    const nfs = { ...mount, source: 'host:/a' };
    expect(sameMount(nfs, { ...nfs, source: 'host:/b' })).to.equal(false);
  });

  it('refuses what can’t be the volume', () => {
    const mount = { mountPoint: '/data', root: '/s/pvc-1', type: 'ext4', source: '/dev/vda' };
    const metadata = { name: 'pvc-1', uid: 'u', resourceVersion: '1' };
    const at = (path: string) => ({ metadata, spec: { hostPath: { path } } });
    expect(mismatch(mount, at('/var/lib/pvc-1/'))).to.equal(undefined);
    expect(mismatch({ ...mount, root: '/s/pvc-1/sub' }, at('/var/lib/pvc-1'))).to.equal(undefined);
    expect(mismatch(mount, at('/var/lib/pvc-2'))).to.contain('is not the volume');
    expect(mismatch(mount, { metadata, spec: { local: { path: '/x/pvc-3' } } })).to.contain(
      'pvc-3',
    );
    expect(mismatch({ ...mount, type: 'tmpfs' }, undefined)).to.contain('tmpfs');
    expect(mismatch(mount, { metadata, spec: { csi: {} } })).to.equal(undefined);
  });
});

describe('placesOf', () => {
  const set = setRecord(setObject());

  it('is the mount of each claim', () => {
    expect(placesOf(podObject(), set)).to.eql([
      {
        pod: 'web-0',
        set: 'web',
        ordinal: 0,
        container: 'web',
        mountPath: '/data',
        directory: '/data',
        file: '.holdfast-nonce',
        claim: 'data-web-0',
        served: false,
      },
    ]);
  });

  it('is the driver’s folder in that mount', () => {
    const [place] = placesOf(podObject(), set, { path: '/data/www', file: 'n.txt', reads: true });
    expect(place).to.include({
      mountPath: '/data',
      directory: '/data/www',
      file: 'n.txt',
      served: true,
    });
  });

  it('adds the driver’s folder where it is on no claim', () => {
    const places = placesOf(podObject(), set, { path: '/database', reads: false });
    expect(places.map((place) => place.directory)).to.eql(['/data', '/database']);
    expect(places[1]?.claim).to.equal(undefined);
  });

  it('finds none where the claim is mounted for reading only, or not at all', () => {
    const pod = podObject();
    pod.spec.containers.forEach((container) => {
      container.volumeMounts = [{ name: 'data', mountPath: '/data', readOnly: true }];
    });
    expect(placesOf(pod, set)).to.eql([]);
    expect(placesOf(podObject(), { ...set, claimTemplates: [] })).to.eql([]);
  });
});

describe('data scripts', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-data-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const place = (): DataPlace => ({
    pod: 'web-0',
    set: 'web',
    ordinal: 0,
    container: 'web',
    mountPath: folder,
    directory: folder,
    file: 'nonce.txt',
    claim: undefined,
    served: false,
  });
  const sh = ([, ...args]: string[]) =>
    execFileSync('sh', args, { encoding: 'utf8', stdio: 'pipe' });

  it('read what they wrote, on a real file system', () => {
    sh(writeCommand(place(), 'abc', 'content'));
    sh(writeCommand(place(), 'def', 'other content'));
    const { uid, gid } = statSync(folder);
    expect(parseReading(place(), sh(readCommand(place())))).to.eql({
      place: place(),
      nonce: 'def',
      link: 'nonce.txt',
      linked: 'def',
      content: 'other content',
      bytes: '14',
      owner: `${uid}:${gid}`,
      mode: '640',
    });
  });

  it('read nothing where nothing is', () => {
    expect(parseReading(place(), sh(readCommand(place())))).to.eql({ place: place() });
  });

  it('fail where the folder is not there', () => {
    const gone = { ...place(), directory: join(folder, 'gone') };
    expect(() => sh(readCommand(gone))).to.throw();
    expect(() => sh(writeCommand(gone, 'a', 'b'))).to.throw();
  });

  it('take the mount from the end of the output', () => {
    const at = { ...place(), mountPath: '/data' };
    const reading = parseReading(at, `nonce=a\nnonsense\nevil=1\nmounts\n${mountinfo}`);
    expect(reading).to.include({ nonce: 'a' });
    expect(reading.mount?.root).to.equal('/storage/pvc-1_ns_data-web-0');
  });
});
