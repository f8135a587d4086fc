import manifest from '../package.json' with { type: 'json' };

/** Airlock's own version, from package.json. */
export const version: string = manifest.version;
