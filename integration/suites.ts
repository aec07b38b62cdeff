import { join } from 'node:path';
import { root } from './holdfast.ts';

/** A step of `npm test`. */
export interface Suite {
  name: string;
  /** What it shows, for the terminal. */
  about: string;
  /** A script that runs on this repository's Node, or a program of the machine. */
  program: string;
  args: string[];
  /** Its single tests are counted; any other suite counts as one test. */
  mocha?: boolean;
  /** Needs a Docker engine and the images of the test bed. */
  testbed?: boolean;
}

const tool = (path: string) => join(root, 'node_modules', path);
const mocha = tool('mocha/bin/mocha.js');
const reporter = `--reporter=${join(root, 'integration', 'reporter.mjs')}`;

/** What charts-out holds the charts of. */
const applications = ['redis', 'examples/web'];

/** From fast to slow. */
export const suites: readonly Suite[] = [
  {
    name: 'format',
    about: 'sources are formatted',
    program: tool('prettier/bin/prettier.cjs'),
    args: ['--check', '--log-level=warn', '.'],
  },
  {
    name: 'imports',
    about: 'packages import what they may import',
    program: tool('dependency-cruiser/bin/dependency-cruiser.mjs'),
    args: ['--config=.dependency-cruiser.mjs', 'packages', 'integration'],
  },
  {
    name: 'types',
    about: 'types are right',
    program: tool('typescript/bin/tsc'),
    args: ['--noEmit'],
  },
  {
    name: 'lint',
    about: 'sources follow the rules, typed ones included',
    program: tool('eslint/bin/eslint.js'),
    args: ['--max-warnings=0', '.'],
  },
  {
    name: 'drift',
    about: 'charts-out is what the generator makes of the definitions',
    program: join(root, 'packages/cli/src/main.ts'),
    args: ['generate', ...applications, '--check'],
  },
  {
    name: 'unit',
    about: 'unit tests, with coverage',
    program: tool('c8/bin/c8.js'),
    args: [mocha, reporter],
    mocha: true,
  },
  {
    name: 'machine',
    about: 'shell scripts, schemas and pages, with tools that are installed where they may be',
    program: mocha,
    args: [
      reporter,
      '--no-config',
      '--forbid-only',
      '--timeout=600000',
      'integration/machine/*.test.ts',
    ],
    mocha: true,
  },
  {
    name: 'cluster',
    about: 'proofs on a cluster in containers',
    program: mocha,
    args: [
      reporter,
      '--no-config',
      '--forbid-only',
      '--timeout=900000',
      'integration/cluster/*.test.ts',
    ],
    mocha: true,
    testbed: true,
  },
];
