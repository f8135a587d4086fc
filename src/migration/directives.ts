import { milliseconds } from '../sql/session.ts';
import type { SourceFile, Span } from '../sql/source.ts';
import { closest } from './did-you-mean.ts';
import { lineComments } from './line-comments.ts';
import type { ReadingProblem } from './migration.ts';

/** A comment of the form `-- @name rest`, outside strings and dollar quotes. */
export interface Directive {
  /** no-transaction, ignore, ignore-file, statement-timeout … without the `@`. */
  readonly name: string;
  /** What follows the name on the line, trimmed. */
  readonly argument: string;
  readonly span: Span;
}

const KNOWN_DIRECTIVES: readonly string[] = ['no-transaction', 'ignore', 'ignore-file', 'statement-timeout'];

const DIRECTIVE = /^--\s*@([A-Za-z][\w-]*)\s*(.*)$/s;
/** Texts without this cannot hold a directive: most are spared the lexer. */
export const DIRECTIVE_HINT: RegExp = /--[^\S\n]*@[A-Za-z]/;

/** Every directive in a part of a text. `@metadata` opens a block of its own and is left to the airlock layout. */
export function findDirectives(text: string, start = 0, end = text.length): Directive[] {
  if (!DIRECTIVE_HINT.test(text)) return [];
  return directivesAmong(text, lineComments(text, start, end));
}

/** The same, from comments that were found before. */
export function directivesAmong(text: string, comments: readonly Span[]): Directive[] {
  const found: Directive[] = [];
  for (const span of comments) {
    const [, name, argument] = DIRECTIVE.exec(text.slice(span.start, span.end)) ?? [];
    if (name === undefined || argument === undefined || name === 'metadata') continue;
    found.push({ name, argument: argument.trim(), span });
  }
  return found;
}

/**
 * Directives that Airlock does not know, or whose argument it does not understand: neither has an effect. In its own format every one is reported; in foreign files, where people
 * write `-- @author`, only a word that is nearly one of ours.
 */
export function wrongDirectives(
  file: SourceFile,
  directives: readonly Directive[],
  scope: 'own' | 'foreign',
): ReadingProblem[] {
  const problems: ReadingProblem[] = [];
  for (const { name, argument, span } of directives) {
    if (name === 'statement-timeout' && milliseconds(argument) === undefined)
      problems.push({
        ruleId: 'unknown-directive',
        file,
        span,
        message: 'No time that PostgreSQL knows follows @statement-timeout, so it has no effect',
        fix: 'Write for example -- @statement-timeout 5min; the units are us, ms, s, min, h and d.',
      });
    if (KNOWN_DIRECTIVES.includes(name)) continue;
    const meant = closest(name, ['metadata', ...KNOWN_DIRECTIVES]) ?? resembled(name);
    if (scope === 'foreign' && (meant === undefined || meant === 'metadata')) continue;
    problems.push({
      ruleId: 'unknown-directive',
      file,
      span,
      message: `Airlock knows no directive @${shorten(name)}${meant === undefined ? '' : `. Did you mean @${meant}?`}`,
      fix:
        meant === undefined
          ? `Remove the @, or write one of ${KNOWN_DIRECTIVES.map((known) => `@${known}`).join(', ')}.`
          : `Write @${meant}.`,
    });
  }
  return problems;
}

/** Spellings that are further away than a slip, and still leave no doubt. */
function resembled(name: string): string | undefined {
  const letters = name.toLowerCase().replace(/[^a-z]/g, '');
  if (/^(?:no|non|disable|without)(?:tx|txn|trans|transaction|transactional)$/.test(letters))
    return 'no-transaction';
  if (/^(?:airlock)?ignore(?:next|line|nextline|rule)?$/.test(letters)) return 'ignore';
  return undefined;
}

function shorten(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
