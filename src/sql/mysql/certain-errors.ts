import type { Span } from '../source.ts';
import { token } from './lexer.ts';
import type { MysqlContext } from './tree.ts';

/**
 * What is wrong in every version of MySQL and MariaDB. node-sql-parser reads a part of the language only, so
 * that it stops somewhere is no proof of an error, and calling it one would turn valid migrations away.
 * Certain are: a quote, comment or parenthesis that is never closed, and a first word that starts no statement.
 */
export function certainError(context: MysqlContext): { message: string; span: Span } | undefined {
  const { text, lexemes } = context;
  const open: Span[] = [];
  for (const lexeme of lexemes) {
    if (!lexeme.closed)
      return { message: `this ${lexeme.kind.replace('-', ' ')} is never closed`, span: lexeme };
    const symbol = token(text, lexeme);
    if (symbol === '(') open.push(lexeme);
    else if (symbol === ')' && !open.pop())
      return { message: 'this parenthesis closes nothing', span: lexeme };
  }
  const unclosed = open.at(-1);
  if (unclosed) return { message: 'this parenthesis is never closed', span: unclosed };
  const [first] = lexemes;
  if (first?.kind !== 'word' || STARTERS.has(token(text, first)) || token(text, lexemes[1]) === ':')
    return undefined;
  return {
    message: `syntax error at or near "${text.slice(first.start, first.end)}": no statement starts so`,
    span: first,
  };
}

/**
 * First words of "SQL Statements" in the manuals of MySQL 9 and MariaDB 12, of statements inside routines
 * (a body that the splitter cut is no error of its author), and of the mysql client's own commands.
 */
const STARTERS = new Set(
  `ALTER ANALYZE BACKUP BEGIN BINLOG CACHE CALL CHANGE CHECK CHECKSUM CLONE COMMIT CREATE DEALLOCATE DELETE DESC DESCRIBE DO
   DROP EXECUTE EXPLAIN FLUSH GET GRANT HANDLER HELP IMPORT INSERT INSTALL KILL LOAD LOCK OPTIMIZE PREPARE PURGE RELEASE
   RENAME REPAIR REPLACE RESET RESIGNAL RESTART REVOKE ROLLBACK SAVEPOINT SELECT SET SHOW SHUTDOWN SIGNAL START STOP
   TABLE TRUNCATE UNINSTALL UNLOCK UPDATE USE VALUES WITH XA
   CASE CLOSE DECLARE ELSE ELSEIF END FETCH FOR IF ITERATE LEAVE LOOP OPEN REPEAT RETURN UNTIL WHEN WHILE
   CONNECT DELIMITER SOURCE STATUS SYSTEM TEE NOTEE WARNINGS NOWARNING CHARSET EXIT QUIT`.split(/\s+/),
);
