import { expect } from 'chai';
import { badInput, environmentError } from '@holdfast/core';
import { writersOutside } from './external.ts';
import { attempt, type Stage } from './stage.ts';
import { world } from './world.fixture.ts';

/** What comes of writers of a release that is outside. */
function outcome(startLedgers: Stage['startLedgers']) {
  return attempt(() => writersOutside({ ...world().stage, startLedgers }));
}

describe('writersOutside', () => {
  it('tells them from those that wrote before', async () => {
    const tags: (string | undefined)[] = [];
    const started = await outcome((_, tag) => {
      tags.push(tag);
      return Promise.resolve([]);
    });
    expect(started).to.eql({ state: 'done', seen: [] });
    expect(tags).to.eql(['outside']);
  });

  it('finds fault with a chart that loses a credential by the move', async () => {
    const gone = badInput('there is no Secret web with the key redis-password');
    const reason = `once outside: ${gone.message}`;
    expect(await outcome(() => Promise.reject(gone))).to.eql({ state: 'stopped', reason });
  });

  it('passes on what is no fault of the chart', async () => {
    const error = environmentError('no image');
    const thrown = await outcome(() => Promise.reject(error)).catch((reason: unknown) => reason);
    expect(thrown).to.equal(error);
  });
});
