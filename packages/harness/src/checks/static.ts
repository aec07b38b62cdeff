import type { Evidence } from '@holdfast/core';
import type { StepFinding } from '../observe/record.ts';
import { concludeFrom, count, type Check } from './conclude.ts';

/** A step's findings as evidence from before the first disruption. */
export function evidenceOf(findings: readonly StepFinding[]): Evidence[] {
  return findings.map(({ object, ok, text, log }) => {
    const after = log === undefined ? text : `${text}; ${log}`;
    return { object, disruption: 0, ok, after };
  });
}

/** What can be said of a chart before a pod of it runs. */
export const staticChecks: readonly Check[] = [
  {
    id: 'S0',
    title: 'helm lint --strict has nothing to say',
    needs: 'chart',
    conclude: (record) => concludeFrom(evidenceOf(record.lint), 'no errors and no warnings'),
  },
  {
    id: 'S6',
    title: 'the API server accepts every object',
    needs: 'chart',
    conclude: (record) =>
      concludeFrom(
        evidenceOf(record.dryRun),
        `${count(record.dryRun.length, 'object')} in a strict dry run${record.enforced ? ', Pod Security restricted' : ''}`,
      ),
  },
];
