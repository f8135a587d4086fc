import { contentAt, type Repository } from '../workspace/git.ts';
import { describeFailure, statusOf } from './failure.ts';
import type { GitHub } from './github.ts';

/** The text of a file at a commit, `text: undefined` where the commit has no such file. */
export type ContentRead =
  | { readonly ok: true; readonly text: string | undefined }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads one file of one commit through the API, else with git. A 404 alone proves nothing: GitHub answers it to
 * tokens that may not look, too. So absence counts only where the commit itself can be seen.
 */
export async function readContent(
  github: GitHub | undefined,
  workspace: Repository,
  commit: string,
  path: string,
): Promise<ContentRead> {
  let reason = 'there is no token';
  if (github !== undefined) {
    try {
      return { ok: true, text: await fromApi(github, commit, path) };
    } catch (error) {
      reason = describeFailure(error);
    }
  }
  const content = await contentAt(workspace, commit, path);
  if (content.ok) return { ok: true, text: content.file.text };
  if (content.reasonCode === 'path-missing') return { ok: true, text: undefined };
  return { ok: false, reason: `${reason}; and in the checkout, ${content.message}` };
}

async function fromApi(github: GitHub, commit: string, path: string): Promise<string | undefined> {
  const { client, repository } = github;
  try {
    const { data } = await client.rest.repos.getContent({ ...repository, path, ref: commit });
    if (Array.isArray(data) || data.type !== 'file')
      throw new Error(`${path} is not a file at ${commit.slice(0, 12)}`);
    // Above 1 MB the answer holds no content (docs.github.com/rest/repos/contents).
    if (!('content' in data) || data.encoding !== 'base64') return await blobText(github, data.sha);
    return Buffer.from(data.content, 'base64').toString('utf8');
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await client.rest.git.getCommit({ ...repository, commit_sha: commit });
    return undefined;
  }
}

async function blobText(github: GitHub, sha: string): Promise<string> {
  return (await blobBytes(github, sha)).toString('utf8');
}

/** The bytes of a blob, up to GitHub's 100 MB (docs.github.com/rest/git/blobs). */
export async function blobBytes({ client, repository }: GitHub, sha: string): Promise<Buffer> {
  const { data } = await client.rest.git.getBlob({ ...repository, file_sha: sha });
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}
