/** All that PostgreSQL's programs get of an environment: nothing of this process, whose variables hold secrets. */
export const BARE_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};
