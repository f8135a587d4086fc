/** The files that `airlock init` writes. The README shows the same workflow; a test holds them together. */
export function workflowText(): string {
  return `name: Migrations
on: pull_request
permissions: { contents: read, checks: write, pull-requests: write }
jobs:
  airlock:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: pg-airlock/airlock@v1
`;
}

export function configurationText({
  directory,
  layout,
}: {
  readonly directory: string;
  readonly layout: string;
}): string {
  return `# Airlock reads this file from the base branch of a pull request. Every key:
# https://github.com/pg-airlock/airlock/blob/main/docs/configuration.md
directory: ${quotedIfNeeded(directory === '' ? '.' : directory)}
layout: ${layout}

# Version of the target, so that rules know what it can do.
# targetVersion: 17

# From this severity on the check fails: error, warning, info or never.
failOn: error

# rules:
#   type-varchar: warning                    # a rule that is off by default
#   create-index-concurrently: [error, {}]   # severity and options
`;
}

function quotedIfNeeded(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}
