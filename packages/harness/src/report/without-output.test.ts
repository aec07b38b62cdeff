import { expect } from 'chai';
import { catalogue, runChecks } from '../checks/catalogue.ts';
import { goodRecord } from '../checks/record.fixture.ts';
import type { ProofRecord } from '../observe/record.ts';
import { withoutOutput } from './without-output.ts';

describe('withoutOutput', () => {
  const word = 'the password is live-one';

  /** A record that quotes what programs printed. */
  function record(): ProofRecord {
    const made = goodRecord();
    made.install.push({ object: 'web-0', ok: false, text: 'crashed', log: word });
    for (const ledger of made.ledgers) ledger.error = word;
    if (made.acts.control?.state === 'done') {
      for (const ledger of made.acts.control.seen.ledgers) ledger.error = word;
    }
    return made;
  }

  it('leaves out what was printed where the secrets are not all known, and only that', () => {
    const bare = withoutOutput(record(), { values: [], unread: 'you may not' });
    expect(JSON.stringify(bare)).to.not.contain('live-one');
    expect(bare.install.at(-1)).to.include({ text: 'crashed' });
    expect(bare.install.at(-1)?.log).to.contain('you may not');
    expect(bare.ledgers[0]?.error).to.contain('left out');
    const good = goodRecord();
    for (const { identities } of good.observations) identities.length = 0;
    if (good.acts.reinstall?.state === 'done') {
      const { before, after } = good.acts.reinstall.seen;
      before.identities = after.identities = [];
    }
    expect(withoutOutput(good, { values: [], unread: 'you may not' })).to.eql(good);
  });

  /** What the checks conclude without output, and with it: the verdicts, and all texts. */
  function concluded(made: ProofRecord) {
    const verdicts = (from: ProofRecord) =>
      runChecks(catalogue, from).map(({ id, verdict }) => `${id} ${verdict}`);
    const bare = withoutOutput(made, { values: [], unread: 'you may not' });
    return { bare, verdicts: verdicts(bare), before: verdicts(made) };
  }

  it('tells nothing of what identity programs printed, and the checks conclude the same', () => {
    const good = goodRecord();
    const says = (made: ProofRecord, disruption: number, text: string) => {
      const reading = made.observations[disruption]?.identities[0];
      if (reading) reading.values['password'] = text;
    };
    for (const disruption of [0, 1, 2]) says(good, disruption, 'live-one');
    const same = concluded(good);
    expect(same.verdicts).to.eql(same.before).and.to.include('I7 passed');
    says(good, 2, 'live-two');
    const other = concluded(good);
    expect(other.verdicts).to.eql(other.before).and.to.include('I7 failed');
    expect(JSON.stringify(other.bare)).to.not.match(/live-|"id-0"/);
    const again = goodRecord();
    if (again.acts.reinstall?.state === 'done') {
      for (const { values } of again.acts.reinstall.seen.after.identities)
        values['id'] = 'live-one';
    }
    const { bare, verdicts, before } = concluded(again);
    expect(verdicts).to.eql(before).and.to.include('V5 failed');
    expect(JSON.stringify(bare)).to.not.contain('live-one');
  });

  it('tells nothing of what Helm printed, and keeps the words of Holdfast', () => {
    const made = goodRecord();
    made.install.push({ object: 'helm install', ok: false, text: word });
    made.acts.upgrade = { state: 'stopped', reason: `helm upgrade: ${word}` };
    made.acts.orphan = { state: 'skipped', reason: 'StatefulSet web has no pods' };
    const { bare, verdicts, before } = concluded(made);
    expect(JSON.stringify(bare)).to.not.contain('live-one');
    expect(bare.install[0]?.text).to.equal('Ready after 3.0 s');
    expect(bare.acts.upgrade).to.have.property('reason').that.contains('you may not');
    expect(bare.acts.orphan).to.eql(made.acts.orphan);
    expect(verdicts).to.eql(before);
  });

  it('tells of what a pod answers only what the proof has written, and its name', () => {
    const made = goodRecord();
    const last = made.observations[2];
    const [pod, reading] = [last?.pods[0], last?.data[0]];
    if (!pod || !reading) throw new Error('no pod');
    Object.assign(pod, { hostname: undefined, hostnameError: word });
    Object.assign(reading, { nonce: 'nonce-1', served: word, linked: word, content: word });
    const { bare, verdicts, before } = concluded(made);
    expect(JSON.stringify(bare)).to.not.contain('live-one');
    expect(bare.observations[2]?.data[0]).to.include({ nonce: 'nonce-1' });
    expect(bare.observations[2]?.pods[1]).to.include({ hostname: 'web-1' });
    expect(verdicts).to.eql(before).and.to.include.members(['D2 failed', 'D3 failed']);
  });

  it('leaves a record as it is where they are known', () => {
    expect(withoutOutput(record(), { values: [] })).to.eql(record());
  });
});
