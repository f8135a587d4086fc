import type { FileChange } from '../fixing/plan-fixes.ts';
import { createRedactor, secretsIn } from '../report/redact.ts';
import { formats } from '../report/render.ts';
import { type CheckedProject, checkProject, type ProjectRequest } from '../validate-project.ts';
import { changeBelow } from '../workspace/change-below.ts';
import { namedFiles } from '../workspace/named-files.ts';
import { CORRECT_IT, type CommandWorld, choice, defineCommand, exitCodes, text, yes } from './command.ts';
import { exitCodeOf, failOn, print, type Refusal, tellRefusal } from './outcome.ts';
import { configurationFlags, openProject, shadowFlags } from './project.ts';

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
    proof: {
      schema: yes,
      help: 'run each migration up, down and up again in a shadow database, with rows in the tables',
    },
    json: { schema: yes, help: 'short for --format json' },
    format: { schema: choice(formats), value: '<format>', help: `${formats.join(', ')} (default: text)` },
    'fail-on': {
      schema: choice(failOn),
      value: '<severity>',
      help: 'exit 1 from this severity on: error (default), warning, info, never',
    },
    ...configurationFlags,
    ...shadowFlags,
  },
  examples: [
    ['airlock validate', 'every migration of the repository'],
    ['airlock validate --changed-since origin/main', 'what a pull request would be told'],
    ['airlock validate migrations/20260101120000_add_index.sql --fix', 'mend one file'],
  ],
  async run({ operands, flags }, world) {
    const { fix, json, proof, format: asked, ...settings } = flags;
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
      // Loaded where it is wanted: a check without it starts faster.
      prove: proof ? (await import('./proving.ts')).proving(world, project, flags['cache-dir']) : undefined,
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
