import { expect } from 'chai';
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
    expect(withoutOutput(goodRecord(), { values: [], unread: 'you may not' })).to.eql(goodRecord());
  });

  it('leaves a record as it is where they are known', () => {
    expect(withoutOutput(record(), { values: [] })).to.eql(record());
  });
});
