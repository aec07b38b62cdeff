import { expect } from 'chai';
import { selects, type LabelSelector } from './selector.ts';

const labels = { app: 'web', tier: 'front' };

describe('selects', () => {
  const cases: [string, LabelSelector, boolean][] = [
    ['an empty selector', {}, true],
    ['equal labels', { matchLabels: { app: 'web', tier: 'front' } }, true],
    ['another value', { matchLabels: { app: 'db' } }, false],
    ['an absent label', { matchLabels: { zone: 'a' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
    ['In, another', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }, false],
    ['In, absent', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    ['NotIn, absent', { matchExpressions: [{ key: 'z', operator: 'NotIn', values: ['a'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    ['Exists, absent', { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['an operator nobody knows', { matchExpressions: [{ key: 'app', operator: 'Like' }] }, false],
    [
      'labels that fit and an expression that does not',
      {
        matchLabels: { app: 'web' },
        matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }],
      },
      false,
    ],
  ];
  for (const [what, selector, picked] of cases) {
    it(`${picked ? 'picks' : 'passes over'} by ${what}`, () => {
      expect(selects(selector, labels)).to.equal(picked);
    });
  }
});
