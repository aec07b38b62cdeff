import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report } from '@holdfast/core';
import { toJUnit } from '@holdfast/harness';

async function write(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

interface Destination {
  report?: string;
  junit?: string;
}

function filesOf(to: Destination): { json: string[]; junit: string[] } {
  const { report, junit } = to;
  return {
    json: report === undefined ? [] : [join(report, 'report.json')],
    junit: [
      ...(report === undefined ? [] : [join(report, 'junit.xml')]),
      ...(junit ? [junit] : []),
    ],
  };
}

/** Removes the report of a former run: beside a run without a verdict it would be taken for this one's. */
export async function removeReport(to: Destination): Promise<void> {
  const { json, junit } = filesOf(to);
  for (const file of [...json, ...junit]) await rm(file, { force: true });
}

/**
 * Writes report.json and junit.xml into a folder, and the latter to a file of its own where one is
 * named.
 *
 * @returns the files
 */
export async function writeReport(report: Report, to: Destination): Promise<string[]> {
  const { json, junit } = filesOf(to);
  const files: string[] = [];
  for (const file of json) files.push(await write(file, `${JSON.stringify(report, null, 2)}\n`));
  for (const file of junit) files.push(await write(file, toJUnit(report)));
  return files;
}
