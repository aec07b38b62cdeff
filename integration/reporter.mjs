import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/**
 * Mocha's own report on the terminal, and beside it the counts with the titles of all tests in the
 * file that HOLDFAST_RESULTS names.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const passed = [];
    const failed = [];
    const skipped = [];
    runner.on('pass', (test) => passed.push(test.fullTitle()));
    runner.on('fail', (test) => failed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('end', () => {
      const file = process.env.HOLDFAST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
    });
  }
}
