import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { createRedactor } from '../report/redact.ts';
import { formats, render } from '../report/render.ts';
import type { Finding, ReasonCode, Result } from '../report/result.ts';
import { visibleLine } from '../report/visible.ts';
import { registry } from '../rules/registry.ts';
import {
  type Change,
  type CheckedProject,
  checkProject,
  type ProjectRequest,
  stopped,
} from '../validate-project.ts';
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
    const { fix, json, format: asked, ...settings } = flags;
    const format = json ? 'json' : (asked ?? 'text');
    const refuse = (refusal: Refusal): Promise<number> => tellRefusal(refusal, format, world);
    if (json && asked !== undefined && asked !== 'json')
      return refuse({ problems: [`--json and --format ${asked} contradict each other: give one of them.`] });
    if (fix && operands.length === 0 && flags['changed-since'] === undefined)
      return refuse({ problems: [FIX_WHAT] });
    const project = await openProject(world, settings);
    if (!project.ok)
      return refuse({
        reasonCode: 'configuration-invalid',
        problems: project.problems,
        next: 'correct what is named above and type the command again',
      });
    const files = namedFiles(operands, world.cwd, project.root);
    if (!files.ok) return refuse(files);
    const since =
      flags['changed-since'] === undefined
        ? undefined
        : await changeSince(project.repository.root, project.root, world, flags['changed-since']);
    if (since?.ok === false) return refuse(since);
    const request: ProjectRequest = {
      root: project.root,
      configuration: project.configuration,
      env: world.env,
      files: files.paths,
      change: since?.change,
      contentAtBase: since?.contentAtBase,
    };
    const first = await checkProject(request);
    const checked = fix ? await fixAndCheckAgain(first, request, world) : first;
    if (checked === undefined) return exitCodes.usage;
    await print(checked, format, world);
    return exitCodeOf(checked.result, project.configuration.failOn);
  },
});

const FIX_WHAT =
  '--fix edits files, and a migration that was applied anywhere must not be edited: say which are new.\nType: airlock validate --fix --changed-since origin/main, or name the files.';

interface Refusal {
  /** Default: usage. */
  readonly reasonCode?: ReasonCode;
  readonly problems: readonly string[];
  readonly next?: string;
}

/** On standard error for people; who asked for JSON gets the document besides, so that it is never empty. */
async function tellRefusal(
  { reasonCode, problems, next }: Refusal,
  format: (typeof formats)[number],
  world: CommandWorld,
): Promise<number> {
  for (const problem of problems) world.printError(`error: ${problem}\n`);
  if (next !== undefined) world.printError(`next: ${next}\n`);
  if (format === 'json') {
    const refused = stopped(reasonCode ?? 'usage', problems.join('\n'), next ?? 'airlock validate --help');
    await print(refused, format, world);
  }
  return exitCodes.usage;
}

type Named =
  | { readonly ok: true; readonly paths?: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Files as typed, relative to the root. */
function namedFiles(operands: readonly string[], cwd: string, root: string): Named {
  if (operands.length === 0) return { ok: true };
  const problems: string[] = [];
  const paths = operands.map((operand) => {
    const full = resolve(cwd, operand);
    const path = below(root, full);
    const shown = visibleLine(operand);
    const kind = statSync(full, { throwIfNoEntry: false });
    if (path === undefined) problems.push(`${shown} lies outside the repository ${root}.`);
    else if (kind === undefined) problems.push(`${shown}: there is no such file.`);
    else if (kind.isDirectory())
      problems.push(`${shown} is a folder.\nType: airlock validate --directory ${visibleLine(path) || '.'}`);
    else if (!kind.isFile()) problems.push(`${shown} is not a file (a pipe, socket or device).`);
    return path ?? operand;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, paths };
}

/** Relative to the root, or undefined outside it; typed through a link to the repository, it is inside all the same. */
function below(root: string, full: string): string | undefined {
  const candidates = [full];
  if (existsSync(dirname(full))) candidates.push(join(realpathSync(dirname(full)), basename(full)));
  return candidates
    .map((candidate) => relative(root, candidate))
    .find((path) => path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path))
    ?.split(sep)
    .join('/');
}

type Since =
  | {
      readonly ok: true;
      readonly change: Change;
      readonly contentAtBase: (path: string) => Promise<string | undefined>;
    }
  | { readonly ok: false; readonly problems: readonly string[]; readonly next: string };

/** The change below `root`, which may lie inside the repository; paths are made relative to it. */
async function changeSince(top: string, root: string, world: CommandWorld, ref: string): Promise<Since> {
  const { changedSince, contentAt } = await import('../workspace/git.ts');
  const repository = { root: top, env: world.env };
  const folder = relative(top, root).split(sep).join('/');
  const changes = await changedSince(repository, ref, folder);
  if (!changes.ok)
    return { ok: false, problems: [`--changed-since: ${changes.message}`], next: changes.next };
  const inside = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1));
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
        folder === '' ? path : `${folder}/${path}`,
      );
      return content.ok ? content.file.text : undefined;
    },
  };
}

/** Undefined: the fixes could not be written; nothing was changed, and why is told. */
async function fixAndCheckAgain(
  first: CheckedProject,
  request: ProjectRequest,
  world: CommandWorld,
): Promise<CheckedProject | undefined> {
  if (first.result.checked === undefined) return first;
  const { applyFixes } = await import('../fixing/apply-fixes.ts');
  const told = applyFixes(first.folders, request.root, world.now());
  world.printError(told.text);
  if (told.failed) return undefined;
  if (!told.changed) return first;
  const { change, files } = request;
  return checkProject({
    ...request,
    files: files && [...files, ...told.created],
    change: change && { ...change, added: [...change.added, ...told.created] },
  });
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
  // What was not checked at all is an error message, unless a program reads it.
  if (format === 'text' && checked.result.checked === undefined) world.printError(text);
  else world.print(text);
}

const RANK = { info: 1, warning: 2, error: 3 } as const satisfies Record<Finding['severity'], number>;

export function exitCodeOf(result: Result, threshold: (typeof failOn)[number]): number {
  if (!['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode)) return exitCodes.usage;
  const fails =
    threshold !== 'never' && result.findings.some(({ severity }) => RANK[severity] >= RANK[threshold]);
  return fails ? exitCodes.findings : exitCodes.done;
}
