import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/list.ts';

/** docs/commands.md, from the definitions that the command line reads. */
export function commandsPage(): string {
  return `<!-- Written by scripts/docs.ts from src/commands/: do not edit. -->

# Commands

Exit codes: 0 done or nothing to do, 1 findings at or above \`--fail-on\`, 2 usage or configuration, 3 a migration
failed, 4 the lease is held, 5 approval required, 6 history and files disagree, 7 the database cannot be reached,
130 interrupted.

${commands.map(section).join('\n\n')}
`;
}

function section(command: Command): string {
  const flags = Object.entries(command.flags).map(
    ([name, flag]) => `| \`--${name}${flag.value === undefined ? '' : ` ${flag.value}`}\` | ${flag.help} |`,
  );
  const operands = command.operands ? ` ${shape(command.operands)}` : '';
  const parts = [
    `## airlock ${command.name}${operands}`,
    `${capital(command.summary)}.${command.operands ? ` ${capital(command.operands.name)}: ${command.operands.help}.${command.operands.second ? ` ${capital(command.operands.second.name)}: ${command.operands.second.help}.` : ''}` : ''}`,
    ...(flags.length > 0 ? [['| flag | meaning |', '| --- | --- |', ...flags].join('\n')] : []),
    ['```sh', ...command.examples.flatMap(([line, does]) => [`# ${does}`, line]), '```'].join('\n'),
  ];
  return parts.join('\n\n');
}

function shape({ name, required, many, second }: NonNullable<Command['operands']>): string {
  const inner = many ? `${name}...` : name;
  const both = second ? [inner, second.name] : [inner];
  return both.map((each) => (required ? `<${each}>` : `[${each}]`)).join(' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The README's short table. */
export function commandsTable(): string {
  return [
    '| command | does |',
    '| --- | --- |',
    ...commands.map(({ name, summary }) => `| \`airlock ${name}\` | ${summary} |`),
  ].join('\n');
}
