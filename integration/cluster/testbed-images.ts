import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../holdfast.ts';
import type { Testbed } from '../testbed/prepare.ts';

/**
 * The images that `npm test` has prepared for the cluster suites.
 *
 * @throws Error when the suite is run by itself
 */
export function preparedTestbed(): Testbed {
  const text = process.env['HOLDFAST_TESTBED'];
  if (text === undefined) throw new Error('run this suite with: npm test -- cluster');
  return JSON.parse(text) as Testbed;
}

/** The value files that put an example onto those images. */
export function testbedValues(testbed: Testbed, application: string): string[] {
  const file = join(root, 'integration', 'testbed', 'values', `${application}.yaml`);
  return testbed.upstream || !existsSync(file) ? [] : [file];
}
