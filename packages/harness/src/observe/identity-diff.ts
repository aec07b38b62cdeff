import type { ClaimRecord } from './identity.ts';

/** One thing that is not as it was. */
export interface Difference {
  /** "claim data-web-0 UID". */
  what: string;
  before: string;
  after: string;
}

/** How the binding of a claim is written in a report: claim ↔ volume. */
export function describeClaim(record: ClaimRecord): string {
  return `${record.claim} (${record.claimUid}) ↔ ${record.volume || 'no volume'}`;
}

/**
 * How the claims of one ordinal differ from what they were: by template, the claim's name and UID,
 * the volume's name and UID. Equal names with another UID are another claim, and so other data.
 */
export function claimDifferences(
  before: readonly ClaimRecord[],
  after: readonly ClaimRecord[],
): Difference[] {
  const templates = [...new Set([...before, ...after].map((record) => record.template))];
  return templates.flatMap((template) => {
    const was = before.find((record) => record.template === template);
    const is = after.find((record) => record.template === template);
    if (!was || !is) {
      const state = (record?: ClaimRecord) => (record ? describeClaim(record) : 'no claim');
      return [{ what: `claim of template ${template}`, before: state(was), after: state(is) }];
    }
    const fields = [
      ['claim', was.claim, is.claim],
      [`UID of claim ${was.claim}`, was.claimUid, is.claimUid],
      [`volume of claim ${was.claim}`, was.volume, is.volume],
      [`UID of volume ${was.volume}`, was.volumeUid, is.volumeUid],
    ] as const;
    return fields
      .filter(([, from, to]) => from !== to)
      .map(([what, from, to]) => ({ what, before: from, after: to }));
  });
}
