import { expect } from 'chai';
import { kinds } from '@holdfast/harness';
import { assertDisruptions, courseOf, drawNotice } from './disruption-options.ts';
import { kindHelp } from './kinds-help.ts';

describe('assertDisruptions', () => {
  it('accepts nothing at all, kinds that there are, and a seed for what is drawn', () => {
    assertDisruptions({});
    assertDisruptions({ disrupt: ['kill', 'force'], kubeconfig: 'x' });
    assertDisruptions({ mixed: 3, seed: 0 });
  });

  it('refuses a kind that there is not', () => {
    expect(() => {
      assertDisruptions({ disrupt: ['explode'] });
    })
      .to.throw('no such kind')
      .that.includes({ object: '--disrupt explode' });
  });

  it('refuses a seed without anything to draw', () => {
    expect(() => {
      assertDisruptions({ seed: 3 });
    }).to.throw('--seed needs --mixed');
  });

  it('refuses kinds that all need the nodes, where these are out of reach', () => {
    expect(() => {
      assertDisruptions({ disrupt: ['restart', 'kill'], kubeconfig: 'x' });
    })
      .to.throw('out of reach')
      .that.includes({ object: '--disrupt kill,restart' });
    assertDisruptions({ disrupt: ['restart', 'kill'] });
  });
});

describe('courseOf', () => {
  it('passes on what was given, and makes a seed up where none was', () => {
    expect(courseOf({})).to.eql({});
    expect(courseOf({ disrupt: ['kill'], mixed: 3, seed: 0 })).to.eql({
      disrupt: ['kill'],
      mixed: { count: 3, seed: 0 },
    });
    const seeds = new Set(Array.from({ length: 5 }, () => courseOf({ mixed: 3 }).mixed?.seed));
    expect(seeds.size).to.be.greaterThan(1);
  });

  it('says by which options the same is drawn again', () => {
    expect(drawNotice({ count: 3, seed: 77 })).to.contain('--mixed 3 --seed 77');
  });
});

describe('kindHelp', () => {
  it('tells of every kind of disruption, in their order', () => {
    expect(Object.keys(kindHelp)).to.eql(kinds.map(({ id }) => id));
  });
});
