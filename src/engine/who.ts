/** Who runs what, as history, audit log and lease record it. */
export interface Who {
  /** One for each command that is run. */
  readonly runId: string;
  readonly command: string;
  readonly executedBy: string;
  readonly host: string;
  readonly processId: number;
  readonly toolVersion: string;
  readonly gitSha?: string | undefined;
  readonly pullRequest?: string | undefined;
}
