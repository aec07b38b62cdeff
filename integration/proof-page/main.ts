/** `npm run -s docs:proof [-- REPORT...]`: writes docs/proof.md from reports of `holdfast verify`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { proofPage } from './proof-page.ts';

const named = process.argv.slice(2);
const files = named.length > 0 ? named : [join(root, 'holdfast-report', 'report.json')];
const reports = await Promise.all(
  files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Report),
);
const page = join(root, 'docs', 'proof.md');
await writeFile(page, proofPage(reports));
process.stdout.write(`docs/proof.md: ${reports.length} proof(s)\n`);
