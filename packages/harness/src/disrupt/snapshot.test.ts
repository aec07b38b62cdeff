import { expect } from 'chai';
import { parseDriver } from '../observe/driver.ts';
import type { SetRecord } from '../observe/identity.ts';
import { podObject } from '../observe/objects.fixture.ts';
import type { Scene } from './scene.ts';
import { isDriven, placesIn, type Member } from './snapshot.ts';

const driver = parseDriver(
  'apiVersion: holdfast.dev/v1\nkind: Driver\nset: db\npath: /var/lib/db\n',
  'driver.yaml',
);

function member(set: string): Member {
  const record: SetRecord = {
    name: set,
    uid: 'u',
    replicas: 1,
    start: 0,
    serviceName: set,
    claimTemplates: ['data'],
  };
  return { set: record, pod: podObject(`${set}-0`) };
}

describe('a driver of a release with several StatefulSets', () => {
  const loaded = { ...driver, scripts: {} };
  const scene = { driver: loaded, sets: ['r-web', 'r-db'] } as unknown as Scene;
  const folders = (set: string, { driver: given }: Pick<Scene, 'driver'> = scene) =>
    placesIn({ ...scene, driver: given }, member(set)).map(({ directory }) => directory);

  it('says where the data of its own set is, and nothing of another', () => {
    expect(folders('r-db')).to.eql(['/data', '/var/lib/db']);
    expect(folders('r-web')).to.eql(['/data']);
    expect(folders('r-db', { driver: undefined })).to.eql(['/data']);
  });

  it('is for that set alone', () => {
    expect(isDriven(scene, member('r-db'))).to.equal(true);
    expect(isDriven(scene, member('r-web'))).to.equal(false);
    expect(isDriven({ ...scene, driver: undefined }, member('r-db'))).to.equal(false);
  });
});
