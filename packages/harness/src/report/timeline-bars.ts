import { seconds, type DisruptionRecord, type Report } from '@holdfast/core';
import { bar, ledgerLanes, podLanes, scale, type Lane } from './lanes.ts';
import { plain, type Style } from './style.ts';

/** A line is never longer, the name before the bar included. */
const maxColumns = 100;
const indent = '   ';
const maxName = 34;
/** More disruptions that failed are counted, not drawn. */
const maxFailed = 5;

/** When the last of what is shown was over, with a little of what followed. */
function endOf(lanes: readonly Lane[], { recoveryMs }: DisruptionRecord, untilMs: number): number {
  const ends = lanes.flatMap(({ stretches }) => stretches.map(({ span }) => span.toMs));
  const last = Math.max(recoveryMs ?? untilMs, ...ends);
  return Math.max(1, Math.min(untilMs, Math.ceil(last * 1.06)));
}

function short(name: string): string {
  return name.length > maxName ? `${name.slice(0, maxName - 1)}…` : name;
}

/** "kill of PID 1 of web-0 (4): Ready after 1.9 s, gap 1.1 s". */
function title({ number, kind, targets, recoveryMs, gapMs = {} }: DisruptionRecord): string {
  const lengths = Object.values(gapMs);
  const back = recoveryMs === null ? 'not Ready again' : `Ready after ${seconds(recoveryMs)}`;
  const known = lengths.filter((ms) => ms !== null);
  const gap = known.length < lengths.length ? 'without end' : seconds(Math.max(0, ...known));
  const writes = lengths.length === 0 ? '' : `, gap ${gap}`;
  const whom = targets.length > 3 ? `${targets.length} pods` : targets.join(', ');
  const head = `${number}. ${kind} of ${whom}`;
  const tail = `: ${back}${writes}`;
  const room = maxColumns - 1 - tail.length;
  return `${head.length > room ? `${head.slice(0, room - 1)}…` : head}${tail}`;
}

/**
 * A disruption as bars: a line for each pod that it touched and for each ledger that fell silent, below
 * a scale in milliseconds; of the others it says how many there are.
 */
export function disruptionBars(done: DisruptionRecord, style: Style = plain): string[] {
  const { spans, targets } = done;
  if (spans === undefined) return [];
  const all = [...podLanes(spans), ...ledgerLanes(spans)];
  const lanes = all.filter(({ name, stretches }) => stretches.length > 0 || targets.includes(name));
  const calm = all.length - lanes.length;
  const names = lanes.map(({ name }) => short(name));
  const label = Math.max(0, ...names.map((name) => name.length));
  const width = maxColumns - indent.length - label - 2;
  const endMs = endOf(lanes, done, spans.untilMs);
  const line = (name: string, text: string) =>
    `${indent}${style('detail', name.padEnd(label))}  ${text}`.trimEnd();
  return [
    ` ${style('title', title(done))}`,
    line('', style('detail', scale(width, endMs))),
    ...lanes.map((lane, index) => line(names[index] ?? '', bar(lane, width, endMs))),
    ...(calm === 0
      ? []
      : [`${indent}${style('detail', `${calm} more, pods and ledgers, without a pause`)}`]),
  ];
}

function slowerOf(a: DisruptionRecord, b: DisruptionRecord): DisruptionRecord {
  return (b.recoveryMs ?? Infinity) > (a.recoveryMs ?? Infinity) ? b : a;
}

/** The slowest disruption of each kind, and those after which a check found something wrong. */
function chosen({ disruptions, checks }: Report): { shown: DisruptionRecord[]; more: number } {
  const slowest = [...new Set(disruptions.map(({ kind }) => kind))].flatMap((kind) => {
    const those = disruptions.filter((done) => done.kind === kind);
    return those.length === 0 ? [] : [those.reduce(slowerOf)];
  });
  const wrong = new Set(
    checks
      .filter(({ verdict }) => verdict === 'failed')
      .flatMap(({ evidence }) => evidence.filter(({ ok }) => !ok))
      .map(({ disruption }) => disruption),
  );
  const failed = disruptions.filter((done) => wrong.has(done.number) && !slowest.includes(done));
  const drawn = new Set([...slowest, ...failed.slice(0, maxFailed)]);
  return {
    shown: disruptions.filter((done) => drawn.has(done)),
    more: Math.max(0, failed.length - maxFailed),
  };
}

/**
 * Bars for the slowest disruption of each kind, and for those after which a check found something
 * wrong, with a legend below; nothing where there are none.
 */
export function timelineLines(report: Report, style: Style = plain): string[] {
  const { shown, more } = chosen(report);
  const lines = shown.flatMap((done) => disruptionBars(done, style));
  if (lines.length === 0) return [];
  const legend = '█ Ready, acknowledged   ░ not Ready   · no pod   blank: nothing acknowledged';
  const rest = more === 0 ? [] : [`and ${more} more that something was wrong after`];
  return [...lines, ...[...rest, legend].map((text) => `${indent}${style('detail', text)}`)];
}
