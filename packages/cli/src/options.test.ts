import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { assertName, collect, collectPair, list, wholeNumber } from './options.ts';

/** The error that some work throws, which must be about the input. */
function refusal(work: () => unknown): HoldfastError {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(HoldfastError);
    expect(error).to.have.property('kind', 'badInput');
    return error as HoldfastError;
  }
  return expect.fail('it was not refused');
}

describe('options', () => {
  it('take whole numbers within limits', () => {
    const parse = wholeNumber('--nodes', 1, 10);
    expect(parse('1')).to.equal(1);
    expect(parse('10')).to.equal(10);
    for (const text of ['0', '11', '-1', '1.5', '1e1', '0x1', ' 2', 'three', '', '∞']) {
      expect(refusal(() => parse(text)).object).to.equal(`--nodes ${text}`);
    }
  });

  it('gather what is repeated, and leave what was gathered alone', () => {
    const former = ['a.yaml'];
    expect(collect('b.yaml', former)).to.deep.equal(['a.yaml', 'b.yaml']);
    expect(former).to.deep.equal(['a.yaml']);
    expect(collect('b.yaml')).to.deep.equal(['b.yaml']);
  });

  it('take pairs whose value may be empty or hold anything', () => {
    expect(collectPair('a.b=', ['x=1'])).to.deep.equal(['x=1', 'a.b=']);
    expect(collectPair('a=b=c,d=e')).to.deep.equal(['a=b=c,d=e']);
    for (const text of ['replicas', '=3', '']) refusal(() => collectPair(text));
  });

  it('take lists with commas without empty entries, also more than once', () => {
    const parse = list('--only', 'I,D2');
    expect(parse('I, D2')).to.deep.equal(['I', 'D2']);
    expect(parse('R', ['I', 'D2'])).to.deep.equal(['I', 'D2', 'R']);
    for (const text of ['', 'I,,D', 'I,']) {
      expect(refusal(() => parse(text)).hint).to.equal('for example: --only I,D2');
    }
  });

  it('take the names that Kubernetes takes', () => {
    assertName('--release', 'a', 53);
    assertName('--release', 'web-2', 53);
    assertName('--release', 'x'.repeat(53), 53);
    for (const name of ['', 'My_Release', '-a', 'a-', 'a.b', 'x'.repeat(54)]) {
      expect(
        refusal(() => {
          assertName('--release', name, 53);
        }).hint,
      ).to.contain('at most 53');
    }
  });
});
