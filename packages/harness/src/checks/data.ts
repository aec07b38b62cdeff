import type { Evidence } from '@holdfast/core';
import { describePlace, type DataReading } from '../observe/data.ts';
import { describeMount, sameMount } from '../observe/mountinfo.ts';
import type { DataMark, ProofRecord } from '../observe/record.ts';
import { claimsDontApply, setsWithoutClaims } from './claims.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

type Look = (mark: DataMark, reading: DataReading, baseline: DataReading) => Finding[];
type Finding = Omit<Evidence, 'disruption'>;

function readingOf(readings: readonly DataReading[] | undefined, mark: DataMark) {
  return readings?.find(
    ({ place }) => place.pod === mark.pod && place.directory === mark.directory,
  );
}

/** Pods of a set with claims in which no claim is mounted for writing. */
function unmarked(record: ProofRecord): Evidence[] {
  const [baseline] = record.observations;
  const withClaims = (name: string) =>
    baseline?.sets.some((set) => set.name === name && set.claimTemplates.length > 0);
  return (baseline?.pods ?? [])
    .filter((pod) => withClaims(pod.set) && !record.marks.some((mark) => mark.pod === pod.name))
    .map((pod) => ({
      object: pod.name,
      disruption: 0,
      ok: false,
      after: 'no container mounts a claim of this pod for writing',
    }));
}

/** Looks at every mark in every observation; what could not be written or read is a failure. */
function overMarks(record: ProofRecord, look: Look): Evidence[] {
  const [baseline] = record.observations;
  return record.marks.flatMap((mark) =>
    record.observations.flatMap(({ disruption, data }): Evidence[] => {
      const object = `${mark.pod}:${mark.directory}`;
      if (mark.error !== undefined) {
        if (disruption > 0) return [];
        return [{ object, disruption, ok: false, after: `could not be written: ${mark.error}` }];
      }
      const reading = readingOf(data, mark);
      const before = readingOf(baseline?.data, mark);
      if (!reading || !before || reading.error !== undefined) {
        const after = reading?.error ?? 'was not read: the pod or its mount is not there';
        return [{ object, disruption, ok: false, before: 'written', after }];
      }
      return look(mark, reading, before).map((finding) => ({ ...finding, disruption }));
    }),
  );
}

/** A nonce as it is shown: whose it is, where it is another ordinal's. */
function shown(value: string | undefined, mark: DataMark, marks: readonly DataMark[]): string {
  if (value === undefined) return 'absent';
  const owner = marks.find((other) => other !== mark && other.nonce === value);
  return owner ? `the nonce of ${owner.pod}` : value;
}

function nonces(record: ProofRecord): Conclusion {
  const reason = claimsDontApply(record);
  if (reason !== undefined && record.marks.length === 0) return skipped(reason);
  const evidence = overMarks(record, (mark, reading) => {
    const object = describePlace(reading.place);
    const expected = { object, before: mark.nonce };
    const after = shown(reading.nonce, mark, record.marks);
    const file = { ...expected, ok: reading.nonce === mark.nonce, after };
    if (!reading.place.served) return [file];
    const answer = shown(reading.served, mark, record.marks);
    const ok = reading.served === mark.nonce;
    return [file, { ...expected, object: `${object}, served`, ok, after: answer }];
  });
  const served = record.observations[0]?.data.some(({ place }) => place.served) ?? false;
  const after = count(record.observations.length - 1, 'disruption');
  const by = served ? ', served by that ordinal' : '';
  return concludeFrom(
    [...setsWithoutClaims(record), ...unmarked(record), ...evidence],
    `${count(record.marks.length, 'nonce')} after ${after}${by}`,
  );
}

function compare(object: string, before: string | undefined, after: string | undefined): Finding {
  const ok = before !== undefined && before === after;
  return { object, ok, before: brief(before), after: brief(after) };
}

function brief(text: string | undefined): string {
  if (text === undefined) return 'absent';
  return text.length > 48 ? `${text.slice(0, 32)}… (${text.length} characters)` : text;
}

/** What is mounted where the files are: the claim's volume, and the same place as before. */
function mountFinding(reading: DataReading, before: DataReading): Finding {
  const object = `${reading.place.pod}:${reading.place.mountPath} mount`;
  const { mount, mismatch } = reading;
  const same = mount && before.mount ? sameMount(before.mount, mount) : false;
  const seen = describeMount(mount);
  const why = reading.place.claim === undefined ? 'no claim is mounted here' : mismatch;
  return {
    object,
    ok: same && why === undefined,
    before: describeMount(before.mount),
    after: why === undefined ? seen : `${seen}: ${why}`,
  };
}

function files(record: ProofRecord): Conclusion {
  const reason = claimsDontApply(record);
  if (reason !== undefined) return skipped(reason);
  const evidence = overMarks(record, (mark, reading, before) => {
    const where = `${mark.pod}:${mark.directory}`;
    return [
      compare(`${where} file`, mark.content, reading.content),
      compare(`${where} size`, String(mark.content.length + 1), reading.bytes),
      compare(`${where} link`, reading.place.file, reading.link),
      compare(`${where} read through the link`, mark.nonce, reading.linked),
      compare(`${where} owner`, before.owner, reading.owner),
      compare(`${where} mode`, '640', reading.mode),
      mountFinding(reading, before),
    ];
  });
  const [reading] = record.observations[0]?.data ?? [];
  const mount = reading?.mount ? `${reading.place.mountPath} is ${reading.mount.type}` : '';
  return concludeFrom(
    [...setsWithoutClaims(record), ...unmarked(record), ...evidence],
    `${count(record.marks.length, 'place')}: file, link, owner ${reading?.owner ?? ''}, mode 640; ${mount}`,
  );
}

/** What was written is there again. */
export const dataChecks: readonly Check[] = [
  { id: 'D2', title: 'a nonce returns on its ordinal only', needs: 'recovery', conclude: nonces },
  { id: 'D3', title: 'files, owner and mount are the same', needs: 'recovery', conclude: files },
];
