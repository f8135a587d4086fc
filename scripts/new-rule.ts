import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeRegistry } from './generate-registry.ts';

const id = process.argv[2];
if (id === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  console.error(
    'Type: npm run new-rule -- <id>, where the id is lower-case words joined by hyphens, e.g. add-column-default.',
  );
  process.exit(2);
}
const path = fileURLToPath(new URL(`../src/rules/${id}.ts`, import.meta.url));
if (existsSync(path)) {
  console.error(`src/rules/${id}.ts exists already.`);
  process.exit(2);
}
writeFileSync(
  path,
  `import { defineRule, type RuleExamples } from './rule.ts';
import { quoted } from './shared/names.ts';

export const rule = defineRule({
  id: '${id}',
  title: '',
  severity: 'warning',
  why: '',
  safeAlternative: '',
  statements: {
    *'alter-table'(statement, context) {
      if (context.isNew(statement.table)) return;
      yield { message: \`What happens to \${quoted(statement.table)}.\` };
    },
  },
});

export const examples: RuleExamples = {
  bad: [{ history: ['CREATE TABLE orders (id bigint PRIMARY KEY);'], sql: 'ALTER TABLE orders SET SCHEMA archive;' }],
  good: [{ sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);' }],
};
`,
);
writeRegistry();
console.log(
  `created src/rules/${id}.ts\nnext: fill it in, then RULE=${id} npx vitest run test/rules/examples.test.ts && npm run docs`,
);
