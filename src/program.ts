import { CommanderError, type Help, Option, Command as Parser } from 'commander';
import * as z from 'zod/mini';
import type { Command, CommandWorld, Flag } from './commands/command.ts';
import { commands } from './commands/list.ts';
import { swallowedFlags } from './commands/npm-flags.ts';
import { closest } from './migration/did-you-mean.ts';
import { forEnvironment } from './report/next-command.ts';
import { visibleLine } from './report/visible.ts';
import { version } from './version.ts';

/**
 * Runs one command line and returns its exit code. Usage errors are told on standard error with exit
 * code 2; nothing is thrown for what a user can do wrong.
 */
export async function runProgram(argv: readonly string[], world: CommandWorld): Promise<number> {
  let exitCode: number | undefined;
  const parser: Parser = new Parser('airlock')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .helpCommand(false)
    .usage('<command> [options]')
    .configureHelp({ formatHelp: overview });
  tell(parser, world, 'airlock --help');
  const words = withoutHelpWord(argv);
  // All of them only where a wrong word or the help wants them: every start pays for what is set up.
  const named = commands.filter(({ name }) => name === words[0]);
  for (const command of named.length > 0 ? named : commands) {
    addCommand(parser, world, command, async (operands, flags) => {
      exitCode = await execute(command, operands, flags, world);
    });
  }
  try {
    await parser.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode ?? 0;
}

/** `airlock help validate` is `airlock validate --help`, and nothing at all asks for help too. */
function withoutHelpWord(argv: readonly string[]): readonly string[] {
  const [first, about] = argv;
  if (first === undefined) return ['--help'];
  if (first !== 'help') return argv;
  if (about === undefined) return ['--help'];
  // An unknown word is told like any other unknown command.
  return commands.some(({ name }) => name === about) ? [about, '--help'] : [about];
}

/** Every parser tells what is wrong in the same way, and ends by telling what to type. */
function tell(parser: Parser, world: CommandWorld, next: string): void {
  parser
    .showSuggestionAfterError(true)
    .showHelpAfterError(`next: ${next}`)
    .exitOverride()
    .configureOutput({
      writeOut: world.print,
      writeErr: world.printError,
      getOutHelpWidth: () => world.width,
      getErrHelpWidth: () => world.width,
      outputError: (text, write) => write(`${visibleLine(text)}\n`),
    });
}

/** `airlock --help`: what there is to do, the most used first. */
function overview(parser: Parser, helper: Help): string {
  const rows = (pairs: readonly (readonly [string, string])[]): string =>
    pairs.map(([term, text]) => `  ${term.padEnd(21)}${text}\n`).join('');
  return `airlock ${version}: migrations for PostgreSQL, checked where the change is reviewed

Usage: ${helper.commandUsage(parser)}

Commands:
${rows(commands.map(({ name, operands, summary }) => [`${name} ${shapeOf(operands && { ...operands, second: undefined })}`, summary]))}
Options:
${rows(helper.visibleOptions(parser).map((option) => [option.flags, option.description]))}
Begin with:
${rows([
  ['airlock init', 'in a repository that has no configuration yet'],
  ['airlock validate', 'every migration; --help tells how to check a change only'],
])}
Exit codes: 0 done or nothing to do, 1 findings, 2 usage or configuration,
  3 a migration failed, 4 the lease is held, 5 approval required, 6 history and
  files disagree, 7 the database cannot be reached, 130 interrupted
`;
}

function shapeOf(operands: Command['operands']): string {
  if (!operands) return '';
  const shape = operands.many ? `${operands.name}...` : operands.name;
  const second = operands.second
    ? ` ${operands.required ? '<' : '['}${operands.second.name}${operands.required ? '>' : ']'}`
    : '';
  return `${operands.required ? `<${shape}>` : `[${shape}]`}${second}`;
}

function addCommand(
  parser: Parser,
  world: CommandWorld,
  command: Command,
  run: (operands: string[], flags: Record<string, unknown>) => Promise<void>,
): void {
  const { operands } = command;
  const own = parser
    .command(command.name)
    .description(`${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`)
    .helpOption('-h, --help', 'print this help')
    .configureHelp({})
    // Counted in execute(): npm may be what put them there.
    .allowExcessArguments(true);
  tell(own, world, `airlock ${command.name} --help`);
  if (operands) own.argument(shapeOf({ ...operands, second: undefined }), operands.help);
  // The command asks for it: it knows what is to be typed.
  if (operands?.second) own.argument(`[${operands.second.name}]`, operands.second.help);
  for (const [name, flag] of Object.entries(command.flags)) own.addOption(optionOf(name, flag));
  if (command.examples.length > 0)
    own.addHelpText(
      'after',
      `\nExamples:\n${command.examples.map(([line, does]) => `  ${line}\n      ${does}`).join('\n')}`,
    );
  own.action(() => run(own.args, own.opts<Record<string, unknown>>()));
}

function optionOf(name: string, flag: Flag): Option {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  return new Option(`${short}--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`, flag.help);
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
  if (swallowed.warning !== undefined) world.printError(`warning: ${swallowed.warning}\n`);
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  const most = command.operands
    ? command.operands.many
      ? Number.POSITIVE_INFINITY
      : command.operands.second
        ? 2
        : 1
    : 0;
  if (operands.length > most) problems.push(tooMany(command, operands.slice(most)));
  for (const [name, flag] of Object.entries(command.flags)) {
    const value = given[camelCase(name)] ?? swallowed.flags[name];
    const parsed = z.safeParse(flag.schema, value);
    if (parsed.success) values[name] = parsed.data;
    else
      problems.push(`--${name}: ${parsed.error.issues.map((issue) => issueText(issue, value)).join('; ')}`);
  }
  if (problems.length > 0) {
    for (const problem of problems) world.printError(`error: ${problem}\n`);
    world.printError(`next: airlock ${command.name} --help\n`);
    return 2;
  }
  const { env } = values;
  if (typeof env !== 'string' || !/^[\w-]+$/.test(env))
    return command.run({ operands, flags: values }, world);
  return command.run(
    { operands, flags: values },
    {
      ...world,
      print: (text) => world.print(forEnvironment(text, env)),
      printError: (text) => world.printError(forEnvironment(text, env)),
    },
  );
}

function tooMany({ name, operands }: Command, rest: readonly string[]): string {
  const words = rest.map((word) => JSON.stringify(visibleLine(word))).join(' ');
  const takes = operands
    ? `one ${operands.name}${operands.second ? ` and one ${operands.second.name}` : ''}; put it in quotes where it has spaces`
    : 'no words';
  return `${words} is too much: airlock ${name} takes ${takes}.`;
}

function issueText(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code !== 'invalid_value') return issue.message;
  const near = typeof given === 'string' ? closest(given, issue.values.map(String)) : undefined;
  const words = `${JSON.stringify(visibleLine(String(given)))} is not one of ${issue.values.join(', ')}`;
  return near === undefined ? words : `${words}; did you mean ${near}?`;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
