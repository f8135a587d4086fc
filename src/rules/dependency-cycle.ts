import { resolveDependencies } from '../migration/dependencies.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { metadataPlace } from './shared/metadata-place.ts';

export const rule = defineRule({
  id: 'dependency-cycle',
  title: 'Migrations that depend on each other in a circle',
  severity: 'error',
  why: 'Each migration of the circle waits for the next one, so none of them can be the first to run, and none ever is.',
  safeAlternative: 'Take one of the dependencies out, or join the migrations into one.',
  sections: ['up'],
  dialects: ['postgres', 'mysql'],
  change: ({ all, changed }) => {
    const problems: PlacedProblem[] = [];
    const byId = new Map(changed.map((checked) => [checked.migration.id, checked]));
    for (const cycle of resolveDependencies(all.map((checked) => checked.migration)).cycles) {
      const at = cycle.findIndex((id) => byId.has(id));
      const migration = byId.get(cycle[at] ?? '');
      if (!migration) continue;
      const message =
        cycle.length === 2
          ? 'This migration depends on itself, so that it can never run.'
          : `These migrations wait for each other: ${cycle.join(' → ')}.`;
      problems.push({
        migration,
        section: 'up',
        span: metadataPlace(migration.migration, cycle[at + 1] ?? ''),
        message,
      });
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      sql: 'CREATE TABLE users (id bigint PRIMARY KEY);',
      metadata: { dependencies: ['100'] },
      note: 'The migration has the id 100: it depends on itself.',
    },
    {
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      folder: {
        layout: 'airlock',
        files: {
          '001_users.sql': dependent('002', 'CREATE TABLE users (id bigint PRIMARY KEY);'),
          '002_orders.sql': dependent('001', 'CREATE TABLE orders (id bigint PRIMARY KEY);'),
        },
      },
      note: 'Migrations 001 and 002 name each other.',
    },
  ],
  good: [
    {
      history: ['CREATE TABLE users (id bigint PRIMARY KEY);'],
      sql: 'CREATE TABLE orders (id bigint PRIMARY KEY);',
      metadata: { dependencies: ['001'] },
    },
  ],
};

function dependent(on: string, up: string): string {
  const metadata = {
    author: 'ada',
    description: 'example',
    breakingChange: false,
    estimatedDuration: 100,
    dataVolume: 'small',
    risk: 'low',
    tags: [],
    dependencies: [on],
  };
  return `-- @metadata ${JSON.stringify(metadata)}\n-- UP\n${up}\n-- DOWN\nSELECT 1;`;
}
