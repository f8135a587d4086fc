/** What the job's token may do, and what is lost without it. For the README's table. */
export const permissionDefinitions = [
  {
    permission: 'contents: read',
    needed: 'The configuration of the base commit, and the files where nothing is checked out.',
    without: 'Both are read from git; without git either, the run fails and says so.',
  },
  {
    permission: 'checks: write',
    needed: 'The check run with its annotations.',
    without: 'Annotations become workflow commands, of which GitHub shows ten a level.',
  },
  {
    permission: 'pull-requests: write',
    needed: 'The list of changed files, the comment and the suggestions.',
    without: 'With `read`, and on forks, a warning in the log; the step summary holds the same report.',
  },
] as const;
