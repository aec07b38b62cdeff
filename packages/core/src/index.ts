export * from './errors.ts';
export * from './helm.ts';
export * from './poll.ts';
export * from './process.ts';
export * from './report.ts';
export * from './unless-aborted.ts';
