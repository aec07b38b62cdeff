import type { LedgerRecord } from '@holdfast/core';
import type { Acts, OwnedPod, Standing } from '../observe/acts.ts';
import type { DataReading } from '../observe/data.ts';
import type { Holders } from '../observe/holders.ts';
import type { IdentityReading } from '../observe/identities.ts';
import type { PodRecord } from '../observe/identity.ts';

/** What acts bring to a record when all is well, for tests to break one thing in. */

export function goodLedger(name: string): LedgerRecord {
  return {
    name,
    acknowledged: 400,
    failed: 2,
    unknown: 1,
    durationMs: 30_000,
    lost: { count: 0, first: [] },
    altered: { count: 0, first: [] },
    foreign: 0,
    failedButThere: 0,
  };
}

/** A ledger of which every acknowledged write is gone. */
function lostLedger(name: string): LedgerRecord {
  const first = [{ seq: 1, at: '2026-01-01T00:00:01.000Z', disruption: 0 }];
  return { ...goodLedger(name), lost: { count: 400, first } };
}

export function goodIdentity(ordinal: number): IdentityReading {
  return { pod: `web-${ordinal}`, values: { role: 'member', id: `id-${ordinal}` } };
}

/** Sampled while one pod followed another on the same volume. */
export function goodHolders(pod: string): Holders {
  return {
    pod,
    samples: [
      { ms: 0, uids: ['old'], times: 5 },
      { ms: 500, uids: [], times: 2 },
      { ms: 700, uids: ['new'], times: 9 },
    ],
  };
}

function standing(pods: readonly PodRecord[]): Standing {
  return {
    templates: { 'StatefulSet/web': 'digest' },
    revisions: { web: 'web-1' },
    pods: pods.map(({ name, uid, restarts }) => {
      return { name, uid, node: 'agent-1', restarts, containers: [`container of ${uid}`] };
    }),
    claims: pods.flatMap(({ claims }) =>
      claims.map(({ claim, claimUid, volume }) => ({ name: claim, uid: claimUid, volume })),
    ),
  };
}

function owned(pod: PodRecord, controller: string | undefined): OwnedPod {
  const { name, uid, restarts, claims } = pod;
  const containers = [`container of ${uid}`];
  const claimUids = claims.map(({ claimUid }) => claimUid);
  return { name, uid, restarts, containers, controller, claims: claimUids };
}

/**
 * @param pods the pods after the last disruption
 * @param data what was read of their places
 */
export function goodActs(pods: readonly PodRecord[], data: readonly DataReading[]): Acts {
  const copy = <T>(value: T): T => structuredClone(value);
  const identities = pods.map(({ ordinal }) => goodIdentity(ordinal));
  const [last] = pods.slice(-1);
  if (!last) throw new Error('no pods');
  const seen = () => copy({ pods: [...pods], data: [...data], identities });
  const secrets = { 'web-default password': 'digest' };
  return {
    copies: {
      state: 'done',
      seen: pods.map(({ name }) => ({ member: name, ledger: goodLedger('web:80') })),
    },
    upgrade: {
      state: 'done',
      seen: { looks: [standing(pods), standing(pods), standing(pods)] },
    },
    orphan: {
      state: 'done',
      seen: {
        set: 'web',
        uids: { before: 'set-uid', after: 'set-uid-2' },
        before: pods.map((pod) => owned(pod, 'set-uid')),
        orphaned: pods.map((pod) => owned(pod, undefined)),
        adopted: pods.map((pod) => owned(pod, 'set-uid-2')),
        label: 'app=holdfast-released',
        released: owned(last, undefined),
        replacement: { ...owned(last, 'set-uid-2'), uid: 'fresh', containers: ['fresh'] },
      },
    },
    uninstall: {
      state: 'done',
      seen: {
        left: [
          { object: 'PersistentVolumeClaim/data-web-0', because: 'it is the claim of an ordinal' },
        ],
        unread: [],
      },
    },
    reinstall: {
      state: 'done',
      seen: {
        before: seen(),
        after: seen(),
        secrets: { before: { ...secrets }, after: { ...secrets } },
        ledgers: [goodLedger('web:80')],
      },
    },
    control: {
      state: 'done',
      seen: { without: ['persistence.enabled=false'], ledgers: [lostLedger('web:80')] },
    },
    fullDisk: {
      state: 'done',
      seen: {
        pod: 'web-0',
        claim: 'data-web-0',
        silenceMs: 3_000,
        fullMs: 4_000,
        ledgers: [
          {
            concerned: true,
            silentAfterMs: 400,
            resumedAfterMs: 2_000,
            record: goodLedger('web-0:/data'),
          },
          {
            concerned: false,
            silentAfterMs: null,
            resumedAfterMs: 10,
            record: goodLedger('web-1:/data'),
          },
        ],
      },
    },
    external: {
      state: 'done',
      seen: {
        before: copy([...pods]),
        after: copy([...pods]),
        stayed: [],
        outside: [goodLedger('web:80 outside')],
        notInside: [lostLedger('web:80 outside')],
        inside: [goodLedger('web:80')],
      },
    },
  };
}
