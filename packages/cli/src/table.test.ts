import { expect } from 'chai';
import { table } from './table.ts';

const rows = [
  ['a', '1.0', 'One short text'],
  ['longer', '', 'Another text that is rather long'],
];

describe('a table', () => {
  it('aligns its columns, and wraps nothing where there is no terminal', () => {
    expect(table(rows, { width: undefined })).to.deep.equal([
      '  a       1.0  One short text',
      '  longer       Another text that is rather long',
    ]);
  });

  it('wraps its last column within a terminal, below where it began', () => {
    const lines = table(rows, { width: 40 });
    expect(lines).to.deep.equal([
      '  a       1.0  One short text',
      '  longer       Another text that is',
      '               rather long',
    ]);
    expect(table(rows, { width: 10 })[1]).to.equal('  longer       Another text that is');
  });

  it('dresses cells, and aligns by what is seen of them', () => {
    const bold = (text: string) => `<b>${text}</b>`;
    expect(table(rows, { width: undefined, dress: [bold] })[0]).to.equal(
      '  <b>a</b>       1.0  One short text',
    );
  });

  it('is empty without rows', () => {
    expect(table([], { width: 80 })).to.deep.equal([]);
  });
});
