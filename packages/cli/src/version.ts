import manifest from '../package.json' with { type: 'json' };

/** Holdfast's version, as `--version` prints it and as reports carry it. */
export const version: string = manifest.version;
