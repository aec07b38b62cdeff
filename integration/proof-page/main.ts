/** `npm run -s docs:proof [-- REPORT...]`: writes docs/proof.md from reports of `holdfast verify`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, type Report } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { proofPage } from './proof-page.ts';

const named = process.argv.slice(2);
const files = named.length > 0 ? named : [join(root, 'holdfast-report', 'report.json')];

async function readReport(file: string): Promise<Report> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } catch (cause) {
    process.stderr.write(`error: the report can't be read: ${messageOf(cause)}\n  at: ${file}\n`);
    process.exit(2);
  }
}

const reports = await Promise.all(files.map(readReport));
const page = join(root, 'docs', 'proof.md');
await writeFile(page, proofPage(reports));
process.stdout.write(`docs/proof.md: ${reports.length} proof(s)\n`);
