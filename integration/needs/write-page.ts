/** `npm run -s docs:coverage`: writes docs/coverage.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../holdfast.ts';
import { coveragePage, readNeeds } from './needs.ts';

await writeFile(join(root, 'docs', 'coverage.md'), coveragePage(await readNeeds()));
