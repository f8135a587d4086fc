import type { Statement } from '../sql/statement.ts';
import type { Piece } from './base/piece.ts';
import type { CreatedExtension, Furnishing } from './database-shadow.ts';

/** What the configuration of the base branch says about shadow databases. */
export interface FurnishingSettings {
  /** Extensions that may be made beside those that are known to be harmless. */
  readonly allowedExtensions: readonly string[];
  readonly prepare?: readonly Piece[] | undefined;
}

/** What SQL names and does not make itself, and what an ordinary owner may not make: Airlock makes it beforehand. */
export function furnishingOf(
  pieces: readonly Pick<Piece, 'sql'>[],
  { allowedExtensions, prepare = [] }: FurnishingSettings,
): Furnishing {
  const named = new Set<string>();
  const created = new Set<string>();
  const extensions = new Map<string, CreatedExtension>();
  for (const { sql } of [...prepare, ...pieces])
    for (const statement of sql.statements.flatMap(withInner)) {
      for (const role of rolesIn(statement)) named.add(role);
      if (statement.kind === 'create-role') created.add(statement.role);
      if (statement.kind === 'create-extension' && !extensions.has(statement.extension))
        extensions.set(statement.extension, { name: statement.extension, schema: statement.schema });
    }
  return {
    roles: [...named].filter((role) => isName(role) && !created.has(role)),
    createdRoles: [...created].filter(isName),
    extensions: allowedExtensions.filter((name) => !extensions.has(name)),
    createdExtensions: [...extensions.values()],
    allowedExtensions,
    prepare,
  };
}

/** Names that stand for whoever is connected, or for everybody (sql-grant of the documentation). */
const NOBODY = new Set(['', 'none', 'public', 'current_user', 'session_user', 'current_role']);

function isName(role: string): boolean {
  return !NOBODY.has(role) && !role.startsWith('pg_');
}

/** Also what runs inside a DO block; a function's body runs when somebody calls it. */
function withInner(statement: Statement): Statement[] {
  const inside = statement.kind === 'do' ? statement.body.statements : (statement.inner ?? []);
  return [statement, ...inside.flatMap(withInner)];
}

function rolesIn(statement: Statement): readonly string[] {
  // What is to go need not have been there.
  if (statement.kind === 'drop') return [];
  const { roles = [] } = statement;
  if (statement.kind === 'set' && statement.name === 'role' && statement.value !== undefined)
    return [...roles, statement.value];
  if ((statement.kind === 'grant' || statement.kind === 'revoke') && statement.objectType === 'role')
    return [...roles, ...statement.privileges];
  return roles;
}
