import { lackingAfter } from '../disrupt/settle.ts';
import type { ActName, Outcome } from '../observe/acts.ts';
import type { ProofRecord } from '../observe/record.ts';
import { negativeControl } from './control.ts';
import { readCopies } from './copies.ts';
import { moveOutside } from './external.ts';
import { fullDisk } from './full-disk.ts';
import { orphan } from './orphan.ts';
import { reinstall } from './reinstall.ts';
import type { Stage } from './stage.ts';
import { upgradeAsIs } from './upgrade.ts';

/** Does one step under a title, for a display. */
export type ActStep = (title: string, work: () => Promise<void>) => Promise<void>;

interface Act {
  name: ActName;
  title: string;
  /** Whether it is done to the release of the proof, which must then be Ready. */
  here: boolean;
  perform(stage: Stage, record: ProofRecord): Promise<void>;
  /** Says that it was not done. */
  skip(record: ProofRecord, outcome: Outcome<never>): void;
}

/** In their order: what takes the release away comes after what only touches it. */
const acts: readonly Act[] = [
  {
    name: 'copies',
    title: 'reading on every member',
    here: true,
    perform: async (stage, { acts: seen }) => void (seen.copies = await readCopies(stage)),
    skip: ({ acts: seen }, outcome) => (seen.copies = outcome),
  },
  {
    name: 'upgrade',
    title: 'upgrade with the same values',
    here: true,
    perform: async (stage, { acts: seen }) => void (seen.upgrade = await upgradeAsIs(stage)),
    skip: ({ acts: seen }, outcome) => (seen.upgrade = outcome),
  },
  {
    name: 'orphan',
    title: 'orphaned pods',
    here: true,
    perform: async (stage, { acts: seen }) => void (seen.orphan = await orphan(stage)),
    skip: ({ acts: seen }, outcome) => (seen.orphan = outcome),
  },
  {
    name: 'reinstall',
    title: 'uninstall, install again',
    here: true,
    async perform(stage, { acts: seen, marks }) {
      Object.assign(seen, await reinstall(stage, marks));
    },
    skip: ({ acts: seen }, outcome) =>
      Object.assign(seen, { uninstall: outcome, reinstall: outcome }),
  },
  {
    name: 'outside',
    title: 'move outside and back',
    here: true,
    perform: async (stage, { acts: seen }) => void (seen.external = await moveOutside(stage)),
    skip: ({ acts: seen }, outcome) => (seen.external = outcome),
  },
  {
    name: 'control',
    title: 'without persistence',
    here: false,
    perform: async (stage, { acts: seen }) => void (seen.control = await negativeControl(stage)),
    skip: ({ acts: seen }, outcome) => (seen.control = outcome),
  },
  {
    name: 'full disk',
    title: 'full volume',
    here: false,
    perform: async (stage, { acts: seen }) => void (seen.fullDisk = await fullDisk(stage)),
    skip: ({ acts: seen }, outcome) => (seen.fullDisk = outcome),
  },
];

/** What the release lacks; undefined where it is Ready. */
async function notReady({ scene }: Stage): Promise<string | undefined> {
  const { client, namespace, sets, limits } = scene;
  return lackingAfter(client, namespace, sets, limits.recoveryMs);
}

/**
 * Does the acts that are needed, one after the other. Once the release is not Ready, no further act is
 * done to it.
 *
 * @param record takes what comes of each, as it comes
 */
export async function runActs(
  stage: Stage,
  needed: ReadonlySet<ActName>,
  record: ProofRecord,
  step: ActStep,
): Promise<void> {
  let lacking: string | undefined;
  for (const act of acts.filter(({ name }) => needed.has(name))) {
    if (act.here) lacking ??= await notReady(stage);
    if (act.here && lacking !== undefined) {
      act.skip(record, {
        state: 'skipped',
        reason: `the release was not Ready for it: ${lacking}`,
      });
    } else {
      await step(act.title, () => act.perform(stage, record));
    }
  }
}
