import type { SectionRun } from '../../engine/run-section.ts';
import type { NotAnalysed, ParsedSql, Statement } from '../../sql/statement.ts';
import type { Given } from '../database-shadow.ts';
import type { Provable } from '../provable.ts';
import type { Piece } from './piece.ts';

/** A migration without the statements whose work Airlock has done, or that cannot be done in this shadow. */
export function furnished(provable: Provable, given: Given): Provable {
  const { checked, up, down } = provable;
  const left = leftOut(checked.up.sql, given);
  const leftOfDown = checked.down ? leftOut(checked.down.sql, given) : [];
  if (left.length === 0 && leftOfDown.length === 0) return provable;
  return {
    ...provable,
    up: without(up, left),
    ...(down ? { down: without(down, leftOfDown) } : {}),
    skipped: left,
    missingExtensions: given.missingExtensions
      .map(({ name }) => name)
      .filter((name) =>
        checked.up.sql.statements.some((each) => each.kind === 'create-extension' && each.extension === name),
      ),
  };
}

export function furnishedPiece(piece: Piece, given: Given): Piece {
  return { ...piece, run: without(piece.run, leftOut(piece.sql, given)) };
}

/** The first place that names each extension which cannot be had. */
export function missingExtensions(
  pieces: readonly Pick<Piece, 'file' | 'sql'>[],
  { missingExtensions: missing }: Given,
): { readonly file: string; readonly line: number; readonly reason: string }[] {
  return missing.map(({ name, reason }) => {
    const told = missingReason(name, reason);
    for (const { file, sql } of pieces)
      for (const statement of sql.statements)
        if (statement.kind === 'create-extension' && statement.extension === name)
          return { file: file.path, line: file.position(statement.span.start).line, reason: told };
    return { file: 'migration.config.yml', line: 1, reason: told };
  });
}

function without(run: SectionRun, left: readonly NotAnalysed[]): SectionRun {
  const gone = new Set(left.map(({ span }) => span.start));
  return { ...run, steps: run.steps.filter(({ span }) => !gone.has(span.start)) };
}

function leftOut({ statements }: ParsedSql, given: Given): NotAnalysed[] {
  return statements.flatMap((statement) => {
    const reason = reasonToLeaveOut(statement, given);
    return reason === undefined ? [] : [{ span: statement.span, reason }];
  });
}

function reasonToLeaveOut(statement: Statement, given: Given): string | undefined {
  if (changesRoles(statement)) {
    if ('superuser' in statement && statement.superuser) return `${ROLES}; a superuser is never made`;
    return given.ownerMakesRoles ? undefined : ROLES;
  }
  switch (statement.kind) {
    case 'create-extension':
    case 'alter-extension':
      return extensionReason([statement.extension], given);
    case 'comment':
      return statement.objectType === 'extension'
        ? extensionReason([statement.object.name], given)
        : undefined;
    case 'drop':
      if (statement.objectType !== 'extension') return undefined;
      return extensionReason(
        statement.objects.map(({ name }) => name),
        given,
      );
    case 'create-schema':
      return given.schemas.includes(statement.schema)
        ? 'not run: Airlock made this schema beforehand, for an extension'
        : undefined;
    default:
      return undefined;
  }
}

/** By the parser's name: ALTER ROLE … SET has no facts of its own. */
const SETS_FOR_ROLE = 'AlterRoleSetStmt';

function changesRoles(statement: Statement): boolean {
  const { kind, node } = statement;
  if (kind === 'create-role' || kind === 'alter-role' || node === SETS_FOR_ROLE) return true;
  return (kind === 'drop' || kind === 'rename' || kind === 'comment') && statement.objectType === 'role';
}

const ROLES =
  'not run: the shadow database is run as an ordinary owner, who makes and changes no roles; Airlock made those that are named';

/** Only where all of them are not the change's: DROP EXTENSION names several. */
function extensionReason(names: readonly string[], given: Given): string | undefined {
  const reasons = names.map((name) => {
    const missing = given.missingExtensions.find((each) => each.name === name);
    if (missing) return missingReason(name, missing.reason);
    return given.extensions.includes(name)
      ? `not run: only a superuser may create the extension ${name}, so Airlock made it beforehand`
      : undefined;
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function missingReason(name: string, reason: string): string {
  return `the extension ${name} cannot be had in the shadow database: ${reason}; what needs it is not proven`;
}
