import type { ProofRecord } from '../observe/record.ts';
import {
  control,
  external,
  find,
  first,
  full,
  holders,
  lose,
  orphan,
  reinstall,
  stopped,
  uninstall,
  upgrade,
} from './act-damage.fixture.ts';
import { ledgerCases } from './ledger-cases.fixture.ts';

/** Ways to be wrong that acts show, and those of ledgers and identities, with the checks that must see each. */
export const actCases: [string, string[], ProofRecord][] = [
  ...ledgerCases,
  [
    'an upgrade changes a template',
    ['H2'],
    upgrade((is) => (is.templates['StatefulSet/web'] = '')),
  ],
  ['an upgrade brings a workload', ['H2'], upgrade((is) => (is.templates['Deployment/x'] = 'y'))],
  ['an upgrade makes a revision', ['H2'], upgrade((is) => (is.revisions['web'] = 'web-2'))],
  ['an upgrade replaces a pod', ['H2'], upgrade((is) => (first(is.pods).uid = 'new'))],
  ['an upgrade restarts a pod', ['H2'], upgrade((is) => (first(is.pods).restarts = 1))],
  [
    'an upgrade makes another container',
    ['H2'],
    upgrade((is) => (first(is.pods).containers = ['another'])),
  ],
  [
    'an upgrade brings a pod',
    ['H2'],
    upgrade((is) => is.pods.push({ ...first(is.pods), name: 'x' })),
  ],
  ['an upgrade takes a claim', ['H2'], upgrade((is) => is.claims.pop())],
  ['an upgrade binds another volume', ['H2'], upgrade((is) => (first(is.claims).volume = 'pvc-9'))],
  ['the pods don’t settle', ['H2'], upgrade((_, seen) => (seen.unsettled = 'web: 2 of 3'))],
  ['an upgrade fails', ['H2'], stopped('upgrade')],
  ['the set is the same one', ['I8'], orphan(({ uids }) => (uids.after = uids.before))],
  ['an orphan goes with its set', ['I8'], orphan(({ orphaned }) => orphaned.pop())],
  [
    'an orphan keeps a controller',
    ['I8'],
    orphan((o) => (first(o.orphaned).controller = 'set-uid')),
  ],
  ['an orphan is not adopted', ['I8'], orphan((o) => (first(o.adopted).controller = undefined))],
  ['an orphan is replaced', ['I8'], orphan((o) => (first(o.adopted).uid = 'new'))],
  ['an orphan restarts', ['I8'], orphan((o) => (first(o.adopted).restarts = 1))],
  ['an orphan gets another claim', ['I8'], orphan((o) => (first(o.adopted).claims = ['new']))],
  [
    'a pod that does not match is kept',
    ['I8'],
    orphan(({ released }) => released && (released.controller = 'set-uid-2')),
  ],
  ['a pod that does not match is deleted', ['I8'], orphan((o) => (o.released = undefined))],
  ['a released pod is not replaced', ['I8'], orphan((o) => (o.replacement = undefined))],
  [
    'a released pod stands in for its successor',
    ['I8'],
    orphan((o) => o.replacement && o.released && (o.replacement.uid = o.released.uid)),
  ],
  [
    'a released pod’s successor has another claim',
    ['I8'],
    orphan(({ replacement }) => replacement && (replacement.claims = [])),
  ],
  [
    'a released pod’s successor is nobody’s',
    ['I8'],
    orphan(({ replacement }) => replacement && (replacement.controller = undefined)),
  ],
  ['no pod was orphaned', ['I8'], orphan((o) => (o.before = []))],
  ['the set can’t be made again', ['I8'], stopped('orphan')],
  ['a Service is left', ['V4'], uninstall(({ left }) => left.push({ object: 'Service/web' }))],
  ['the release can’t be uninstalled', ['V4'], stopped('uninstall')],
  [
    'a claim is made anew',
    ['V5'],
    reinstall((r) => {
      r.after.pods.forEach((p) => (p.claims = []));
    }),
  ],
  [
    'a claim has another volume',
    ['V5'],
    reinstall((r) => (first(first(r.after.pods).claims).volumeUid = 'new')),
  ],
  [
    'there are no claims',
    ['V5'],
    reinstall((r) => {
      r.before.pods.forEach((p) => (p.claims = []));
    }),
  ],
  ['a pod does not return', ['V5'], reinstall((r) => r.after.pods.pop())],
  ['a mark is gone', ['V5'], reinstall((r) => delete first(r.after.data).nonce)],
  ['a mark is another’s', ['V5'], reinstall((r) => (first(r.after.data).nonce = 'nonce-2'))],
  ['a place is not there', ['V5'], reinstall((r) => r.after.data.pop())],
  [
    'a password is another',
    ['V5'],
    reinstall(({ secrets }) => (secrets.after['web-default password'] = 'other')),
  ],
  ['a password is gone', ['V5'], reinstall(({ secrets }) => (secrets.after = {}))],
  [
    'a write is lost with the release',
    ['V5'],
    reinstall(({ ledgers }) => {
      lose(first(ledgers));
    }),
  ],
  [
    'another identity after installing again',
    ['V5'],
    reinstall((r) => (first(r.after.identities).values['id'] = 'new')),
  ],
  ['it can’t be installed again', ['V5'], stopped('reinstall')],
  [
    'the ledger sees no loss',
    ['D5'],
    control(({ ledgers }) => {
      find(first(ledgers));
    }),
  ],
  ['the ledger had nothing to lose', ['D5'], control(({ ledgers }) => ledgers.splice(0))],
  [
    'what kept nothing could not be read',
    ['D5'],
    control(({ ledgers }) => (first(ledgers).error = 'no answer')),
  ],
  ['a full volume is acknowledged', ['D6'], full((entry) => (entry.silentAfterMs = null))],
  ['a full volume stays unused', ['D6'], full((entry) => (entry.resumedAfterMs = null))],
  [
    'a full volume loses a write',
    ['D6'],
    full((entry) => {
      lose(entry.record);
    }),
  ],
  ['a pod does not survive a full volume', ['D6'], full((_, s) => (s.unsettled = 'not Ready'))],
  ['nothing was written to a full volume', ['D6'], full((_, seen) => (seen.ledgers = []))],
  [
    'two pods write to one directory',
    ['D7'],
    holders(({ pod }) => ({ pod, samples: [{ ms: 0, uids: ['new', 'old'], times: 1 }] })),
  ],
  ['a pod stays inside', ['E1'], external((seen) => seen.stayed.push('web-0'))],
  [
    'a write outside is lost',
    ['E1'],
    external((seen) => {
      lose(first(seen.outside));
    }),
  ],
  [
    'it never went outside',
    ['E1'],
    external((seen) => (first(seen.notInside).lost = { count: 0, first: [] })),
  ],
  [
    'a write inside is lost by moving',
    ['E1'],
    external((seen) => {
      lose(first(seen.inside));
    }),
  ],
  [
    'it comes back to other claims',
    ['E1'],
    external((seen) => {
      seen.after.forEach((p) => (p.claims = []));
    }),
  ],
  ['a pod does not come back inside', ['E1'], external((seen) => seen.after.pop())],
  ['nothing was written outside', ['E1'], external((seen) => (seen.outside = []))],
];
