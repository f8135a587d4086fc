import type { FileChange } from '../fixing/plan-fixes.ts';
import { createRedactor, secretsIn } from '../report/redact.ts';
import { formats, render } from '../report/render.ts';
import type { Finding, ReasonCode, Result } from '../report/result.ts';
import { visible } from '../report/visible.ts';
import { registry } from '../rules/registry.ts';
import { type CheckedProject, checkProject, type ProjectRequest, stopped } from '../validate-project.ts';
import { version } from '../version.ts';
import { changeBelow } from '../workspace/change-below.ts';
import { namedFiles } from '../workspace/named-files.ts';
import {
  CORRECT_IT,
  type CommandWorld,
  choice,
  defineCommand,
  exitCodes,
  refuse,
  text,
  yes,
} from './command.ts';
import { configurationFlags, openProject } from './project.ts';

const failOn = ['error', 'warning', 'info', 'never'] as const;

export const command = defineCommand({
  name: 'validate',
  summary: 'check migrations without running them',
  operands: {
    name: 'files',
    help: 'only these files, or the migrations in these folders; default: every migration',
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
    const end = (refusal: Refusal): Promise<number> => tellRefusal(refusal, format, world);
    if (json && asked !== undefined && asked !== 'json')
      return end({ problems: [`--json and --format ${asked} contradict each other: give one of them.`] });
    if (fix && operands.length === 0 && flags['changed-since'] === undefined)
      return end({ problems: [FIX_WHAT] });
    const project = await openProject(world, settings);
    if (!project.ok)
      return end({
        reasonCode: 'configuration-invalid',
        problems: project.problems,
        next: CORRECT_IT,
      });
    world.log('project opened', { root: project.root });
    const { root, configuration, env } = project;
    const files = await namedFiles(operands, { cwd: world.cwd, root, configuration, env });
    if (!files.ok) return end(files);
    if (fix && files.whole && flags['changed-since'] === undefined) return end({ problems: [FIX_WHAT] });
    const since =
      flags['changed-since'] === undefined
        ? undefined
        : await changeBelow({ ...project, env: world.env }, flags['changed-since']);
    if (since?.ok === false) return end(since);
    const request: ProjectRequest = {
      root: project.root,
      configuration: project.configuration,
      env: world.env,
      files: files.paths,
      change: since?.change,
      contentAtBase: since?.contentAtBase,
    };
    const first = told(await checkProject(request), flags['changed-since']);
    const { reasonCode, layout, checked: counts, findings } = first.result;
    world.log('checked', { reasonCode, layout, ...counts, findings: findings.length });
    const checked = fix ? await fixAndCheckAgain(first, request, world) : first;
    if (checked === undefined) return exitCodes.usage;
    await print(checked, format, world);
    return exitCodeOf(checked.result, project.configuration.failOn);
  },
});

const FIX_WHAT =
  '--fix edits files, and a migration that was applied anywhere must not be edited: say which are new.\nnext: airlock validate --fix --changed-since origin/main, or name the files.';

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
  refuse(world, problems, next);
  if (format === 'json') {
    const refused = stopped(reasonCode ?? 'usage', problems.join('\n'), next ?? 'airlock validate --help');
    await print(refused, format, world);
  }
  return exitCodes.usage;
}

/** Says that there was nothing to check: silence could be anything. */
function told(checked: CheckedProject, since: string | undefined): CheckedProject {
  const { result } = checked;
  if (result.reasonCode !== 'nothing-to-do' || result.message !== undefined) return checked;
  const what =
    since === undefined
      ? `there is no migration in ${result.layout?.directory ?? 'this repository'} yet`
      : `no migration changed since ${since}`;
  return { ...checked, result: { ...result, message: `nothing to check: ${what}` } };
}

/** Undefined: the fixes could not be written; why is told. */
async function fixAndCheckAgain(
  first: CheckedProject,
  request: ProjectRequest,
  world: CommandWorld,
): Promise<CheckedProject | undefined> {
  if (first.result.checked === undefined) return first;
  const { applyFixes } = await import('../fixing/apply-fixes.ts');
  const { change, files } = request;
  const check = (changes: readonly FileChange[]): Promise<CheckedProject> => {
    const created = changes.flatMap(({ path, before }) => (before === undefined ? [path] : []));
    return checkProject({
      ...request,
      // Settings beside a migration are none themselves.
      files: files && [...files, ...created.filter((path) => path.endsWith('.sql'))],
      change: change && { ...change, added: [...change.added, ...created] },
      texts: new Map(changes.map(({ path, after }) => [path, after])),
    });
  };
  const { checked, problem, told } = await applyFixes(first, check, { root: request.root, now: world.now() });
  if (problem === undefined) {
    world.printError(createRedactor(secretsIn(world.env))(told));
    return checked;
  }
  world.printError(`error: no fix was applied: ${problem}\n`);
  return undefined;
}

async function print(
  checked: CheckedProject,
  format: (typeof formats)[number],
  world: CommandWorld,
): Promise<void> {
  const { result } = checked;
  // What was not checked at all is an error message, unless a program reads it.
  if (format === 'text' && result.checked === undefined && result.message !== undefined) {
    refuse(world, [visible(result.message)], result.next && visible(result.next));
    return;
  }
  const text = await render(format, result, {
    width: world.width,
    colour: world.colour,
    source: (file) => checked.sources.get(file),
    redact: createRedactor(secretsIn(world.env)),
    rules: [...registry.values()].map((rule) => ({
      ...rule,
      severity: rule.severity === 'off' ? 'info' : rule.severity,
    })),
    version,
  });
  world.print(text);
}

const RANK = { info: 1, warning: 2, error: 3 } as const satisfies Record<Finding['severity'], number>;

function exitCodeOf(result: Result, threshold: (typeof failOn)[number]): number {
  if (!['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode)) return exitCodes.usage;
  const fails =
    threshold !== 'never' && result.findings.some(({ severity }) => RANK[severity] >= RANK[threshold]);
  return fails ? exitCodes.findings : exitCodes.done;
}
