import type { Rule } from '../rules/rule.ts';
import { lex } from '../sql/lexer.ts';
import type { SourceFile, Span } from '../sql/source.ts';

/** One ignore comment for one rule. */
export interface Suppression {
  readonly file: SourceFile;
  /** Of the comment. */
  readonly span: Span;
  /** As written: our rule id, or another linter's. */
  readonly written: string;
  /** Our rule ids that it stands for; empty when no rule has that name. */
  readonly ruleIds: readonly string[];
  readonly scope: 'statement' | 'file';
  readonly reason: string;
  /** Written for another linter: needs no reason, and may name rules that we do not have. */
  readonly foreign?: string | undefined;
  used: number;
}

interface Style {
  readonly tool: string;
  readonly pattern: RegExp;
  /** Names of one match. */
  readonly names: (list: string) => string[];
}

const byComma = (list: string): string[] => list.split(/[\s,]+/).filter(Boolean);

/**
 * How other linters write it: squawk `-- squawk-ignore a, b` and `-- squawk-ignore-file a`; eugene
 * `-- eugene: ignore E1, E2`; Postgres language server `-- pgls-ignore lint/safety/ruleName: reason` (formerly
 * `pgt-ignore`); pgfence, migrationpilot and atlas `-- <tool>-disable rule` and `-- atlas:nolint A B`.
 */
const STYLES: readonly Style[] = [
  { tool: 'squawk', pattern: /^(?:--|\/\*)\s*squawk-ignore(-file)?\s*:?\s*([^*]*)/, names: byComma },
  { tool: 'eugene', pattern: /^(?:--|\/\*)\s*eugene:\s*ignore()\s+([^*]*)/, names: byComma },
  {
    tool: 'pgls',
    pattern: /^(?:--|\/\*)\s*(?:pgls|pgt|pglt)-ignore(-all)?\s+([^*:]*)/,
    names: (list) => byComma(list).map((name) => name.split('/').at(-1) ?? name),
  },
  { tool: 'pgfence', pattern: /^(?:--|\/\*)\s*pgfence-ignore()\s*:?\s*([^*]*)/, names: byComma },
  {
    tool: 'migrationpilot',
    pattern: /^(?:--|\/\*)\s*migrationpilot-disable(-file)?\s+([^*]*)/,
    names: byComma,
  },
  { tool: 'atlas', pattern: /^(?:--|\/\*)\s*atlas:nolint()\s*([^*]*)/, names: byComma },
];

const OURS = /^--\s*@ignore(-file)?\b\s*(\S*)\s*(.*)$/s;

/** Every ignore comment of a file. Comments only: what stands in a string or a body ignores nothing. */
export function findSuppressions(
  file: SourceFile,
  rules: ReadonlyMap<string, Rule>,
  /** Asked for only where a comment of another linter stands. */
  aliases: () => Aliases,
): Suppression[] {
  const found: Suppression[] = [];
  if (!/ignore|nolint|disable/.test(file.text)) return found;
  for (const lexeme of lex(file.text)) {
    if (lexeme.kind !== 'line-comment' && lexeme.kind !== 'block-comment') continue;
    const comment = file.text.slice(lexeme.start, lexeme.end);
    const span = { start: lexeme.start, end: lexeme.end };
    const own = OURS.exec(comment);
    if (own) {
      const [, wholeFile, id = '', reason = ''] = own;
      found.push({
        file,
        span,
        written: id,
        ruleIds: rules.has(id) ? [id] : [],
        scope: wholeFile ? 'file' : 'statement',
        reason: reason.trim(),
        used: 0,
      });
      continue;
    }
    for (const style of STYLES) {
      const [, wholeFile, list] = style.pattern.exec(comment) ?? [];
      if (list === undefined) continue;
      for (const name of style.names(list)) {
        const ruleIds = aliases().get(`${style.tool}:${name}`) ?? [];
        found.push({
          file,
          span,
          written: name,
          ruleIds,
          scope: wholeFile ? 'file' : 'statement',
          reason: '',
          foreign: style.tool,
          used: 0,
        });
      }
    }
  }
  return found;
}

/** `tool:name` to our rule ids, from every rule's `knownAs`. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

export function aliasesOf(rules: Iterable<Rule>): Aliases {
  const aliases = new Map<string, string[]>();
  for (const rule of rules) {
    for (const [tool, names] of Object.entries(rule.knownAs ?? {})) {
      for (const name of names)
        aliases.set(`${tool}:${name}`, [...(aliases.get(`${tool}:${name}`) ?? []), rule.id]);
    }
  }
  return aliases;
}
