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
    id: 'S3',
    title: 'labels that can’t be changed have no version',
    needs: 'chart',
    conclude: ({ rendered: { labels } }) =>
      concludeFrom(evidenceOf(labels), 'selectors and claim templates stay as they are'),
  },
  {
    id: 'S4',
    title: 'the Service of a set is headless and selects its pods',
    needs: 'chart',
    conclude: ({ rendered: { services } }) =>
      concludeFrom(evidenceOf(services), services.map(({ text }) => text).join(' · ')),
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
