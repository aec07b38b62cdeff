import { expect } from 'chai';
import { kinds, selectKinds } from './kinds.ts';

describe('selectKinds', () => {
  const ids = (chosen?: string[]) => selectKinds(chosen).map(({ id }) => id);

  it('takes all, or those that are chosen, in the order of a round', () => {
    expect(ids()).to.eql(kinds.map(({ id }) => id));
    expect(ids([])).to.have.length(kinds.length);
    expect(ids(['restart', 'kill', 'kill'])).to.eql(['kill', 'restart']);
  });

  it('refuses one that there is not, and names those that there are', () => {
    expect(() => ids(['kill', 'explode']))
      .to.throw('there is no such kind of disruption')
      .that.includes({ kind: 'badInput', object: '--disrupt explode' })
      .and.has.property('hint')
      .that.contains('graceful, force, evict, kill, all, node-stop, cut-off, restart');
  });
});

describe('kinds', () => {
  it('have ids and titles of their own', () => {
    expect(new Set(kinds.map(({ id }) => id))).to.have.property('size', kinds.length);
    expect(new Set(kinds.map(({ title }) => title))).to.have.property('size', kinds.length);
  });
});
