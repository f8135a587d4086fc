import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';
import { statementsOf } from './shared/section-memo.ts';

export const rule = defineRule({
  id: 'security-definer-search-path',
  title: 'SECURITY DEFINER without a search_path of its own',
  severity: 'error',
  why: 'A SECURITY DEFINER function runs with its owner’s privileges but looks names up along the caller’s search_path. Whoever may create a table, function or operator in a schema of that path, or a temporary table, has the function use theirs with the owner’s privileges.',
  safeAlternative:
    'Add SET search_path = pg_catalog, <your schema>, pg_temp to the function, with only schemas that nobody else may create objects in.',
  sections: ['up'],
  reference: 'sql-createfunction',
  knownAs: {
    migrationpilot: ['MP099'],
    'eslint-plugin-postgresql': ['no-security-definer-without-search-path'],
  },
  migration: ({ migration, text }) => {
    const problems: PlacedProblem[] = [];
    const open = new Map<string, PlacedProblem>();
    for (const { statement, nested } of statementsOf(migration.up)) {
      if (statement.kind === 'create-function') {
        const pinned = statement.settings.some(({ name }) => name === 'search_path');
        // The server keeps a BEGIN ATOMIC body parsed; it has no text that could be read as statements.
        if (!statement.securityDefiner || pinned || (statement.language === 'sql' && !statement.body))
          open.delete(statement.routine.name);
        else
          open.set(statement.routine.name, {
            migration,
            section: 'up',
            span: statement.span,
            message: `${quoted(statement.routine)} runs with its owner’s privileges and finds its tables and functions along the caller’s search_path.`,
          });
      } else if (
        open.size > 0 &&
        !nested &&
        (statement.node === 'AlterFunctionStmt' || statement.node === 'AlterRoutineStmt')
      ) {
        const words = text.slice(statement.span.start, statement.span.end);
        if (/\bset\s+search_path\b|\bsecurity\s+invoker\b/i.test(words))
          for (const name of open.keys()) if (words.includes(name)) open.delete(name);
      }
    }
    problems.push(...open.values());
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: "CREATE FUNCTION is_admin(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT name = 'root' $$;",
    },
    {
      sql: 'CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;',
    },
  ],
  good: [
    {
      sql: "CREATE FUNCTION is_admin(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT name = 'root' $$;",
    },
    {
      sql: "CREATE FUNCTION is_admin(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT name = 'root' $$;\nALTER FUNCTION is_admin(text) SET search_path = pg_catalog, pg_temp;",
    },
    {
      sql: "CREATE FUNCTION is_admin(name text) RETURNS boolean LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT name = 'root'; END;",
      note: 'The names in a BEGIN ATOMIC body are looked up once, when the function is made.',
    },
    {
      sql: "CREATE FUNCTION is_admin(name text) RETURNS boolean LANGUAGE sql AS $$ SELECT name = 'root' $$;",
    },
  ],
};
