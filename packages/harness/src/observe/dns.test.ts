import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '@holdfast/core';
import {
  answersOnly,
  clusterDomain,
  lookupScript,
  lookupsByName,
  nslookupAddresses,
  podFqdn,
} from './dns.ts';

const busybox = `Server:\t\t10.43.0.10
Address:\t10.43.0.10:53

Name:\tweb-0.web.ns.svc.cluster.local
Address: 10.42.0.5

`;
const oldBusybox = `Server:    10.43.0.10
Address 1: 10.43.0.10 kube-dns.kube-system.svc.cluster.local

Name:      web-0.web
Address 1: 10.42.0.5 web-0.web.ns.svc.cluster.local
`;

describe('nslookupAddresses', () => {
  it('leaves the server out', () => {
    expect(nslookupAddresses(busybox)).to.eql(['10.42.0.5']);
    expect(nslookupAddresses(oldBusybox)).to.eql(['10.42.0.5']);
  });

  it('is empty where there was no answer', () => {
    const none =
      "Server:\t10.43.0.10\nAddress:\t10.43.0.10:53\n\n** server can't find x: NXDOMAIN\n";
    expect(nslookupAddresses(none)).to.eql([]);
    expect(nslookupAddresses('')).to.eql([]);
  });

  it('keeps every address, IPv6 too', () => {
    const text =
      'Name: x\nAddress: 10.0.0.2\nName: x\nAddress: 10.0.0.1\nName: x\nAddress: fd00::1\n';
    expect(nslookupAddresses(text)).to.eql(['10.0.0.1', '10.0.0.2', 'fd00::1']);
  });
});

describe('lookupsByName', () => {
  it('gives each name its own answer', () => {
    const answers = lookupsByName(`== a\n${busybox}== b\n** server can't find b: NXDOMAIN\n`);
    expect([...answers]).to.eql([
      ['a', ['10.42.0.5']],
      ['b', []],
    ]);
  });
});

describe('answersOnly', () => {
  it('takes the addresses of both families, and none but the pod’s', () => {
    expect(answersOnly(['10.42.0.5', 'fd00::5'], ['10.42.0.5', 'fd00::5'])).to.equal(true);
    expect(answersOnly(['fd00::5'], ['10.42.0.5', 'fd00::5'])).to.equal(true);
    expect(answersOnly(['10.42.0.5', '10.42.0.4'], ['10.42.0.5'])).to.equal(false);
    expect(answersOnly([], ['10.42.0.5'])).to.equal(false);
    expect(answersOnly(['10.42.0.5'], [])).to.equal(false);
  });
});

describe('lookupScript', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-dns-'));
    const waits = `#!/bin/sh\nsleep 0.5\nprintf 'Name: %s\\nAddress: 10.0.0.%s\\n' "$1" "$1"\nexit 1\n`;
    await writeFile(join(folder, 'nslookup'), waits, { mode: 0o755 });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('asks for all names at once, and keeps the answers apart', async () => {
    const names = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const began = performance.now();
    const { stdout, exitCode } = await run('sh', ['-c', lookupScript], {
      env: { NAMES: names.join(' '), PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    });
    expect(performance.now() - began).to.be.lessThan(3_500);
    expect(exitCode).to.equal(0);
    const answers = lookupsByName(stdout);
    for (const name of names) expect(answers.get(name)).to.eql([`10.0.0.${name}`]);
  });
});

describe('clusterDomain', () => {
  it('is what follows svc in the search list', () => {
    const text =
      'search ns.svc.corp.example svc.corp.example corp.example\nnameserver 10.43.0.10\n';
    expect(clusterDomain(text)).to.equal('corp.example');
    expect(clusterDomain('search ns.svc.cluster.local. lan\n')).to.equal('cluster.local');
    expect(clusterDomain('search lan example.org\n')).to.equal(undefined);
    expect(clusterDomain('nameserver 1.1.1.1\n')).to.equal(undefined);
  });
});

describe('podFqdn', () => {
  it('is the pod in its Service', () => {
    expect(podFqdn('web-0', 'web', 'ns', 'cluster.local')).to.equal(
      'web-0.web.ns.svc.cluster.local',
    );
  });
});
