import { createRedactor } from '../report/redact.ts';
import { formats, render } from '../report/render.ts';
import type { Finding, ReasonCode, Result } from '../report/result.ts';
import { registry } from '../rules/registry.ts';
import { type CheckedProject, checkProject, type ProjectRequest, stopped } from '../validate-project.ts';
import { version } from '../version.ts';
import { changeBelow } from '../workspace/change-below.ts';
import { namedFiles } from '../workspace/named-files.ts';
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
    world.log('project opened', { root: project.root });
    const files = namedFiles(operands, world.cwd, project.root);
    if (!files.ok) return refuse(files);
    const since =
      flags['changed-since'] === undefined
        ? undefined
        : await changeBelow({ ...project, env: world.env }, flags['changed-since']);
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
    const { reasonCode, layout, checked: counts, findings } = first.result;
    world.log('checked', { reasonCode, layout, ...counts, findings: findings.length });
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

/** One fix may make room for the next (its place was taken, or it needs what the first one did). */
const MOST_ROUNDS = 4;

/** Undefined: the fixes could not be written; why is told. */
async function fixAndCheckAgain(
  first: CheckedProject,
  request: ProjectRequest,
  world: CommandWorld,
): Promise<CheckedProject | undefined> {
  if (first.result.checked === undefined) return first;
  const { applyFixes } = await import('../fixing/apply-fixes.ts');
  let checked = first;
  let { change, files } = request;
  for (let round = 1; ; round++) {
    const told = applyFixes(checked.folders, request.root, world.now());
    if (told.problem !== undefined) {
      world.printError(`error: the fixes could not be written, and nothing was changed: ${told.problem}\n`);
      return undefined;
    }
    world.printError(told.done);
    if (!told.changed || round === MOST_ROUNDS) {
      const nothing = round === 1 ? 'Nothing here has a fix that surely keeps the meaning.\n' : '';
      world.printError(`${told.left}${nothing}\n`);
      if (!told.changed) return checked;
    }
    files = files && [...files, ...told.created];
    change = change && { ...change, added: [...change.added, ...told.created] };
    checked = await checkProject({ ...request, files, change });
    if (round === MOST_ROUNDS) return checked;
  }
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

function exitCodeOf(result: Result, threshold: (typeof failOn)[number]): number {
  if (!['clean', 'findings', 'nothing-to-do'].includes(result.reasonCode)) return exitCodes.usage;
  const fails =
    threshold !== 'never' && result.findings.some(({ severity }) => RANK[severity] >= RANK[threshold]);
  return fails ? exitCodes.findings : exitCodes.done;
}
