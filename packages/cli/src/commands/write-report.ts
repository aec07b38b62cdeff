import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report } from '@holdfast/core';
import { toJUnit } from '@holdfast/harness';

async function write(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/**
 * Writes report.json and junit.xml into a folder, and the latter to a file of its own where one is
 * named.
 *
 * @returns the files
 */
export async function writeReport(
  report: Report,
  to: { report?: string; junit?: string },
): Promise<string[]> {
  const files: string[] = [];
  if (to.report !== undefined) {
    const json = `${JSON.stringify(report, null, 2)}\n`;
    files.push(await write(join(to.report, 'report.json'), json));
    files.push(await write(join(to.report, 'junit.xml'), toJUnit(report)));
  }
  if (to.junit !== undefined) files.push(await write(to.junit, toJUnit(report)));
  return files;
}
