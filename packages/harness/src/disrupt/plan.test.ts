import { expect } from 'chai';
import { planDisruptions } from './plan.ts';

describe('planDisruptions', () => {
  it('takes each pod by itself, then all, in every round', () => {
    const plan = planDisruptions(['web-0', 'web-1'], 2);
    expect(plan.map((entry) => `${entry.number} ${entry.kind} ${entry.targets.join(' ')}`)).to.eql([
      '1 graceful delete web-0',
      '2 graceful delete web-1',
      '3 all at once web-0 web-1',
      '4 graceful delete web-0',
      '5 graceful delete web-1',
      '6 all at once web-0 web-1',
    ]);
  });

  it('does not do the same twice to a single pod', () => {
    expect(planDisruptions(['web-0'], 1)).to.have.length(1);
  });
});
