import { expect } from 'chai';
import { parseIdentity } from './identities.ts';

describe('parseIdentity', () => {
  it('reads lines of key and value', () => {
    expect(parseIdentity('web-0', 'role=master\nset.id=a=b \n')).to.eql({
      pod: 'web-0',
      values: { role: 'master', 'set.id': 'a=b ' },
    });
  });

  for (const [what, output, error] of [
    ['nothing', '\n', 'said nothing'],
    ['a line without a key', 'role=master\nWARNING: slow\n', 'not a line key=value: WARNING'],
    ['a key that comes twice', 'role=master\nrole=slave\n', 'role comes twice'],
  ] as const) {
    it(`takes ${what} for an error`, () => {
      const reading = parseIdentity('web-0', output);
      expect(reading.error).to.contain(error);
      expect(reading.values).to.eql({});
    });
  }
});
