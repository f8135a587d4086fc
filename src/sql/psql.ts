import type { Span } from './source.ts';
import type { NotAnalysed } from './statement.ts';

/** A command of psql: a backslash outside of quotes and what follows it on its line (app-psql, "Meta-Commands"). */
export interface PsqlCommand extends Span {
  /** Without the backslash. */
  readonly name: string;
  readonly argument: string;
}

const NAME = /\\([^\s\\]*|\\)/y;

export function psqlCommandAt(text: string, at: number, limit: number): PsqlCommand {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[1] ?? '';
  if (name.startsWith(';')) return { start: at, end: at + 2, name: ';', argument: '' };
  let end = text.indexOf('\n', at);
  if (end === -1 || end > limit) end = limit;
  if (text[end - 1] === '\r') end--;
  return { start: at, end, name, argument: text.slice(at + 1 + name.length, end).trim() };
}

const SENDS = /\\(?:g|gx|gexec|gset|gdesc|crosstabview|watch|;)(?![\w])/;

/** Whether it ends the statement before it, as a semicolon does. */
export function sendsStatement(text: string, command: PsqlCommand): boolean {
  return SENDS.test(text.slice(command.start, command.end));
}

/** `\set name value` where the value is a plain word or a quoted one. */
export function variableOf({
  name,
  argument,
}: PsqlCommand): { readonly name: string; readonly value: string } | undefined {
  if (name !== 'set') return undefined;
  const [, variable, quoted, word] = /^(\w+)\s+(?:'([^'\\]*)'|([^\s'"`:\\]+))$/.exec(argument) ?? [];
  const value = quoted ?? word;
  return variable === undefined || value === undefined ? undefined : { name: variable, value };
}

export function readsDataBelow({ name, argument }: PsqlCommand): boolean {
  return name === 'copy' && /\bfrom\s+p?stdin\b/i.test(argument);
}

/**
 * The lines of data that follow `COPY … FROM stdin;`, with the `\.` that ends them. Undefined without that
 * mark: then what follows may be SQL after all.
 */
export function copyData(text: string, after: number, limit: number): Span | undefined {
  const lineEnd = text.indexOf('\n', after);
  if (lineEnd === -1 || lineEnd >= limit) return undefined;
  const start = lineEnd + 1;
  for (let at = text.indexOf('\\.', start); at !== -1 && at < limit; at = text.indexOf('\\.', at + 2)) {
    const end = at + 2;
    const next = text[end];
    if (text[at - 1] === '\n' && (end >= limit || next === '\n' || next === '\r')) return { start, end };
  }
  return undefined;
}

const CONDITIONS: ReadonlySet<string> = new Set(['if', 'elif', 'else', 'endif']);
const INCLUDES: ReadonlySet<string> = new Set(['i', 'ir', 'include', 'include_relative']);

/** Collects what psql commands leave unsaid: one entry for those that stand together, one for each \if. */
export function psqlNotes(): {
  readonly command: (command: PsqlCommand) => void;
  readonly interrupted: () => void;
  readonly finish: (end: number) => NotAnalysed[];
} {
  const notes: NotAnalysed[] = [];
  let run: { start: number; end: number; names: string[] } | undefined;
  const conditions: number[] = [];
  const interrupted = (): void => {
    if (run)
      notes.push({ span: { start: run.start, end: run.end }, reason: reasonFor([...new Set(run.names)]) });
    run = undefined;
  };
  const conditional = (start: number, end: number): void => {
    notes.push({
      span: { start, end },
      reason: 'psql decides at \\if what of this runs; it is read as if all of it did',
    });
  };
  return {
    command({ name, argument, start, end }) {
      if (name === 'if') conditions.push(start);
      else if (name === 'endif') {
        const opened = conditions.pop();
        if (opened !== undefined && conditions.length === 0) conditional(opened, end);
      }
      if (CONDITIONS.has(name)) return;
      // Several commands may stand on one line: `\bind 1 \g`.
      const names = [name, ...[...argument.matchAll(/(?<=\s)\\([a-z]+)/g)].map((found) => found[1] ?? '')];
      if (run) {
        run.end = end;
        run.names.push(...names);
      } else run = { start, end, names };
    },
    interrupted,
    finish(end) {
      interrupted();
      const [opened] = conditions;
      if (opened !== undefined) conditional(opened, end);
      return notes;
    },
  };
}

function reasonFor(names: readonly string[]): string {
  const shown = names.slice(0, 4).map((name) => `\\${name}`);
  const list =
    names.length > 4
      ? `${shown.join(', ')} and others`
      : shown.length > 1
        ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
        : (shown[0] ?? '\\');
  const what =
    names.length > 1
      ? `${list} are commands of psql, not SQL: only psql runs them`
      : `${list} is a command of psql, not SQL: only psql runs it`;
  const include = names.find((name) => INCLUDES.has(name));
  return [
    what,
    ...(include === undefined ? [] : [`what \\${include} reads is not analysed`]),
    ...(names.includes('gexec') ? ['the SQL that the query before \\gexec returns is not known'] : []),
  ].join('; ');
}
