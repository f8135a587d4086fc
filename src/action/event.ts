import * as z from 'zod/mini';

/** A commit id, 40 hex digits (64 in SHA-256 repositories). */
const sha = z.string().check(z.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));
const repository = z.object({ full_name: z.string() });
const side = z.object({ sha, ref: z.string(), repo: z.nullable(repository) });

const pullRequestPayload = z.object({
  action: z.optional(z.string()),
  pull_request: z.object({ number: z.int(), base: side, head: side }),
});
const mergeGroupPayload = z.object({ merge_group: z.object({ base_sha: sha, head_sha: sha }) });
const pushPayload = z.object({ before: sha, after: sha, deleted: z.optional(z.boolean()) });

export interface PullRequest {
  readonly kind: 'pull-request';
  /** pull_request_target: the token can write and secrets are there, so the head is data and nothing else. */
  readonly privileged: boolean;
  readonly number: number;
  /** Tip of the base branch. */
  readonly base: string;
  readonly head: string;
  readonly fork: boolean;
  readonly closed: boolean;
}
interface MergeGroup {
  readonly kind: 'merge-group';
  readonly base: string;
  readonly head: string;
}
interface Push {
  readonly kind: 'push';
  /** Undefined: a new branch or tag. */
  readonly base?: string | undefined;
  readonly head: string;
  /** The branch was deleted: there is nothing to look at. */
  readonly deleted: boolean;
}
interface Manual {
  readonly kind: 'manual';
  readonly head: string;
}
export type ActionEvent = PullRequest | MergeGroup | Push | Manual;

export type EventRead =
  | { readonly ok: true; readonly event: ActionEvent }
  | { readonly ok: false; readonly reasonCode: 'event-unsupported' | 'usage'; readonly message: string };

const supportedEvents = ['pull_request', 'pull_request_target', 'merge_group', 'push', 'workflow_dispatch'];

/**
 * What happened, from the event's name, its payload (docs.github.com, "Webhook events and payloads") and
 * GITHUB_SHA, which stands for the commit where the payload names none.
 */
export function readEvent(name: string, payload: unknown, githubSha: string | undefined): EventRead {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return pullRequestOf(name, payload);
    case 'merge_group': {
      const parsed = mergeGroupPayload.safeParse(payload);
      if (!parsed.success) return unreadable(name, parsed.error);
      const { base_sha: base, head_sha: head } = parsed.data.merge_group;
      return { ok: true, event: { kind: 'merge-group', base, head } };
    }
    case 'push': {
      const parsed = pushPayload.safeParse(payload);
      if (!parsed.success) return unreadable(name, parsed.error);
      const { before, after, deleted } = parsed.data;
      const base = /^0+$/.test(before) ? undefined : before;
      return { ok: true, event: { kind: 'push', base, head: after, deleted: deleted ?? false } };
    }
    case 'workflow_dispatch': {
      const parsed = sha.safeParse(githubSha);
      if (!parsed.success) return unreadable('GITHUB_SHA', parsed.error);
      return { ok: true, event: { kind: 'manual', head: parsed.data } };
    }
    default:
      return {
        ok: false,
        reasonCode: 'event-unsupported',
        message: `Airlock does not know what to look at on the event "${name}". Start the workflow on ${supportedEvents.join(', ')}.`,
      };
  }
}

function pullRequestOf(name: string, payload: unknown): EventRead {
  const parsed = pullRequestPayload.safeParse(payload);
  if (!parsed.success) return unreadable(name, parsed.error);
  const { number, base, head } = parsed.data.pull_request;
  return {
    ok: true,
    event: {
      kind: 'pull-request',
      privileged: name === 'pull_request_target',
      number,
      base: base.sha,
      head: head.sha,
      // A fork that was deleted in the meantime has no repository any more.
      fork: head.repo?.full_name !== base.repo?.full_name,
      closed: parsed.data.action === 'closed',
    },
  };
}

function unreadable(what: string, error: z.core.$ZodError): EventRead {
  const places = error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
  return {
    ok: false,
    reasonCode: 'usage',
    message: `The payload of the event ${what} is not as GitHub describes it (wrong or missing: ${places}).`,
  };
}
