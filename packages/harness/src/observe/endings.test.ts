import { expect } from 'chai';
import { podEndings } from './endings.ts';
import { podObject } from './objects.fixture.ts';
import type { ContainerState, Pod } from './objects.ts';
import type { PodChange } from './timeline.ts';

function change(
  type: PodChange['type'],
  atMs: number,
  { grace, state = {} }: { grace?: number; state?: ContainerState },
): PodChange {
  const object: Pod = podObject('web-0', 'old');
  if (grace !== undefined) {
    object.metadata.deletionTimestamp = '2026-01-01T00:00:10Z';
    object.metadata.deletionGracePeriodSeconds = grace;
  }
  object.status.containerStatuses = [
    { name: 'web', image: '', imageID: '', ready: false, restartCount: 0, state },
  ];
  return { type, object, atMs };
}

const running: ContainerState = { running: {} };
const ended = (exitCode: number, reason = 'Error'): ContainerState => ({
  terminated: { exitCode, reason },
});

/** The ending after a deletion at 1000 and what followed it. */
function endingWith(state: ContainerState, grace = 10) {
  const endings = podEndings();
  endings.add(change('MODIFIED', 500, { state: running }));
  endings.add(change('MODIFIED', 1_000, { grace, state: running }));
  expect(endings.of('old')).to.equal(undefined);
  endings.add(change('MODIFIED', 2_000, { grace, state }));
  endings.add(change('DELETED', 2_500.4, { grace: 0, state }));
  return endings.of('old');
}

describe('the endings of pods', () => {
  it('tell how long it took, of what was given', () => {
    expect(endingWith(ended(0))).to.eql({ ms: 1_500, graceMs: 10_000, killed: [], unseen: [] });
  });

  it('tell what was killed', () => {
    expect(endingWith(ended(137))?.killed).to.eql(['web']);
    expect(endingWith(ended(143))?.killed).to.eql([]);
  });

  it('do not know what they have not seen', () => {
    expect(endingWith(running)).to.deep.include({ killed: [], unseen: ['web'] });
    const made = ended(137, 'ContainerStatusUnknown');
    expect(endingWith(made)).to.deep.include({ killed: [], unseen: ['web'] });
  });

  it('tell of a deletion by force that nothing was given', () => {
    expect(endingWith(running, 0)?.graceMs).to.equal(0);
  });

  it('know nothing of pods that are not told to stop', () => {
    const endings = podEndings();
    endings.add(change('MODIFIED', 500, { state: running }));
    expect(endings.of('old')).to.equal(undefined);
  });
});
