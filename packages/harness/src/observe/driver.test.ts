import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { parseDriver } from './driver.ts';

const head = 'apiVersion: holdfast.dev/v1\nkind: Driver\n';

describe('parseDriver', () => {
  it('reads what there is', () => {
    const text = `${head}path: /data/\nfile: nonce.txt\nread: read.sh\nport: 8080\n`;
    expect(parseDriver(text, 'driver.yaml')).to.eql({
      claims: 'required',
      path: '/data',
      file: 'nonce.txt',
      read: 'read.sh',
      port: 8080,
    });
    expect(parseDriver(`${head}claims: none\n`, 'driver.yaml')).to.eql({ claims: 'none' });
  });

  const bad: [string, string][] = [
    ['apiVersion', 'kind: Driver\n'],
    ['kind', 'apiVersion: holdfast.dev/v1\n'],
    ['kind', 'apiVersion: holdfast.dev/v1\nkind: Application\n'],
    ['apiVersion', 'apiVersion: v2\nkind: Driver\n'],
    ['path', `${head}path: data\n`],
    ['file', `${head}path: /data\nfile: ../escape\n`],
    ['file', `${head}path: /data\nfile: ".."\n`],
    ['read', `${head}path: /data\nfile: n\nread: /bin/sh\n`],
    ['read', `${head}path: /data\nread: read.sh\n`],
    ['file', `${head}file: n\n`],
    ['port', `${head}port: "8080"\n`],
    ['port', `${head}port: 70000\n`],
    ['claims', `${head}claims: maybe\n`],
    ['paths', `${head}paths: /data\n`],
  ];
  for (const [key, text] of bad) {
    it(`refuses ${JSON.stringify(text.replace(head, ''))} and names ${key}`, () => {
      try {
        parseDriver(text, 'd/driver.yaml');
        expect.fail('accepted');
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        expect(error).to.include({ kind: 'badInput', object: `d/driver.yaml, key ${key}` });
      }
    });
  }

  it('refuses what is no mapping', () => {
    for (const text of ['', '- a', 'text', 'a: [']) {
      expect(() => parseDriver(text, 'f'), text).to.throw(HoldfastError);
    }
  });
});
