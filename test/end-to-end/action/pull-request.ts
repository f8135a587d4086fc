import { afterAll, expect } from 'vitest';
import { type Files, newRepository, type Repository } from '../../github-stand-in/repository.ts';
import { type GitHubStandIn, startGitHub } from '../../github-stand-in/server.ts';
import { type ActionEnd, runAction } from './run-action.ts';
import { gitWorkspace, type Workspace } from './workspace.ts';

/** What was merged before: a table in use, in Airlock's own layout. */
export const merged: Files = {
  'README.md': '# Shop\n',
  'migrations/20250101090000_create_orders.sql': migration(
    'create orders',
    'CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed_at timestamptz NOT NULL);',
    'DROP TABLE IF EXISTS orders;',
  ),
};

export function migration(description: string, up: string, down: string): string {
  const metadata = {
    author: 'ada',
    description,
    breakingChange: false,
    estimatedDuration: 1000,
    dataVolume: 'small',
    risk: 'low',
    tags: ['feature'],
  };
  return `-- @metadata ${JSON.stringify(metadata)}\n-- UP\n${up}\n-- DOWN\n${down}\n`;
}

export const blockingIndex = migration(
  'index orders by time',
  'CREATE INDEX idx_orders_placed_at ON orders (placed_at);',
  'DROP INDEX IF EXISTS idx_orders_placed_at;',
);
export const jsonColumn = migration(
  'add a payload',
  'ALTER TABLE orders\n  ADD COLUMN payload json;',
  'ALTER TABLE orders DROP COLUMN IF EXISTS payload;',
);
export const nothingWrong = migration(
  'create reviews',
  "CREATE TABLE reviews (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);\nCOMMENT ON TABLE reviews IS 'what customers say';",
  'DROP TABLE IF EXISTS reviews;',
);

/** One pull request on the stand-in, with its checkout. */
export interface Scene {
  readonly repository: Repository;
  readonly github: GitHubStandIn;
  readonly workspace: Workspace;
}

const open: GitHubStandIn[] = [];
afterAll(async () => {
  await Promise.all(open.splice(0).map((github) => github.close()));
});

export async function openPullRequest(head: Files, { base = merged, basePath = '' } = {}): Promise<Scene> {
  const repository = newRepository();
  const workspace = gitWorkspace(base, head);
  repository.commits.set(workspace.base, base).set(workspace.head, head);
  repository.pulls.set(7, { base: workspace.base, head: workspace.head });
  const github = await startGitHub(repository, basePath);
  open.push(github);
  return { repository, github, workspace };
}

/** A further push to the same pull request. */
export async function push(scene: Scene, base: Files, head: Files): Promise<Scene> {
  const workspace = gitWorkspace(base, head);
  scene.repository.commits.set(workspace.base, base).set(workspace.head, head);
  scene.repository.pulls.set(7, { base: workspace.base, head: workspace.head });
  return { ...scene, workspace };
}

export interface Delivery {
  readonly event?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Instead of the checkout at the merge commit. */
  readonly folder?: string;
  readonly fork?: boolean;
  readonly payload?: unknown;
  readonly sha?: string;
}

/** Runs the Action on the pull request; whatever GitHub's description does not allow fails the test. */
export async function deliver({ github, workspace }: Scene, delivery: Delivery = {}): Promise<ActionEnd> {
  const { base, head, merge, folder } = workspace;
  const home = { full_name: 'octo-org/shop' };
  const payload = {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      base: { sha: base, ref: 'main', repo: home },
      head: { sha: head, ref: 'feature', repo: delivery.fork ? { full_name: 'mallory/shop' } : home },
    },
    repository: home,
  };
  const end = await runAction({
    event: delivery.event ?? 'pull_request',
    payload: delivery.payload ?? payload,
    workspace: delivery.folder ?? folder,
    sha: delivery.sha ?? merge,
    apiUrl: github.url,
    ...(delivery.inputs === undefined ? {} : { inputs: delivery.inputs }),
  });
  expect(github.violations, end.log).toEqual([]);
  expect(end.log).not.toMatch(/\n\s+at .+:\d+:\d+/);
  return end;
}
