import type { Section } from '../migration/migration.ts';
import { loadPostgresParser, parsePostgres } from '../sql/postgres/parser.ts';
import { readable } from '../sql/readable.ts';
import type { Span } from '../sql/source.ts';
import type { ParsedSql } from '../sql/statement.ts';
import type { ValidationSettings } from './settings.ts';

type Parse = (text: string, start: number, end: number) => ParsedSql;

let mysql: Parse | undefined;

/** Loads the parser of a dialect, anew where it failed before; await it before the `parseSection`s of a migration. */
export async function prepareParser(dialect: ValidationSettings['dialect']): Promise<void> {
  if (dialect === 'postgres') await loadPostgresParser();
  else if (!mysql) {
    const { loadMysqlParser, parseMysql } = await import('../sql/mysql/parser.ts');
    await loadMysqlParser();
    mysql = parseMysql;
  }
}

type ParseSettings = Pick<ValidationSettings, 'dialect' | 'placeholders'>;

/** Sections that are about to run, each with what it was parsed with: the rules look at the same facts. */
const kept = new WeakMap<Section, { readonly settings: string; readonly sql: ParsedSql }>();

/** As `parseSection`; who asks for the same section later gets the same facts. */
export function parseAndKeep(section: Section, settings: ParseSettings): ParsedSql {
  const sql = parseSection(section, settings);
  kept.set(section, { settings: written(settings), sql });
  return sql;
}

function written({ dialect, placeholders }: ParseSettings): string {
  return JSON.stringify([dialect, placeholders]);
}

/** Facts of all pieces of a section, in order, as if placeholders held their values. */
export function parseSection(section: Section, settings: ParseSettings): ParsedSql {
  const before = kept.get(section);
  if (before?.settings === written(settings)) return before.sql;
  const { file, pieces } = section;
  if (settings.dialect === 'postgres') {
    const read = readable(file.text, pieces, settings.placeholders);
    return withoutTemplates(read.facts(parsePieces(parsePostgres, read.text, read.pieces)), file.text);
  }
  if (!mysql) throw new Error('prepareParser() must be awaited before parsing.');
  return parsePieces(mysql, file.text, pieces);
}

/** A template inside a quoted identifier, "{{ … "x" … }}", whose own quotes end the identifier: no mistake in the SQL. */
function withoutTemplates(parsed: ParsedSql, text: string): ParsedSql {
  if (parsed.errors.length === 0 || !text.includes('{{')) return parsed;
  const inTemplate = ({ span }: ParsedSql['errors'][number]): boolean => {
    const open = text.lastIndexOf('{{', span.start);
    return open !== -1 && text.indexOf('}}', open) >= span.start;
  };
  const notes = parsed.errors.filter(inTemplate).map(({ statement }) => ({
    span: statement,
    reason: 'a template makes this statement; as it stands here it is no SQL',
  }));
  return notes.length === 0
    ? parsed
    : {
        statements: parsed.statements,
        errors: parsed.errors.filter((error) => !inTemplate(error)),
        notAnalysed: [...parsed.notAnalysed, ...notes].sort((a, b) => a.span.start - b.span.start),
      };
}

function parsePieces(parse: Parse, text: string, pieces: readonly Span[]): ParsedSql {
  const parts = pieces.map(({ start, end }) => parse(text, start, end));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return {
    statements: parts.flatMap((part) => part.statements),
    errors: parts.flatMap((part) => part.errors),
    notAnalysed: parts.flatMap((part) => part.notAnalysed),
  };
}
