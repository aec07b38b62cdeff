import { expect } from 'chai';
import { parseSamples } from './holders.ts';

describe('parseSamples', () => {
  it('counts samples that are alike, and tells the others apart', () => {
    const output = '500 a-1\n510 a-1 a-1\n520\n531 b_2 a-1\n540 b-2\n';
    expect(parseSamples(output)).to.eql([
      { ms: 0, uids: ['a-1'], times: 2 },
      { ms: 200, uids: [], times: 1 },
      { ms: 310, uids: ['a-1', 'b-2'], times: 1 },
      { ms: 400, uids: ['b-2'], times: 1 },
    ]);
  });

  it('leaves out what is no sample', () => {
    expect(parseSamples('500 a-1\nsh: sleep: killed\n51')).to.have.length(2);
    expect(parseSamples('')).to.eql([]);
  });
});
