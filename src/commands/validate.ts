import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { createRedactor } from '../report/redact.ts';
import { formats, render } from '../report/render.ts';
import type { Finding, Result } from '../report/result.ts';
import { registry } from '../rules/registry.ts';
import { type Change, type CheckedProject, checkProject, type ProjectRequest } from '../validate-project.ts';
import { version } from '../version.ts';
import { type CommandWorld, choice, defineCommand, exitCodes, text, yes } from './command.ts';
import { configurationFlags, openProject } from './project.ts';

const failOn = ['error', 'warning', 'info', 'never'] as const;

export const command = defineCommand({
  name: 'validate',
  summary: 'check migrations without running them',
  operands: {
    name: 'files',
    help: 'only these files; default: every migration',
    required: false,
    many: true,
  },
  flags: {
    'changed-since': {
      schema: text,
      value: '<ref>',
      help: 'only migrations that changed since this branch, tag or commit',
    },
    fix: { schema: yes, help: 'apply the fixes that keep the meaning, show what changed, and check again' },
    json: { schema: yes, help: 'short for --format json' },
    format: { schema: choice(formats), value: '<format>', help: `${formats.join(', ')} (default: text)` },
    'fail-on': {
      schema: choice(failOn),
      value: '<severity>',
      help: 'exit 1 from this severity on: error (default), warning, info, never',
    },
    ...configurationFlags,
  },
  examples: [
    ['airlock validate', 'every migration of the repository'],
    ['airlock validate --changed-since origin/main', 'what a pull request would be told'],
    ['airlock validate migrations/20260101120000_add_index.sql --fix', 'mend one file'],
  ],
  async run({ operands, flags }, world) {
    if (flags.fix && operands.length === 0 && flags['changed-since'] === undefined)
      return usage(world, [FIX_WHAT]);
    const { fix, json, ...settings } = flags;
    const project = await openProject(world, settings);
    if (!project.ok) return usage(world, project.problems);
    const files = namedFiles(operands, world.cwd, project.root);
    if (!files.ok) return usage(world, files.problems);
    const change =
      flags['changed-since'] === undefined
        ? { ok: true as const }
        : await changeSince(project.repository.root, project.root, world, flags['changed-since']);
    if (!change.ok) return usage(world, change.problems);
    const request: ProjectRequest = {
      root: project.root,
      configuration: project.configuration,
      env: world.env,
      files: files.paths,
      ...('change' in change ? { change: change.change, contentAtBase: change.contentAtBase } : {}),
    };
    const first = await checkProject(request);
    const checked = fix ? await fixAndCheckAgain(first, request, world) : first;
    await print(checked, json ? 'json' : (flags.format ?? 'text'), world);
    return exitCodeOf(checked.result, project.configuration.failOn);
  },
});

const FIX_WHAT =
  '--fix edits files, and a migration that was applied anywhere must not be edited: say which are new.\nType: airlock validate --fix --changed-since origin/main, or name the files.';

function usage(world: CommandWorld, problems: readonly string[]): number {
  for (const problem of problems) world.printError(`error: ${problem}\n`);
  return exitCodes.usage;
}

type Named =
  | { readonly ok: true; readonly paths?: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Files as typed, relative to the root; folders are taken for the files below them by `--directory`. */
function namedFiles(operands: readonly string[], cwd: string, root: string): Named {
  if (operands.length === 0) return { ok: true };
  const problems: string[] = [];
  const paths = operands.map((operand) => {
    const full = resolve(cwd, operand);
    const path = relative(root, full).split(sep).join('/');
    if (!existsSync(full)) problems.push(`${operand}: there is no such file.`);
    else if (!statSync(full).isFile())
      problems.push(`${operand} is a folder. Type: airlock validate --directory ${path || '.'}`);
    else if (path.startsWith('../')) problems.push(`${operand} lies outside the repository ${root}.`);
    return path;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, paths };
}

type Since =
  | {
      readonly ok: true;
      readonly change: Change;
      readonly contentAtBase: (path: string) => Promise<string | undefined>;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The change below `root`, which may lie inside the repository; paths are made relative to it. */
async function changeSince(top: string, root: string, world: CommandWorld, ref: string): Promise<Since> {
  const { changedSince, contentAt } = await import('../workspace/git.ts');
  const repository = { root: top, env: world.env };
  const below = relative(top, root).split(sep).join('/');
  const changes = await changedSince(repository, ref, below);
  if (!changes.ok) return { ok: false, problems: [`${changes.message}\nNext: ${changes.next}`] };
  const inside = (path: string): string => (below === '' ? path : path.slice(below.length + 1));
  const of = (status: string): string[] =>
    changes.files.filter((file) => file.status === status).map(({ path }) => inside(path));
  const renamed = changes.files
    .filter(({ status }) => status === 'renamed')
    .map(({ path, previousPath }) => ({ from: inside(previousPath ?? path), to: inside(path) }));
  return {
    ok: true,
    change: { added: of('added'), modified: of('modified'), removed: of('deleted'), renamed },
    contentAtBase: async (path) => {
      const content = await contentAt(
        repository,
        changes.mergeBase,
        below === '' ? path : `${below}/${path}`,
      );
      return content.ok ? content.file.text : undefined;
    },
  };
}

async function fixAndCheckAgain(
  first: CheckedProject,
  request: ProjectRequest,
  world: CommandWorld,
): Promise<CheckedProject> {
  const { applyFixes } = await import('../fixing/apply-fixes.ts');
  const told = applyFixes(first.folders, request.root, world.now());
  world.printError(told.text);
  return told.changed
    ? checkProject({ ...request, files: request.files && [...request.files, ...told.created] })
    : first;
}

async function print(
  checked: CheckedProject,
  format: (typeof formats)[number],
  world: CommandWorld,
): Promise<void> {
  const text = await render(format, checked.result, {
    width: world.width,
    colour: world.colour,
    source: (file) => checked.sources.get(file),
    redact: createRedactor([]),
    rules: [...registry.values()].map((rule) => ({
      ...rule,
      severity: rule.severity === 'off' ? 'info' : rule.severity,
    })),
    version,
  });
  world.print(text);
}

const RANK = { info: 1, warning: 2, error: 3 } as const satisfies Record<Finding['severity'], number>;

export function exitCodeOf(result: Result, threshold: (typeof failOn)[number]): number {
  if (!['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode)) return exitCodes.usage;
  const fails =
    threshold !== 'never' && result.findings.some(({ severity }) => RANK[severity] >= RANK[threshold]);
  return fails ? exitCodes.findings : exitCodes.done;
}
