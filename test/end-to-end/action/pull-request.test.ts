import { describe, expect, it } from 'vitest';
import {
  blockingIndex,
  deliver,
  jsonColumn,
  merged,
  migration,
  nothingWrong,
  openPullRequest,
  push,
} from './pull-request.ts';

const three = {
  ...merged,
  'migrations/20260601090000_index_orders_placed_at.sql': blockingIndex,
  'migrations/20260601091000_add_orders_payload.sql': jsonColumn,
  'migrations/20260601092000_create_reviews.sql': nothingWrong,
};

describe.concurrent('a pull request', () => {
  it('with three new files gets annotations, one comment and a suggestion, and fails', async () => {
    const scene = await openPullRequest(three);
    const end = await deliver(scene);

    expect(end.code, end.log).toBe(1);
    expect(end.outputs).toMatchObject({ 'reason-code': 'findings', risk: 'high' });
    expect(Number(end.outputs.errors)).toBeGreaterThanOrEqual(1);
    expect(end.result.checked?.migrations).toBe(3);
    expect(end.sarif.version).toBe('2.1.0');
    expect(end.sarif.runs[0]?.results).toHaveLength(end.result.findings.length);

    const { checkRuns, comments, reviews, reviewComments } = scene.repository;
    expect(checkRuns).toHaveLength(1);
    expect(checkRuns[0]).toMatchObject({
      name: 'Airlock',
      headSha: scene.workspace.head,
      status: 'completed',
      conclusion: 'failure',
    });
    expect(checkRuns[0]?.annotations).toHaveLength(end.result.findings.length);
    expect(checkRuns[0]?.annotations).toContainEqual(
      expect.objectContaining({
        path: 'migrations/20260601090000_index_orders_placed_at.sql',
        start_line: 3,
        annotation_level: 'failure',
        title: 'create-index-concurrently (seen when it ran)',
      }),
    );
    expect(end.outputs['check-url']).toBe(`https://github.com/octo-org/shop/runs/${checkRuns[0]?.id}`);

    expect(comments.get(7)).toHaveLength(1);
    expect(comments.get(7)?.[0]?.body).toContain('create-index-concurrently');
    expect(end.outputs['comment-url']).toMatch(/#issuecomment-/);
    expect(end.summary).toContain('create-index-concurrently');
    expect(end.summary).toContain('migration.config.yml at the base commit');

    expect(reviews).toEqual([expect.objectContaining({ pull: 7, commit: scene.workspace.head })]);
    const offered = reviewComments.find(({ path }) => path.endsWith('add_orders_payload.sql'));
    expect(offered).toMatchObject({ line: 4 });
    expect(offered?.body).toContain('```suggestion\n  ADD COLUMN payload jsonb;\n```');
  });

  it('that edits a merged file is told so at that file', async () => {
    const path = 'migrations/20250101090000_create_orders.sql';
    const scene = await openPullRequest({ ...merged, [path]: `${merged[path]}-- one more thought\n` });
    const end = await deliver(scene);
    expect(end.code, end.log).toBe(1);
    expect(end.result.findings).toContainEqual(expect.objectContaining({ file: path, severity: 'error' }));
  });

  it('that renames a merged file is told so', async () => {
    const { 'migrations/20250101090000_create_orders.sql': text = '', ...rest } = merged;
    const moved = 'migrations/20250102090000_create_orders.sql';
    const end = await deliver(await openPullRequest({ ...rest, [moved]: text }));
    expect(end.code, end.log).toBe(1);
    expect(end.result.findings.some(({ severity }) => severity === 'error')).toBe(true);
  });

  it('that deletes a merged file is told so', async () => {
    const { 'migrations/20250101090000_create_orders.sql': _, ...rest } = merged;
    const base = { ...merged, 'migrations/20250103090000_create_reviews.sql': nothingWrong };
    const end = await deliver(
      await openPullRequest(
        { ...rest, 'migrations/20250103090000_create_reviews.sql': nothingWrong },
        { base },
      ),
    );
    expect(end.code, end.log).toBe(1);
    const errors = end.result.findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ file, message }) => `${file} ${message}`).join('\n')).toContain(
      '20250101090000_create_orders',
    );
  });

  it('with 350 files is read page by page, and annotated in batches of 50', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 350 }, (_, at) => [
        `migrations/2026${String(at).padStart(10, '0')}_index_${at}.sql`,
        blockingIndex,
      ]),
    );
    const scene = await openPullRequest({ ...merged, ...many });
    const end = await deliver(scene, { inputs: { comment: 'never', suggestions: 'false', proof: 'false' } });
    expect(end.result.checked?.migrations, end.log).toBe(350);
    expect(scene.github.requests.filter((line) => line.includes('/pulls/7/files'))).toHaveLength(4);
    const [run] = scene.repository.checkRuns;
    expect(run?.annotations).toHaveLength(Math.min(500, end.result.findings.length));
    const paths = new Set(end.result.findings.map(({ file }) => file));
    expect(paths.size).toBe(350);
  });

  it('that is pushed to again keeps its one comment and is offered nothing twice', async () => {
    const first = await openPullRequest(three);
    await deliver(first);
    const before = first.repository.comments.get(7)?.[0]?.body;
    const offered = first.repository.reviewComments.length;
    expect(offered).toBeGreaterThan(0);
    const second = await push(first, merged, { ...three, 'docs/note.md': 'more\n' });
    await deliver(second);
    expect(first.repository.comments.get(7)).toHaveLength(1);
    expect(first.repository.comments.get(7)?.[0]?.body).not.toBe(before);
    expect(first.repository.reviewComments).toHaveLength(offered);

    const { 'migrations/20260601092000_create_reviews.sql': text } = three;
    const third = await push(first, merged, {
      ...merged,
      'migrations/20260601092000_create_reviews.sql': text,
    });
    const end = await deliver(third);
    expect(end.code, end.log).toBe(0);
    expect(first.repository.comments.get(7)).toHaveLength(1);
    expect(first.repository.comments.get(7)?.[0]?.body).not.toContain('create-index-concurrently');
  });

  it('without migrations is left in peace', async () => {
    const scene = await openPullRequest({ ...merged, 'README.md': '# The shop\n' });
    const end = await deliver(scene);
    expect(end.code, end.log).toBe(0);
    expect(end.outputs['reason-code']).toBe('nothing-to-do');
    expect(scene.repository.comments.get(7) ?? []).toEqual([]);
    expect(scene.repository.reviews).toEqual([]);
    expect(scene.repository.checkRuns[0]?.conclusion).toBe('success');
  });

  it('cannot speak to the runner, mention people or close its block through its SQL', async () => {
    const hostile = migration(
      'x',
      [
        "COMMENT ON TABLE orders IS '",
        '::error title=owned::by sql',
        '##[add-mask]owned',
        "``` @octocat <!-- airlock:report:Airlock -->';",
        'CREATE INDEX idx_orders_placed_at ON orders (placed_at); -- ::set-output name=risk::low',
      ].join('\n'),
      'SELECT 1;',
    );
    const scene = await openPullRequest({
      ...merged,
      'migrations/20260601090000_index_orders_placed_at.sql': hostile,
    });
    const end = await deliver(scene, { inputs: { annotations: 'commands' } });
    const commands = end.log.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(
      commands.every((line) => /^::(error|warning|notice|add-mask)\b/.test(line)),
      commands.join('\n'),
    ).toBe(true);
    expect(commands.some((line) => line.includes('title=owned'))).toBe(false);
    const body = scene.repository.comments.get(7)?.[0]?.body ?? '';
    expect(body).toContain('create-index-concurrently');
    expect(body.match(/<!-- airlock:report/g)).toHaveLength(1);
    // Outside of code, where GitHub would notify somebody.
    expect(body.replace(/```[\s\S]*?\n```/g, '')).not.toMatch(/@octocat/);
    expect(end.outputs.risk).toBe('high');
  });
});
