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
