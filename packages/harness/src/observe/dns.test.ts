import { expect } from 'chai';
import { clusterDomain, lookupsByName, nslookupAddresses, podFqdn } from './dns.ts';

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
