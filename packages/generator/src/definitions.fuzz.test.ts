import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HoldfastError } from '@holdfast/core';
import { parse, stringify } from 'yaml';
import { chartOf } from './chart.ts';
import { define } from './define.ts';
import { parseFeature } from './feature.ts';
import { load, type Sources } from './load.ts';
import { change, changed, mutations, traps } from './mutations.fixture.ts';

/** Another one explores further: HOLDFAST_FUZZ_SEED=1 HOLDFAST_FUZZ_RUNS=5000. */
const seed = Number(process.env['HOLDFAST_FUZZ_SEED'] ?? 20251125);
const numRuns = Number(process.env['HOLDFAST_FUZZ_RUNS'] ?? 300);

/** Checks a property in bounded time: seconds of the processor, whatever else the machine does. */
function holds<T>(property: fc.IPropertyWithHooks<[T]>, runs = numRuns): void {
  const before = process.cpuUsage();
  fc.assert(property, { seed, numRuns: runs });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6 / runs, 'seconds for each').to.be.below(0.05);
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const templates = join(root, 'templates');
const folders = [templates, join(root, 'examples')]
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .filter((dir) => existsSync(join(dir, 'app.yaml')));

/** With all keys that the definitions of this repository do not use. */
const everything = `apiVersion: holdfast.dev/v1
kind: Application
name: all
title: All
description: All keys
version: 1.2.3-rc.1
appVersion: "1.0"
home: https://example.org
icon: https://example.org/all.svg
sources: [https://example.org/all]
keywords: [all, keys]
image: { registry: registry.example.org:5000, repository: example/all, tag: v1 }
without: [helm-test]
modes: [{ name: alone, description: One }, { name: many, description: More }]
credentials:
  mountPath: /run/secrets/all
  accounts: { root: { key: root-password, value: rootPassword, description: Of the root } }
tls: { mountPath: /run/tls/all }
metrics:
  image: { repository: example/exporter, tag: v1 }
  port: 9100
  path: /metrics
  command: [/exporter]
  args: ["--all"]
  env: { LEVEL: info }
  role: all
roles:
  - name: all
    workload: StatefulSet
    modes: [alone, many]
    replicas: 3
    maxReplicas: 5
    gracePeriod: 1m30s
    podManagementPolicy: Parallel
    user: 999
    command: [/bin/all]
    args: ["--one", "two three"]
    init: [/bin/init]
    preStop: [/bin/stop]
    env: { A: "yes", B: "" }
    ports: { main: 7000, other: { port: 7001, protocol: UDP } }
    writable: [/tmp, /var/cache]
    inMemory: [/run/all]
    configuration: { mountPath: /etc/all, files: { all.conf: "a = 1" } }
    scripts: { mountPath: /opt/all, files: { all.sh: "exec all" } }
    volumes:
      data: { mountPath: /data, size: 1Gi, accessModes: [ReadWriteOnce] }
      log: { mountPath: /log, size: 1000000000 }
    probes:
      start: { exec: [/bin/started], period: 1s, timeout: 2s, failures: 9 }
      ready: { http: { port: main, path: /ready } }
      live: { tcp: main }
    resources: { requests: { cpu: 1, memory: 1Gi }, limits: { ephemeral-storage: 1G } }
  - { name: door, workload: Deployment, modes: [many], ports: { http: 8080 } }
  - { name: agent, workload: DaemonSet }
  - { name: setup, workload: Job, command: [/bin/setup] }
`;

/** It succeeds, or says what is wrong with the input, and where. */
function succeedsOrTells(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    expect(error.kind).to.equal('badInput');
    expect(error.message).to.match(/\S/);
    expect(error.object).to.match(/\S/);
    expect(error.message).not.to.match(/\[object Object\]|node:internal|\.ts:\d/);
    return false;
  }
}

describe(`whatever is written (seed ${seed})`, function () {
  this.timeout(300_000);
  const definitions = [
    everything,
    ...folders.map((dir) => readFileSync(join(dir, 'app.yaml'), 'utf8')),
  ];
  let sources: Sources;

  before(async () => {
    sources = await load(folders[0] ?? '', templates);
    for (const dir of folders) expect(chartOf(await load(dir, templates)).files).not.to.be.empty;
  });

  /** The chart of another definition, which has no folder. */
  const withDefinition = (text: string): Sources => ({
    ...sources,
    definition: { file: 'app.yaml', text },
    application: new Map(),
  });

  it('begins with what is valid', () => {
    expect(chartOf(withDefinition(everything)).name).to.equal('all');
  });

  it('a definition is taken, or refused with a reason', () => {
    for (const trap of traps) succeedsOrTells(() => define('app.yaml', trap));
    holds(
      fc.property(mutations(definitions), (text) => {
        succeedsOrTells(() => define('app.yaml', text));
      }),
      numRuns * 3,
    );
  });

  it('a definition gives a chart, or is refused with a reason', () => {
    holds(
      fc.property(mutations([everything, everything.replace(/without.*\n/, '')]), (text) => {
        succeedsOrTells(() => {
          const { files } = chartOf(withDefinition(text));
          for (const [path, content] of files)
            expect(content, path).not.to.match(/[\uE000-\uE00F]/);
        });
      }),
    );
  });

  it('defaults of an organisation are taken, or refused with a reason', () => {
    const valid = chartOf(sources).files.get('values.yaml') ?? '';
    const values = [valid, valid.replaceAll(/^ *#.*\n/gm, '')];
    const given = (text: string) => chartOf(sources, { values: { file: 'org.yaml', text } });
    for (const trap of traps) succeedsOrTells(() => given(trap));
    holds(
      fc.property(mutations(values), (text) => {
        succeedsOrTells(() => given(text));
      }),
    );
  });

  it('a feature.yaml is taken, or refused with a reason', () => {
    const features = [...sources.features];
    const texts = features.map(([, folder]) => folder.get('feature.yaml') ?? '');
    const folder = new Map(features.flatMap(([, files]) => [...files]));
    const read = (text: string) => {
      const name = /^name: (.*)$/m.exec(text)?.[1] ?? '';
      return parseFeature(name, '_shared/any', new Map([...folder, ['feature.yaml', text]]));
    };
    for (const trap of traps) succeedsOrTells(() => read(trap));
    holds(
      fc.property(mutations(texts), (text) => {
        succeedsOrTells(() => read(text));
      }),
      numRuns * 2,
    );
  });

  it('a chart with another feature.yaml is generated, or refused with a reason', () => {
    const named = [...sources.features];
    const changes = fc.array(change, { minLength: 1, maxLength: 2 });
    holds(
      fc.property(fc.tuple(fc.constantFrom(...named), changes), ([[name, folder], all]) => {
        const before: unknown = parse(folder.get('feature.yaml') ?? '');
        const text = stringify(all.reduce(changed, before));
        const features = new Map(sources.features);
        features.set(name, new Map([...folder, ['feature.yaml', text]]));
        succeedsOrTells(() => chartOf({ ...sources, features }));
      }),
    );
  });
});
