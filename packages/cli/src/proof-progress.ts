import { seconds } from '@holdfast/core';
import type { ProofEvent } from '@holdfast/harness';
import type { Progress } from './progress.ts';

/** Shows what a proof tells while it goes on. */
export function showProof(progress: Progress): (event: ProofEvent) => void {
  let disruption = '';
  return (event) => {
    switch (event.type) {
      case 'step':
        if (event.state === 'started') progress.begin(event.title);
        else progress.done(event.title);
        break;
      case 'disruption': {
        const { number, total, kind, targets } = event;
        disruption = `${number} of ${total}: ${kind} of ${targets.join(', ')}`;
        progress.detail(disruption);
        break;
      }
      case 'moment': {
        const { object, event: what, ms } = event.moment;
        progress.detail(`${disruption} · ${object} ${what} (${seconds(ms)})`);
        break;
      }
      case 'recovery': {
        const { recoveryMs } = event.record;
        const back = recoveryMs === null ? 'not Ready again' : `Ready after ${seconds(recoveryMs)}`;
        progress.line(recoveryMs !== null, `${disruption}, ${back}`);
        break;
      }
      case 'notice':
        progress.line(false, event.text);
        break;
      case 'check':
        // The table says it all at the end.
        break;
    }
  };
}
