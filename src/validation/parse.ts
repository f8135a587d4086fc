import type { Section } from '../migration/migration.ts';
import { loadPostgresParser, parsePostgres } from '../sql/postgres/parser.ts';
import type { ParsedSql } from '../sql/statement.ts';
import type { ValidationSettings } from './settings.ts';

type Parse = (text: string, start: number, end: number) => ParsedSql;

let mysql: Parse | undefined;

/** Loads the parser of a dialect; await it once before `parseSection`. */
export async function prepareParser(dialect: ValidationSettings['dialect']): Promise<void> {
  if (dialect === 'postgres') await loadPostgresParser();
  else if (!mysql) {
    const { loadMysqlParser, parseMysql } = await import('../sql/mysql/parser.ts');
    await loadMysqlParser();
    mysql = parseMysql;
  }
}

/** Facts of all pieces of a section, in order. */
export function parseSection(
  section: Section,
  settings: Pick<ValidationSettings, 'dialect' | 'placeholders'>,
): ParsedSql {
  const parse = settings.dialect === 'postgres' ? parsePostgres : mysql;
  if (!parse) throw new Error('prepareParser() must be awaited before parsing.');
  const parts = section.pieces.map(({ start, end }) => parse(section.file.text, start, end));
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return {
    statements: parts.flatMap((part) => part.statements),
    errors: parts.flatMap((part) => part.errors),
    notAnalysed: parts.flatMap((part) => part.notAnalysed),
  };
}
