import {
  type Answer,
  type Asked,
  failure,
  list,
  notFound,
  type Route,
  refusedByIntegration,
} from './answer.ts';
import { example } from './openapi.ts';
import { type Comment, differences, type Repository } from './repository.ts';

function user(login: string): Record<string, unknown> {
  const model = example('issue-comment').user as Record<string, unknown>;
  return { ...model, login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

function issueComment(comment: Comment): Record<string, unknown> {
  return {
    ...example('issue-comment'),
    id: comment.id,
    body: comment.body,
    user: user(comment.login),
    html_url: `https://github.com/octo-org/shop/pull/1#issuecomment-${comment.id}`,
  };
}

function commentsOf(repository: Repository, number: number): Comment[] {
  const found = repository.comments.get(number) ?? [];
  repository.comments.set(number, found);
  return found;
}

/** GitHub refuses longer bodies: "Body is too long (maximum is 65536 characters)". */
function tooLong(body: unknown): Answer | undefined {
  return String(body).length > 65_536 ? failure(422, 'Validation Failed') : undefined;
}

function createComment({ repository, parameters, body }: Asked): Answer {
  if (repository.refused.has('pull-requests')) return refusedByIntegration();
  const comments = commentsOf(repository, Number(parameters.issue_number));
  const id = 1000 + [...repository.comments.values()].flat().length;
  const comment = { id, body: String(body.body), login: repository.login };
  const refusal = tooLong(body.body);
  if (refusal !== undefined) return refusal;
  comments.push(comment);
  return { status: 201, body: issueComment(comment) };
}

function updateComment({ repository, parameters, body }: Asked): Answer {
  if (repository.refused.has('pull-requests')) return refusedByIntegration();
  const all = [...repository.comments.values()].flat();
  const comment = all.find((entry) => entry.id === Number(parameters.comment_id));
  if (comment === undefined) return notFound();
  const refusal = tooLong(body.body);
  if (refusal !== undefined) return refusal;
  comment.body = String(body.body);
  return { status: 200, body: issueComment(comment) };
}

interface ReviewBody {
  readonly body?: string;
  readonly event?: string;
  readonly commit_id?: string;
  readonly comments?: readonly {
    path: string;
    body: string;
    line?: number;
    side?: string;
    start_line?: number;
    start_side?: string;
  }[];
}

/** Right-hand lines of each hunk of the file's diff: where GitHub lets a review comment stand. */
function hunksOf(repository: Repository, pull: number, path: string): { from: number; to: number }[] {
  const { base = '', head = '' } = repository.pulls.get(pull) ?? {};
  const entries = differences(repository.commits.get(base) ?? {}, repository.commits.get(head) ?? {});
  const patch = entries.find((entry) => entry.filename === path)?.patch ?? '';
  return [...patch.matchAll(/^@@ -\S+ \+(\d+),(\d+) @@/gm)].map(([, start, count]) => ({
    from: Number(start),
    to: Number(start) + Number(count) - 1,
  }));
}

function createReview({ repository, parameters, body }: Asked): Answer {
  if (repository.refused.has('pull-requests')) return refusedByIntegration();
  const pull = Number(parameters.pull_number);
  const review = body as ReviewBody;
  if (review.event === 'COMMENT' && !review.body) return failure(422, 'Body is required for COMMENT');
  for (const { path, line, side, start_line: start, start_side: startSide } of review.comments ?? []) {
    const hunk = hunksOf(repository, pull, path).find(
      ({ from, to }) => line !== undefined && line >= from && line <= to,
    );
    const wellFormed = start === undefined || (line !== undefined && start < line && startSide === 'RIGHT');
    if (hunk === undefined || side !== 'RIGHT' || !wellFormed || (start ?? hunk.from) < hunk.from) {
      return failure(422, 'Unprocessable Entity: "Pull request review thread line must be part of the diff"');
    }
  }
  repository.reviews.push({ pull, body: review.body ?? '', commit: review.commit_id ?? '' });
  for (const { path, body: text, line = 0, start_line: startLine } of review.comments ?? []) {
    const id = 5000 + repository.reviewComments.length;
    repository.reviewComments.push({ id, pull, login: repository.login, path, body: text, line, startLine });
  }
  return { status: 200, body: { ...example('pull-request-review'), body: review.body, state: 'COMMENTED' } };
}

function listReviewComments({ repository, parameters }: Asked): Answer {
  const pull = Number(parameters.pull_number);
  const model = example('pull-request-review-comment-items');
  return list(
    repository.reviewComments
      .filter((entry) => entry.pull === pull)
      .map(({ id, path, body, login, line }) => ({ ...model, id, path, body, line, user: user(login) })),
  );
}

export const conversationRoutes: Readonly<Record<string, Route>> = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': ({ repository, parameters }) =>
    list(commentsOf(repository, Number(parameters.issue_number)).map(issueComment)),
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': createComment,
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': updateComment,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments': listReviewComments,
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews': createReview,
};
