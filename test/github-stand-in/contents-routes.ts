import { type Answer, type Asked, list, notFound, type Route } from './answer.ts';
import { example } from './openapi.ts';
import { blobSha, type Difference, differences } from './repository.ts';

function getContent({ repository, parameters, query }: Asked): Answer {
  if (repository.refused.has('contents')) return notFound();
  const files = repository.commits.get(query.get('ref') ?? '');
  const path = parameters.path ?? '';
  const text = files?.[path];
  if (text === undefined) return notFound();
  const body = {
    ...example('content-file-response-if-content-is-a-file'),
    name: path.split('/').at(-1),
    path,
    sha: blobSha(text),
    size: Buffer.byteLength(text),
    encoding: 'base64',
    content: `${Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n')}\n`,
  };
  return { status: 200, body };
}

function getCommit({ repository, parameters }: Asked): Answer {
  const sha = parameters.commit_sha ?? '';
  if (repository.refused.has('contents') || !repository.commits.has(sha)) return notFound();
  return { status: 200, body: { ...example('git-commit'), sha } };
}

function getTree({ repository, parameters, query }: Asked): Answer {
  const sha = parameters.tree_sha ?? '';
  const files = repository.commits.get(sha);
  if (repository.refused.has('contents') || files === undefined) return notFound();
  const folders = new Set(
    Object.keys(files).flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join('/')),
    ),
  );
  const tree = [
    ...[...folders].map((path) => ({ path, mode: '040000', type: 'tree', sha: blobSha(path) })),
    ...Object.entries(files).map(([path, text]) => ({
      path,
      mode: '100644',
      type: 'blob',
      sha: blobSha(text),
      size: Buffer.byteLength(text),
    })),
  ].filter((entry) => query.has('recursive') || !entry.path.includes('/'));
  return { status: 200, body: { sha, url: 'https://api.github.com/tree', tree, truncated: false } };
}

function getBlob({ repository, parameters }: Asked): Answer {
  if (repository.refused.has('contents')) return notFound();
  for (const files of repository.commits.values()) {
    for (const text of Object.values(files)) {
      const sha = blobSha(text);
      if (sha !== parameters.file_sha) continue;
      const content = Buffer.from(text).toString('base64');
      const size = Buffer.byteLength(text);
      return { status: 200, body: { ...example('blob'), sha, size, content, encoding: 'base64' } };
    }
  }
  return notFound();
}

function diffEntry(entry: Difference): Record<string, unknown> {
  const { patch: _, ...model } = example('diff-entry-items');
  const { previous, ...rest } = entry;
  return {
    ...model,
    ...rest,
    changes: entry.additions + entry.deletions,
    ...(previous === undefined ? {} : { previous_filename: previous }),
  };
}

function getPullFiles({ repository, parameters }: Asked): Answer {
  const pull = repository.pulls.get(Number(parameters.pull_number));
  const before = repository.commits.get(pull?.base ?? '');
  const after = repository.commits.get(pull?.head ?? '');
  if (before === undefined || after === undefined) return notFound();
  // "Responses include a maximum of 3000 files."
  return list(differences(before, after).slice(0, 3000).map(diffEntry));
}

function compare({ repository, parameters }: Asked): Answer {
  const [base = '', head = ''] = (parameters.basehead ?? '').split('...');
  const before = repository.commits.get(base);
  const after = repository.commits.get(head);
  if (before === undefined || after === undefined) return notFound();
  const model = example('commit-comparison');
  const commit = { ...(model.merge_base_commit as object), sha: base };
  const files = differences(before, after).slice(0, 300).map(diffEntry);
  return {
    status: 200,
    body: { ...model, base_commit: commit, merge_base_commit: commit, commits: [], files },
  };
}

export const contentsRoutes: Readonly<Record<string, Route>> = {
  'GET /repos/{owner}/{repo}/contents/{path}': getContent,
  'GET /repos/{owner}/{repo}/git/commits/{commit_sha}': getCommit,
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': getTree,
  'GET /repos/{owner}/{repo}/git/blobs/{file_sha}': getBlob,
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': getPullFiles,
  'GET /repos/{owner}/{repo}/compare/{basehead}': compare,
};
