import { describeFailure } from './failure.ts';
import type { GitHub } from './github.ts';
import type { Log } from './log.ts';

/** Who wrote a comment, as the API tells it. */
export type Author =
  | { readonly login?: string | undefined; readonly type?: string | undefined }
  | null
  | undefined;

/** What a workflow's own token writes as. */
const WORKFLOW = 'github-actions[bot]';

/**
 * Whom the token belongs to. `GET /user` refuses installation tokens, of which the workflow's is one; GraphQL's
 * `viewer` answers every kind (docs.github.com/graphql/reference/queries).
 */
export async function ownLogin({ client }: GitHub, log: Log): Promise<string> {
  try {
    const { viewer } = await client.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
    return viewer.login;
  } catch (error) {
    log.info(
      `Whom the token belongs to could not be asked (${describeFailure(error)}): taken for ${WORKFLOW}.`,
    );
    return WORKFLOW;
  }
}

/** A hidden marker can be copied by anybody, an author cannot. */
export function isOwn(author: Author, login: string): boolean {
  if (author?.login === undefined) return false;
  const bot = (name: string): string => name.replace(/\[bot\]$/, '');
  return author.type === 'Bot' ? bot(author.login) === bot(login) : author.login === login;
}
