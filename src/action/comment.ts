import { createOnce, type GitHub } from './github.ts';
import { isOwn } from './identity.ts';

export interface CommentSettings {
  readonly github: GitHub;
  /** Number of the pull request. */
  readonly number: number;
  /** Whom the token belongs to. */
  readonly login: string;
  /** The hidden line the comment begins with. */
  readonly marker: string;
  readonly body: string;
  /** False: only a comment that already stands is kept up to date. */
  readonly create: boolean;
}

/** Key of the comment, from the input `name`: what a marker may not hold is spelled out, so that names stay apart. */
export function markerFor(name: string): string {
  const spelled = name.replace(
    /[^A-Za-z0-9.-]/g,
    (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}_`,
  );
  return `airlock:report:${spelled}`;
}

/** Writes the pull request's one comment. Returns its address; undefined where there is none and none was wanted. */
export async function writeComment(settings: CommentSettings): Promise<string | undefined> {
  const { github, number, body, create } = settings;
  const { client, repository } = github;
  const standing = await findComment(settings);
  if (standing !== undefined) {
    if (standing.body === body) return standing.html_url;
    const { data } = await client.rest.issues.updateComment({ ...repository, comment_id: standing.id, body });
    return data.html_url;
  }
  if (!create) return undefined;
  const make = async () => {
    const request = { retries: 0 };
    const { data } = await client.rest.issues.createComment({
      ...repository,
      issue_number: number,
      body,
      request,
    });
    return data;
  };
  return (await createOnce(github, make, () => findComment(settings))).html_url;
}

async function findComment({ github, number, login, marker }: CommentSettings) {
  const { client, repository } = github;
  const list = { ...repository, issue_number: number, per_page: 100 };
  for await (const { data } of client.paginate.iterator(client.rest.issues.listComments, list)) {
    const found = data.find(({ body, user }) => body?.startsWith(`<!-- ${marker} -->`) && isOwn(user, login));
    if (found !== undefined) return found;
  }
  return undefined;
}
