import { badInput, type HoldfastError } from '@holdfast/core';

/** One thing that is wrong in a file that the user wrote. */
export interface Finding {
  /** File as the user knows it, with line, column and key: "web/app.yaml:12:5 roles[0].replica". */
  object: string;
  /** Offset in the file, by which findings are told in the order of their lines. */
  offset: number;
  message: string;
  hint?: string;
}

function line(finding: Finding): string {
  const hint = finding.hint === undefined ? '' : ` (${finding.hint})`;
  return `${finding.object}: ${finding.message}${hint}`;
}

/**
 * One error for all that was found in a file: its parts when it is a single one, else a line for each.
 *
 * @param file the file as the user knows it
 * @param findings at least one
 */
export function errorOf(file: string, findings: readonly Finding[]): HoldfastError {
  const sorted = findings.toSorted((a, b) => a.offset - b.offset);
  const [first] = sorted;
  if (first !== undefined && sorted.length === 1) {
    const { message, object, hint } = first;
    return badInput(message, hint === undefined ? { object } : { object, hint });
  }
  const lines = sorted.map((finding) => `  ${line(finding)}`);
  return badInput([`${sorted.length} errors`, ...lines].join('\n'), { object: file });
}
