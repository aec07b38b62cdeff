import type { ProofRecord } from '../observe/record.ts';
import { alter, broken, copies, last, lastIdentity, ledger, lose } from './act-damage.fixture.ts';

/** Ways to be wrong that ledgers and identities show, with the checks that must see each. */
export const ledgerCases: [string, string[], ProofRecord][] = [
  ['an acknowledged write is lost', ['D1'], ledger(lose)],
  ['writes are altered', ['D1'], ledger(alter)],
  ['there are writes that nobody made', ['D1'], ledger((entry) => (entry.foreign = 1))],
  ['nothing was acknowledged', ['D1'], ledger((entry) => (entry.acknowledged = 0))],
  ['a ledger can’t be read back', ['D1'], ledger((entry) => (entry.error = 'no shell'))],
  ['there is no ledger', ['D1'], broken((record) => (record.ledgers = []))],
  [
    'nothing is acknowledged after a disruption',
    ['D1'],
    broken(({ disruptions }) => (last(disruptions).record.gapMs = { 'web:80': null })),
  ],
  [
    'nobody measured the gap of a ledger',
    ['D1'],
    broken(({ disruptions }) => delete last(disruptions).record.gapMs),
  ],
  ['another identity', ['I7'], lastIdentity((reading) => (reading.values['id'] = 'id-9'))],
  ['a part of the identity is gone', ['I7'], lastIdentity((r) => delete r.values['role'])],
  ['the identity can’t be asked', ['I7'], lastIdentity((r) => (r.error = 'no answer'))],
  [
    'a pod’s identity is not asked',
    ['I7'],
    broken(({ observations }) => last(observations).identities.pop()),
  ],
  [
    'a member lacks a write',
    ['D4'],
    copies((readings) => {
      lose(last(readings).ledger);
    }),
  ],
  ['no member was asked', ['D4'], copies((readings) => readings.splice(0))],
];
