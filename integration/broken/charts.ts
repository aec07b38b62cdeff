import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Limits } from '@holdfast/harness';
import { root } from '../holdfast.ts';

/** A chart broken on purpose, as a small overlay on a chart that is proven. */
export interface BrokenChart {
  name: string;
  title: string;
  /** Path of the chart it is an overlay of. */
  base: string;
  /** The value file that breaks it. */
  values: string;
  /** The checks that it must fail: no more, no fewer. */
  breaks: string[];
  /** Other limits than a proof's own, in milliseconds, where it would wait for all of them. */
  limits?: Partial<Limits>;
}

/** Reads the broken charts of this folder, sorted by name. */
export async function brokenCharts(): Promise<BrokenChart[]> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const folder = join(import.meta.dirname, name);
      const about = parse(await readFile(join(folder, 'broken.yaml'), 'utf8')) as Pick<
        BrokenChart,
        'title' | 'base' | 'breaks' | 'limits'
      >;
      return { ...about, name, base: join(root, about.base), values: join(folder, 'values.yaml') };
    }),
  );
}
