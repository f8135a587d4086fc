import { visibleLine } from '../report/visible.ts';
import type { Command } from './command.ts';

export type Swallowed =
  | {
      readonly ok: true;
      readonly flags: Readonly<Record<string, string | boolean>>;
      readonly warning?: string | undefined;
    }
  | { readonly ok: false; readonly message: string };

/**
 * Flags that npm has, too, and that people and build servers set for good (`force=true` in .npmrc): from there they are
 * nobody's consent. Without them less is done.
 */
const CONSENT: ReadonlySet<string> = new Set(['force', 'yes']);

/**
 * `npm run migrate:validate --fix` gives the flag to npm, not to Airlock: npm turns it into the variable
 * npm_config_fix, and of `--changed-since main` it keeps `true` and passes `main` on as a plain word. Flags
 * that arrive whole are understood; those that do not are refused with the line to type, because
 * running without them would be something else than what was asked for.
 */
export function swallowedFlags(
  command: Command,
  operands: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Swallowed {
  const script = env['npm_lifecycle_event'];
  if (script === undefined || (env['npm_command'] !== 'run' && env['npm_command'] !== 'run-script'))
    return { ok: true, flags: {} };
  const flags: Record<string, string | boolean> = {};
  const lost: string[] = [];
  const ignored: string[] = [];
  for (const [name, flag] of Object.entries(command.flags)) {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (value === undefined || value === '' || value === 'false') continue;
    if (CONSENT.has(name)) {
      ignored.push(`--${name}`);
      continue;
    }
    // In brackets: it may stand without a value.
    if (flag.value === undefined || (value === 'true' && flag.value.startsWith('['))) flags[name] = true;
    else if (value === 'true') lost.push(name);
    else flags[name] = value;
  }
  // npm reads --format as its own --format-package-lock and drops it without a trace; its value stays behind.
  const word = operands.find((operand) => ['text', 'json', 'markdown', 'sarif', 'github'].includes(operand));
  if (word !== undefined && 'format' in command.flags && flags['format'] === undefined) lost.push('format');
  const [first] = lost;
  if (first === undefined) {
    const kept = ignored.join(' ');
    const warning =
      ignored.length === 0
        ? undefined
        : `${kept} of npm does not count for Airlock. Where it is meant: npm run ${script} -- ${kept}`;
    return { ok: true, flags, warning };
  }
  // What each plain word was meant for is known only where there is one of both.
  const [plain, ...more] = operands;
  const clear = lost.length === 1 && plain !== undefined && more.length === 0 && !command.operands?.required;
  const line = clear
    ? `--${first} ${visibleLine(plain)}`
    : lost.map((name) => `--${name} ${command.flags[name]?.value ?? '<value>'}`).join(' ');
  const names = lost.map((name) => `--${name}`).join(' and ');
  const own = command.operands?.required ? `<${command.operands.name}> ` : '';
  return {
    ok: false,
    message: `npm kept ${names} for itself and passed the value on as a plain word, so Airlock cannot tell what was meant.\nnext: npm run ${script} -- ${own}${line}`,
  };
}
