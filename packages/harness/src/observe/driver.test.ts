import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { drivenSet, parseDriver } from './driver.ts';

const head = 'apiVersion: holdfast.dev/v1\nkind: Driver\n';
const nothing = { credentials: {}, without: [], outside: [], copies: false, claims: 'required' };

describe('parseDriver', () => {
  it('reads what there is', () => {
    const text = `${head}path: /data/
set: web
served: { file: nonce.txt, script: read.sh }
ledger: { write: write.sh, read: read.sh, image: redis }
identity: identity.sh
port: 8080
service: web
credentials: { password: { key: redis-password }, ca: { key: ca.crt, optional: true } }
without: [persistence.enabled=false]
outside: [external.enabled=true, "external.host=$HOST"]
lock: .lock
copies: true
`;
    expect(parseDriver(text, 'driver.yaml')).to.eql({
      path: '/data',
      set: 'web',
      served: { file: 'nonce.txt', script: 'read.sh' },
      ledger: { write: 'write.sh', read: 'read.sh', image: 'redis' },
      identity: 'identity.sh',
      port: 8080,
      service: 'web',
      credentials: {
        password: { key: 'redis-password', optional: false },
        ca: { key: 'ca.crt', optional: true },
      },
      without: ['persistence.enabled=false'],
      outside: ['external.enabled=true', 'external.host=$HOST'],
      lock: '.lock',
      copies: true,
      claims: 'required',
    });
  });

  it('has nothing where the file has nothing', () => {
    expect(parseDriver(head, 'f')).to.eql(nothing);
    expect(parseDriver(`${head}claims: none\n`, 'f')).to.eql({ ...nothing, claims: 'none' });
    expect(parseDriver(`${head}copies: false\n`, 'f')).to.eql(nothing);
  });

  const bad: [string, string][] = [
    ['apiVersion', 'kind: Driver\n'],
    ['kind', 'apiVersion: holdfast.dev/v1\n'],
    ['kind', 'apiVersion: holdfast.dev/v1\nkind: Application\n'],
    ['apiVersion', 'apiVersion: v2\nkind: Driver\n'],
    ['path', `${head}path: data\n`],
    ['served', `${head}path: /data\nserved: read.sh\n`],
    ['served', `${head}served: { file: n, script: s }\n`],
    ['served.script', `${head}path: /data\nserved: { file: n }\n`],
    ['served.file', `${head}path: /data\nserved: { file: ../escape, script: s }\n`],
    ['served.file', `${head}path: /data\nserved: { file: "..", script: s }\n`],
    ['served.script', `${head}path: /data\nserved: { file: n, script: /bin/sh }\n`],
    ['served.read', `${head}path: /data\nserved: { file: n, script: s, read: s }\n`],
    ['read', `${head}path: /data\nread: read.sh\n`],
    ['file', `${head}file: n\n`],
    ['ledger', `${head}port: 1\nledger: [a]\n`],
    ['ledger', `${head}ledger: { write: w, read: r }\n`],
    ['ledger.read', `${head}port: 1\nledger: { write: w }\n`],
    ['ledger.image', `${head}port: 1\nledger: { write: w, read: r, image: A B }\n`],
    ['identity', `${head}port: 1\nidentity: a/b\n`],
    ['identity', `${head}identity: a\n`],
    ['port', `${head}port: "8080"\n`],
    ['port', `${head}port: 70000\n`],
    ['service', `${head}service: "{{ .Release.Name }}"\n`],
    ['set', `${head}set: 5\n`],
    ['credentials', `${head}credentials: password\n`],
    ['credentials.a/b', `${head}credentials: { a/b: { key: k } }\n`],
    ['credentials.a.key', `${head}credentials: { a: {} }\n`],
    ['credentials.a.key', `${head}credentials: { a: { key: "" } }\n`],
    ['credentials.a.optional', `${head}credentials: { a: { key: k, optional: 1 } }\n`],
    ['credentials.a.secret', `${head}credentials: { a: { key: k, secret: s } }\n`],
    ['without', `${head}without: persistence.enabled=false\n`],
    ['without', `${head}without: []\n`],
    ['outside', `${head}outside: [external]\n`],
    ['lock', `${head}path: /data\nlock: /data/.lock\n`],
    ['lock', `${head}lock: .lock\n`],
    ['copies', `${head}copies: "yes"\n`],
    ['copies', `${head}copies: true\n`],
    ['claims', `${head}claims: maybe\n`],
    ['paths', `${head}paths: /data\n`],
  ];
  for (const [key, text] of bad) {
    it(`refuses ${JSON.stringify(text.replace(head, ''))} and names ${key}`, () => {
      try {
        parseDriver(text, 'd/driver.yaml');
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        expect(error).to.include({ kind: 'badInput', object: `d/driver.yaml, key ${key}` });
        return;
      }
      expect.fail('accepted');
    });
  }

  it('refuses what is no mapping', () => {
    for (const text of ['', '- a', 'text', 'a: [']) {
      expect(() => parseDriver(text, 'f'), text).to.throw(HoldfastError);
    }
  });
});

describe('drivenSet', () => {
  const sets = ['r-db', 'r-db-arbiter', 'r-web'];

  it('is the first, or the named one, with the release in front or not', () => {
    expect(drivenSet(sets, undefined)).to.equal('r-db');
    expect(drivenSet(sets, 'r-web')).to.equal('r-web');
    expect(drivenSet(sets, 'web')).to.equal('r-web');
    expect(drivenSet([...sets, 'db'], 'db')).to.equal('db');
  });

  it('is none where none has the name, or several end in it', () => {
    for (const [all, name] of [
      [sets, 'cache'],
      [[...sets, 'other-web'], 'web'],
      [[], undefined],
    ] as const) {
      expect(() => drivenSet(all, name))
        .to.throw(HoldfastError)
        .that.includes({ kind: 'badInput', object: name ?? 'no StatefulSet' });
    }
  });
});
