import { expect } from 'chai';
import { runChecks, selectChecks } from './catalogue.ts';
import { goodRecord } from './record.fixture.ts';

describe('I7', () => {
  it('asks nothing of pods of a set that the driver is not for', () => {
    const record = goodRecord();
    for (const seen of record.observations) {
      seen.identities = seen.identities.filter(({ pod }) => pod !== 'web-2');
    }
    const [result] = runChecks(selectChecks(['I7']), record);
    expect(result).to.include({ verdict: 'passed', summary: 'role, id of 2 pods' });
  });
});
