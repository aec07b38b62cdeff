import { expect } from 'chai';
import type { Helm, RunResult } from '@holdfast/core';
import { fakeClient } from '../kube/client.fixture.ts';
import {
  installChart,
  renderChart,
  testRelease,
  uninstallRelease,
  upgradeChart,
  type ReleaseSpec,
} from '../kube/release.ts';
import type { ProofEvent, ProofOptions } from '../prove-options.ts';
import { keepSecrets } from './keep-secrets.ts';
import { secretKeeper } from './known-secrets.ts';

/** A cluster on which each installation and upgrade makes another password, and uninstalling takes it away. */
function place() {
  const passwords = new Map<string, string>();
  const asked: string[] = [];
  const client = fakeClient(({ line }) => {
    asked.push(line);
    const password = passwords.get(/namespaces\/(.*)\/secrets$/.exec(line)?.[1] ?? '');
    if (password === 'unreadable') throw new Error('you may not');
    return password === undefined ? [] : [{ metadata: {}, stringData: { password } }];
  });
  let made = 0;
  const run = ([command = '', ...args]: readonly string[]): Promise<RunResult> => {
    const namespace = args[args.indexOf('--namespace') + 1] ?? '';
    made += 1;
    if (command === 'uninstall') passwords.delete(namespace);
    else if (command !== 'template') passwords.set(namespace, `password-${made}`);
    return Promise.resolve({ exitCode: 0, stdout: command, stderr: '' });
  };
  const events: ProofEvent[] = [];
  const keeper = secretKeeper(client, []);
  const onEvent = (event: ProofEvent) => events.push(event);
  const options = { helm: { run } as unknown as Helm, onEvent } as unknown as ProofOptions;
  const spec = (namespace: string): ReleaseSpec => ({
    ...{ chart: 'web', values: [], set: [], release: 'web', namespace },
    ...{ kubeVersion: 'v1.34.4', signal: client.signal },
  });
  return { asked, keeper, events, spec, passwords, ...keepSecrets(options, keeper) };
}

describe('a proof that keeps its secrets', () => {
  it('knows those of a release that was uninstalled and installed again, and those of now', async () => {
    const { helm, keeper, spec } = place();
    await installChart(helm, spec('ns'), 1_000);
    await uninstallRelease(helm, spec('ns'));
    await installChart(helm, spec('ns'), 1_000);
    await upgradeChart(helm, spec('ns'), 1_000);
    expect(keeper.known().values).to.have.members(['password-1', 'password-3', 'password-4']);
  });

  it('knows one that was made after the installation, before it goes', async () => {
    const { helm, keeper, spec, passwords } = place();
    await installChart(helm, spec('ns-control'), 1_000);
    passwords.set('ns-control', 'made-by-a-job');
    await uninstallRelease(helm, spec('ns-control'));
    expect(keeper.known().values).to.have.members(['password-1', 'made-by-a-job']);
  });

  it('knows one that a hook of a test has left, before the next test replaces it', async () => {
    const { helm, keeper, spec } = place();
    await installChart(helm, spec('ns'), 1_000);
    await testRelease(helm, spec('ns'), 1_000);
    await testRelease(helm, spec('ns'), 1_000);
    expect(keeper.known().values).to.have.members(['password-1', 'password-2', 'password-3']);
  });

  it('asks nothing where Helm changes nothing, and gets Helm’s answer', async () => {
    const { asked, helm, spec } = place();
    expect(await renderChart(helm, spec('ns'))).to.equal('template');
    expect(asked).to.eql([]);
    expect(await installChart(helm, spec('ns'), 1_000)).to.include({ stdout: 'install' });
  });

  it('tells none of them in an event', async () => {
    const { events, helm, onEvent, spec } = place();
    await installChart(helm, spec('ns'), 1_000);
    onEvent({ type: 'notice', text: 'password-1 is left behind' });
    onEvent({ type: 'not done', entry: { kind: 'eviction', reason: 'it said password-1' } });
    onEvent({ type: 'step', title: 'install', state: 'started' });
    expect(events).to.eql([
      { type: 'notice', text: '<redacted> is left behind' },
      { type: 'not done', entry: { kind: 'eviction', reason: 'it said <redacted>' } },
      { type: 'step', title: 'install', state: 'started' },
    ]);
  });

  it('quotes nothing in a notice where they can’t be read', async () => {
    const { events, helm, onEvent, spec, passwords } = place();
    passwords.set('ns', 'unreadable');
    await installChart(helm, spec('ns'), 1_000);
    onEvent({ type: 'notice', text: 'release web is left behind: it said live-one:\nlive-one' });
    const [notice] = events;
    const text = notice?.type === 'notice' ? notice.text : '';
    expect(text).to.match(/^release web is left behind: what was printed is left out/);
    expect(text).to.contain('namespace ns: you may not').and.to.not.contain('live-one');
  });
});
