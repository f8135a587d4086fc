import { createOnce, type GitHub } from './github.ts';
import { isOwn } from './identity.ts';
import type { Suggestion } from './suggestion.ts';

export interface ReviewSettings {
  readonly github: GitHub;
  readonly number: number;
  readonly head: string;
  /** Whom the token belongs to. */
  readonly login: string;
  /** Worst first. */
  readonly suggestions: readonly Suggestion[];
}

/** More at once would bury the pull request; the rest comes with the next push. */
const MOST = 20;

/** Offers what was not offered before as one review, which is one notification. Returns how many. */
export async function writeReview(settings: ReviewSettings): Promise<number> {
  const { github, number, head, suggestions } = settings;
  if (suggestions.length === 0) return 0;
  const { client, repository } = github;
  const offered = await markersOffered(settings);
  const fresh = suggestions.filter(({ marker }) => !offered.has(marker)).slice(0, MOST);
  if (fresh.length === 0) return 0;
  const comments = fresh.map(({ path, startLine, line, body }) => ({
    path,
    body,
    line,
    side: 'RIGHT',
    ...(startLine < line ? { start_line: startLine, start_side: 'RIGHT' } : {}),
  }));
  const make = async (): Promise<number> => {
    await client.rest.pulls.createReview({
      ...repository,
      pull_number: number,
      commit_id: head,
      event: 'COMMENT',
      body: 'Airlock has fixes to commit that keep the meaning.',
      comments,
      request: { retries: 0 },
    });
    return fresh.length;
  };
  return createOnce(github, make, async () => {
    const now = await markersOffered(settings);
    return fresh.every(({ marker }) => now.has(marker)) ? fresh.length : undefined;
  });
}

async function markersOffered({ github, number, login }: ReviewSettings): Promise<Set<string>> {
  const { client, repository } = github;
  const list = { ...repository, pull_number: number, per_page: 100 };
  const comments = await client.paginate(client.rest.pulls.listReviewComments, list);
  const own = comments.filter(({ user }) => isOwn(user, login));
  return new Set(own.flatMap(({ body }) => body.match(/^<!-- airlock:suggestion:\w+ -->/)?.[0] ?? []));
}
