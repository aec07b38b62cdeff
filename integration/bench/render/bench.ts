import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Helm, helmClient } from '@holdfast/core';
import { rowsOf, type Row } from './figures.ts';
import { generationSubjects } from './generation.ts';
import { measureRounds } from './rounds.ts';
import { templateSubjects } from './template.ts';

export interface BenchOptions {
  /** Folders that hold an app.yaml. */
  applications: readonly string[];
  /** Our charts, which `helm template` renders. */
  charts: readonly string[];
  /** The charts of others. */
  peers: readonly string[];
  rounds: number;
  /** Helm's path. */
  helm: string;
  signal: AbortSignal;
}

/** What `--json` writes. */
export interface BenchReport {
  startedAt: string;
  rounds: number;
  nodeVersion: string;
  helmVersion: string;
  machine: string;
  rows: Row[];
}

/** Helm whose processes end with the benchmark. */
function stoppable(helm: Helm, signal: AbortSignal): Helm {
  return {
    run: (args, options) => helm.run(args, { ...options, signal }),
    succeed: (args, options) => helm.succeed(args, { ...options, signal }),
    version: () => helm.version(),
  };
}

/**
 * Measures generating and rendering in interleaved rounds: what is compared was measured side by side.
 *
 * @throws HoldfastError when something cannot be generated or rendered; the signal's reason when it is
 *   aborted
 */
export async function benchRender(options: BenchOptions): Promise<BenchReport> {
  const { applications, charts, peers, rounds, signal } = options;
  const helm = stoppable(helmClient(options.helm), signal);
  const startedAt = new Date().toISOString();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const subjects = [
      ...(await generationSubjects(applications, { folder, helm, signal })),
      ...(await templateSubjects(charts, peers, helm)),
    ];
    const processors = cpus();
    return {
      startedAt,
      rounds,
      nodeVersion: process.version,
      helmVersion: await helm.version(),
      machine: `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}`,
      rows: rowsOf(await measureRounds(subjects, rounds, signal)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
