import { targetWithoutSizes } from '../configuration/configuration.ts';
import { summaryOf } from '../report/proof-summary.ts';
import { formats } from '../report/render.ts';
import type { Result } from '../report/result.ts';
import { type CheckedProject, checkProject } from '../validate-project.ts';
import { changeBelow } from '../workspace/change-below.ts';
import { CORRECT_IT, choice, defineCommand, text, yes } from './command.ts';
import { exitCodeOf, failOn, print, type Refusal, tellRefusal } from './outcome.ts';
import { configurationFlags, openProject, shadowFlags } from './project.ts';

export const command = defineCommand({
  name: 'prove',
  summary: 'run migrations up, down and up again in a shadow database',
  operands: { name: 'ids', help: 'only these migrations', required: false, many: true },
  flags: {
    all: { schema: yes, help: 'the whole history' },
    'changed-since': {
      schema: text,
      value: '<ref>',
      help: 'only migrations that changed since this branch, tag or commit',
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
    ['airlock prove 20260101120000', 'one migration'],
    ['airlock prove --changed-since origin/main', 'what a pull request would be told'],
    ['airlock prove --all', 'the whole history: which rollbacks restore the schema'],
  ],
  async run({ operands, flags }, world) {
    const { json, format: asked, all, 'changed-since': since, ...settings } = flags;
    const format = json ? 'json' : (asked ?? 'text');
    const end = (refusal: Refusal): Promise<number> => tellRefusal(refusal, format, world);
    const ways = [operands.length > 0, all === true, since !== undefined].filter(Boolean).length;
    if (ways !== 1)
      return end({
        problems: [
          ways === 0
            ? 'nothing says which migrations are to be proven.'
            : 'ids, --all and --changed-since exclude each other.',
        ],
        next: 'airlock prove --changed-since origin/main, airlock prove <ids…>, or airlock prove --all',
      });
    const project = await openProject(world, settings);
    if (!project.ok)
      return end({ reasonCode: 'configuration-invalid', problems: project.problems, next: CORRECT_IT });
    const { root, configuration } = project;
    const changed =
      since === undefined ? undefined : await changeBelow({ ...project, env: world.env }, since);
    if (changed?.ok === false) return end(changed);
    // Loaded where it is wanted: the other commands start faster.
    const prove = (await import('./proving.ts')).proving(world, project, flags['cache-dir'], all === true);
    // What a snapshot says of the target's version is read later.
    if (
      since === undefined &&
      configuration.sizes === undefined &&
      configuration.shadow.snapshot === undefined
    )
      await prove.expect?.(targetWithoutSizes(configuration).major);
    const checked = await checkProject({
      root,
      configuration,
      env: world.env,
      ids: operands.length > 0 ? operands : undefined,
      change: changed?.change,
      contentAtBase: changed?.contentAtBase,
      prove,
    });
    const unknown = operands.filter(
      (id) => !checked.folders.some((folder) => folder.migrations.some((each) => each.id === id)),
    );
    if (checked.folders.length > 0 && unknown.length > 0)
      return end({
        problems: [`there is no migration ${unknown.join(', ')}.`],
        next: 'airlock validate --json lists what is there',
      });
    const executed = executedOnly(checked);
    const told = all === true ? summed(executed) : executed;
    await print(told, format, world);
    return exitCodeOf(told.result, configuration.failOn);
  },
});

/** Of a long history the numbers, and in full only what is not well. */
function summed(checked: CheckedProject): CheckedProject {
  const { result } = checked;
  if (!result.proofs) return checked;
  const { summary, proofs } = summaryOf(result.proofs, result.findings, result.notAnalysed);
  return { ...checked, result: { ...result, proofs: [...proofs], summary } };
}

/** What `validate` says is not said again here. */
function executedOnly(checked: CheckedProject): CheckedProject {
  const findings = checked.result.findings.filter(({ stage }) => stage === 'executed');
  const { reasonCode } = checked.result;
  const result: Result = {
    ...checked.result,
    findings,
    reasonCode: reasonCode === 'findings' && findings.length === 0 ? 'clean' : reasonCode,
  };
  return { ...checked, result };
}
