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

/** Facts of all pieces of a section, in order, as if placeholders held their values. */
export function parseSection(
  section: Section,
  settings: Pick<ValidationSettings, 'dialect' | 'placeholders'>,
): ParsedSql {
  const { file, pieces } = section;
  if (settings.dialect === 'postgres') {
    const read = readable(file.text, pieces, settings.placeholders);
    return read.facts(parsePieces(parsePostgres, read.text, read.pieces));
  }
  if (!mysql) throw new Error('prepareParser() must be awaited before parsing.');
  return parsePieces(mysql, file.text, pieces);
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
