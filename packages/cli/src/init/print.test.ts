import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { draftOf } from './draft.ts';
import { printDefinition } from './print.ts';

const schema = 'https://example.org/app.schema.json';

describe('a definition that init writes', () => {
  it('reads as if written by hand', () => {
    const flags = {
      ...{
        image: 'images.example.org/a/my-app:v1.10',
        appVersion: '1.10',
        replicas: '2',
        user: '999',
      },
      ...{ port: ['http=8080', 'dns=53/UDP'], volume: ['data=/data:1Gi'], ready: 'http:http/ok' },
    };
    const text = printDefinition(draftOf(flags, 'some/my-app'), schema);
    expect(text.split('\n')[0]).to.equal(`# yaml-language-server: $schema=${schema}`);
    expect(text).not.to.match(/[ \t]$|^.{101}/m);
    expect(text).to.contain("appVersion: '1.10'\n");
    expect(parse(text)).to.deep.equal({
      apiVersion: 'holdfast.dev/v1',
      kind: 'Application',
      name: 'my-app',
      description: 'The application my-app',
      appVersion: '1.10',
      image: { registry: 'images.example.org', repository: 'a/my-app', tag: 'v1.10' },
      roles: [
        {
          name: 'my-app',
          workload: 'StatefulSet',
          replicas: 2,
          gracePeriod: '30s',
          user: 999,
          ports: { http: 8080, dns: { port: 53, protocol: 'UDP' } },
          volumes: { data: { mountPath: '/data', size: '1Gi' } },
          writable: ['/tmp'],
          probes: { ready: { http: { port: 'http', path: '/ok' } } },
        },
      ],
    });
  });

  it('says in comments what could stand where nothing was given', () => {
    const text = printDefinition(draftOf({ image: 'a/b:1' }, 'b'), schema);
    for (const key of ['ports', 'volumes', 'probes']) {
      expect(text).to.match(new RegExp(`^ {4}# ${key}: \\{`, 'm'));
    }
    const whole = parse(text.replaceAll(/# (?=(ports|volumes|probes):)/g, '')) as {
      roles: [object];
    };
    expect(whole.roles[0]).to.include.keys('ports', 'volumes', 'probes');
  });

  it('says nothing of what a workload has not', () => {
    const job = printDefinition(draftOf({ image: 'a/b:1', workload: 'Job' }, 'b'), schema);
    expect(job).not.to.match(/ports:|volumes:|probes:|replicas:/);
    const daemon = printDefinition(draftOf({ image: 'a/b:1', workload: 'DaemonSet' }, 'b'), schema);
    expect(daemon).not.to.match(/volumes:|replicas:/);
  });

  it('keeps the paths that a volume takes out of what is writable and passing', () => {
    const flags = { image: 'a/b:1', volume: ['tmp=/tmp:1Gi'] };
    expect(printDefinition(draftOf(flags, 'b'), schema)).to.contain('    writable: []\n');
  });

  it('holds any text as it was given', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (name, description, appVersion) => {
        const draft = draftOf({ name, description, appVersion, image: 'a/b' }, 'b');
        const read = parse(printDefinition(draft, schema)) as object;
        expect(read).to.include({ name, description, appVersion });
      }),
    );
    for (const name of [
      'yes',
      '0x10',
      '1e3',
      '~',
      '- a',
      'a: b',
      '#',
      'null',
      '1_000',
      'a\nb',
      '\u2003',
    ]) {
      const draft = draftOf({ name, description: name, appVersion: name, image: 'a/b' }, 'b');
      const printed = printDefinition(draft, schema);
      expect(parse(printed)).to.include({ name, description: name, appVersion: name });
      expect(parse(printed, { version: '1.1' })).to.include({ name, description: name });
    }
  });
});
