import { seconds, type DisruptionRecord, type NotDone } from '@holdfast/core';
import type { ProofEvent } from '@holdfast/harness';
import type { Progress } from './progress.ts';

/** "not done: kill of PID 1 of web-0: the nodes are out of reach". */
function notDone({ kind, reason, targets }: NotDone): string {
  const whom = targets === undefined ? '' : ` of ${targets.join(', ')}`;
  return `not done: ${kind}${whom}: ${reason}`;
}

/** ", no write for 1.1 s": the longest time without an acknowledged write, in any ledger. */
function writes(gapMs: DisruptionRecord['gapMs'] = {}): string {
  const lengths = Object.values(gapMs);
  if (lengths.length === 0) return '';
  if (lengths.includes(null)) return ', writes did not go on';
  return `, no write for ${seconds(Math.max(...lengths.filter((ms) => ms !== null)))}`;
}

/** Shows what a proof tells while it goes on. */
export function showProof(progress: Progress): (event: ProofEvent) => void {
  let disruption = '';
  return (event) => {
    switch (event.type) {
      case 'step':
        if (event.state === 'started') progress.begin(event.title);
        else progress.done(event.title);
        break;
      case 'plan':
        for (const entry of event.notDone) progress.line(true, notDone(entry));
        break;
      case 'not done':
        progress.line(true, notDone(event.entry));
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
        const { recoveryMs, away, gapMs } = event.record;
        const back = recoveryMs === null ? 'not Ready again' : `Ready after ${seconds(recoveryMs)}`;
        const node = away === undefined ? '' : `, ${seconds(away.ms)} of it away`;
        const silent = Object.values(gapMs ?? {}).includes(null);
        const well = recoveryMs !== null && !silent;
        progress.line(well, `${disruption}, ${back}${node}${writes(gapMs)}`);
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
