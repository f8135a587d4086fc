import { closest } from '../migration/did-you-mean.ts';
import { visibleLine } from '../report/visible.ts';
import { wrap } from '../report/wrap.ts';
import { registry } from '../rules/registry.ts';
import type { Rule, RuleExample, RuleExamples } from '../rules/rule.ts';
import { helpUrl } from '../validation/raised.ts';
import { type CommandWorld, defineCommand, exitCodes } from './command.ts';

export const command = defineCommand({
  name: 'explain',
  summary: 'tell what a rule is about, or list all rules',
  operands: {
    name: 'rule',
    help: 'a rule id, or that of squawk and other linters; without one, all rules are listed',
    required: false,
    many: false,
  },
  flags: {},
  examples: [
    ['airlock explain set-not-null', 'why, what to write instead, examples'],
    ['airlock explain', 'all rules with their severities'],
  ],
  async run({ operands: [id] }, world) {
    if (id === undefined) {
      for (const rule of registry.values())
        world.print(`${rule.severity.padEnd(8)} ${rule.id.padEnd(40)} ${rule.title}\n`);
      return exitCodes.done;
    }
    const own = registry.get(id.toLowerCase());
    const rules = own ? [own] : byOtherName(id);
    const [rule, ...others] = rules;
    if (rule === undefined) {
      const near = closest(id, registry.keys());
      const meant = near === undefined ? '' : `; did you mean "${near}"?`;
      const next = near === undefined ? 'airlock explain (it lists all rules)' : `airlock explain ${near}`;
      world.printError(`error: there is no rule "${visibleLine(id)}"${meant}\nnext: ${next}\n`);
      return exitCodes.usage;
    }
    if (!own)
      world.print(`${visibleLine(id)} is here called ${rules.map((each) => each.id).join(', ')}.\n\n`);
    const { examples } = await import('../rules/examples.ts');
    print(rule, examples.get(rule.id), world);
    for (const other of others) world.print(`more: airlock explain ${other.id}\n`);
    return exitCodes.done;
  },
});

/** Rules by their id in another linter, which may make one of what are several here. */
function byOtherName(id: string): Rule[] {
  const wanted = id.toLowerCase();
  return [...registry.values()].filter(({ knownAs }) =>
    Object.values(knownAs ?? {}).some((names) => names.some((name) => name.toLowerCase() === wanted)),
  );
}

/** The example, with the migrations before and after it where it means nothing without them. */
function exampleText(example: RuleExample, colour: boolean): string {
  const dim = (text: string): string => (colour ? text.replace(/^.+$/gm, '\x1b[2m$&\x1b[0m') : text);
  const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');
  const { history = [], then = [], down } = example;
  const around = [...history, ...then].length > 0;
  return [
    ...history.map((sql) => dim(indented(`-- an earlier migration:\n${sql}`))),
    ...(around ? [dim(indented('-- this migration:'))] : []),
    indented(example.sql),
    ...(down === undefined ? [] : [dim(indented(`-- its down:\n${down}`))]),
    ...then.map((sql) => dim(indented(`-- a later migration of the same change:\n${sql}`))),
  ].join('\n');
}

function print(
  rule: Rule,
  shown: RuleExamples | undefined,
  { print: out, colour, width }: CommandWorld,
): void {
  const bold = (text: string): string => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  const paragraph = (text: string): string => `${wrap(text, Math.min(width, 100)).join('\n')}\n`;
  const known = Object.entries(rule.knownAs ?? {}).map(([tool, names]) => `${tool} ${names.join(', ')}`);
  out(
    `${bold(rule.id)} (${rule.severity})\n${paragraph(rule.title)}\n${bold('why')}\n${paragraph(rule.why)}\n${bold('instead')}\n${paragraph(rule.safeAlternative)}`,
  );
  for (const [title, example] of [
    ['bad', shown?.bad[0]],
    ['good', shown?.good[0]],
  ] as const) {
    if (example) out(`\n${bold(title)}\n${exampleText(example, colour)}\n`);
  }
  if (known.length > 0) out(`\nelsewhere: ${known.join('; ')}\n`);
  if (rule.options)
    for (const [name, option] of Object.entries(rule.options))
      out(`option ${name} = ${JSON.stringify(option.default)}: ${option.description}\n`);
  out(`\nignore it: -- @ignore ${rule.id} <reason>     more: ${helpUrl(rule.id)}\n`);
}
