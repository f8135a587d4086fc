import type { AlterTableAction, StatementOf } from '../../sql/statement.ts';
import type { Fix, StatementContext } from '../rule.ts';
import { fileWords } from './moves.ts';
import { identifier, qualified } from './names.ts';

/** Adds the constraint NOT VALID and validates it in a migration of its own. Needs the constraint's name. */
export function notValidFix(
  action: Extract<AlterTableAction, { readonly action: 'add-constraint' }>,
  statement: StatementOf<'alter-table'>,
  context: StatementContext,
): Fix | undefined {
  const { name } = action.constraint;
  // The name of an unnamed constraint is the server's to choose; inside a DO block there is no place to edit.
  if (name === undefined || context.nested || context.section.name !== 'up') return undefined;
  return {
    title: 'Add it NOT VALID and validate it in a migration of its own',
    edits: [{ start: action.span.end, end: action.span.end, text: ' NOT VALID' }],
    newMigrations: [
      {
        name: fileWords('validate', name),
        up: `ALTER TABLE ${qualified(statement.table)} VALIDATE CONSTRAINT ${identifier(name)};`,
        noTransaction: false,
      },
    ],
  };
}
