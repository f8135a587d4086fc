import { CommanderError, Option, Command as Parser } from 'commander';
import * as z from 'zod/mini';
import type { Command, CommandWorld, Flag } from './commands/command.ts';
import { commands } from './commands/list.ts';
import { swallowedFlags } from './commands/npm-flags.ts';
import { version } from './version.ts';

/**
 * Runs one command line and returns its exit code. Usage errors are told on standard error with exit
 * code 2; nothing is thrown for what a user can do wrong.
 */
export async function runProgram(argv: readonly string[], world: CommandWorld): Promise<number> {
  let exitCode: number | undefined;
  const parser = new Parser('airlock')
    .description('Migrations for PostgreSQL, checked where the change is reviewed.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText(
      'after',
      '\nairlock <command> --help tells more. Exit codes: 0 done, 1 findings, 2 usage or configuration.',
    )
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: world.print,
      writeErr: world.printError,
      getOutHelpWidth: () => world.width,
      getErrHelpWidth: () => world.width,
    });
  parser.helpCommand('help [command]', 'print the help of a command');
  for (const command of commands) {
    addCommand(parser, command, async (operands, flags) => {
      exitCode = await execute(command, operands, flags, world);
    });
  }
  try {
    await parser.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help' && argv.length > 0) return 2;
    return error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2;
  }
  if (exitCode === undefined) parser.outputHelp();
  return exitCode ?? 0;
}

function addCommand(
  parser: Parser,
  command: Command,
  run: (operands: string[], flags: Record<string, unknown>) => Promise<void>,
): void {
  const { operands } = command;
  const own = parser.command(command.name).description(command.summary).showSuggestionAfterError(true);
  if (operands) {
    const shape = operands.many ? `${operands.name}...` : operands.name;
    own.argument(operands.required ? `<${shape}>` : `[${shape}]`, operands.help);
  }
  for (const [name, flag] of Object.entries(command.flags)) own.addOption(optionOf(name, flag));
  if (command.examples.length > 0)
    own.addHelpText(
      'after',
      `\nExamples:\n${command.examples.map(([line, does]) => `  ${line}\n      ${does}`).join('\n')}`,
    );
  own.action(async (...given: unknown[]) => {
    const flags = own.opts<Record<string, unknown>>();
    const first = operands ? given[0] : undefined;
    await run(Array.isArray(first) ? first : typeof first === 'string' ? [first] : [], flags);
  });
}

function optionOf(name: string, flag: Flag): Option {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  const option = new Option(
    `${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    flag.help,
  );
  if (flag.repeatable)
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

async function execute(
  command: Command,
  operands: readonly string[],
  given: Readonly<Record<string, unknown>>,
  world: CommandWorld,
): Promise<number> {
  const swallowed = swallowedFlags(command, operands, world.env);
  if (!swallowed.ok) {
    world.printError(`error: ${swallowed.message}\n`);
    return 2;
  }
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, flag] of Object.entries(command.flags)) {
    const parsed = z.safeParse(flag.schema, given[camelCase(name)] ?? swallowed.flags[name]);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`--${name}: ${parsed.error.issues.map((issue) => issueText(issue)).join('; ')}`);
  }
  if (problems.length > 0) {
    for (const problem of problems) world.printError(`error: ${problem}\n`);
    world.printError(`Type: airlock ${command.name} --help\n`);
    return 2;
  }
  return command.run({ operands, flags: values }, world);
}

function issueText(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
