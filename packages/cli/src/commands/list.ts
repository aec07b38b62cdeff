import { styleText } from 'node:util';
import { exitCode } from '@holdfast/core';
import { defaultTemplates, listApplications, listFeatures } from '@holdfast/generator';
import { printJson, printResult } from '../output.ts';
import { table } from '../table.ts';

export interface ListOptions {
  json?: true;
}

const stream = process.stdout;
const bold = (text: string) => styleText('bold', text, { stream });
const dim = (text: string) => styleText('dim', text, { stream });

/** What else has to be known before a feature is left out or missed. */
function remarks(feature: Awaited<ReturnType<typeof listFeatures>>[number]): string {
  const { default: always, requires, conflicts } = feature;
  const parts = [
    ...(always ? [] : ['where the application has use for it']),
    ...(requires.length > 0 ? [`needs ${requires.join(', ')}`] : []),
    ...(conflicts.length > 0 ? [`not beside ${conflicts.join(', ')}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/**
 * `holdfast list`: the applications that come with Holdfast, and the features of charts.
 *
 * @returns what the process exits with
 */
export async function list(options: ListOptions): Promise<number> {
  const applications = await listApplications(defaultTemplates);
  const features = await listFeatures(defaultTemplates);
  if (options.json === true) {
    printJson({ applications, features });
    return exitCode.ok;
  }
  const width = stream.isTTY ? stream.columns : undefined;
  const dress = [bold, dim];
  const none = ['  none yet: "holdfast init DIR" begins one'];
  const lines = [
    'Applications, by the names that "holdfast generate" takes',
    ...table(
      applications.map((entry) => [entry.name, entry.appVersion, entry.description]),
      { width, dress },
    ),
    ...(applications.length === 0 ? none : []),
    '',
    'Features of charts; "holdfast generate --without" leaves out those that no other needs',
    ...table(
      features.map((entry) => [entry.name, entry.description + remarks(entry)]),
      { width, dress: [bold] },
    ),
  ];
  printResult(lines.join('\n'));
  return exitCode.ok;
}
