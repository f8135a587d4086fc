import { describe, expect, it } from 'vitest';
import type { RuleExample } from '../../src/rules/rule.ts';
import { checkExample } from './check-example.ts';

const TABLE = 'CREATE TABLE orders (id bigint PRIMARY KEY);';
const NOTE = 'ALTER TABLE orders ADD COLUMN note text;';

function golang(files: Record<string, string>, merged: readonly string[]): RuleExample {
  return { sql: '', folder: { layout: 'golang-migrate', files, merged } };
}

async function findings(rule: string, example: RuleExample): Promise<string[]> {
  return (await checkExample(rule, example)).map((each) => `${each.severity} ${each.file.path}`);
}

describe('missing-down', () => {
  it('asks for a down where the folder has downs', async () => {
    const example = golang(
      { '1_a.up.sql': TABLE, '1_a.down.sql': 'DROP TABLE orders;', '2_b.up.sql': NOTE },
      ['1_a.up.sql', '1_a.down.sql'],
    );
    expect(await findings('missing-down', example)).toEqual(['warning migrations/2_b.up.sql']);
  });

  it('asks for none where nobody in the folder writes downs', async () => {
    expect(
      await findings('missing-down', golang({ '1_a.up.sql': TABLE, '2_b.up.sql': NOTE }, ['1_a.up.sql'])),
    ).toEqual([]);
  });

  it('still warns there of what is lost', async () => {
    const example = golang({ '1_a.up.sql': TABLE, '2_b.up.sql': 'DROP TABLE orders;' }, ['1_a.up.sql']);
    expect(await findings('missing-down', example)).toEqual(['warning migrations/2_b.up.sql']);
  });

  it('calls loss without a down an error where downs are written', async () => {
    const example = golang(
      { '1_a.up.sql': TABLE, '1_a.down.sql': 'DROP TABLE orders;', '2_b.up.sql': 'TRUNCATE orders;' },
      ['1_a.up.sql', '1_a.down.sql'],
    );
    expect(await findings('missing-down', example)).toEqual(['error migrations/2_b.up.sql']);
  });
});

describe('non-linear-history', () => {
  const removed = (path: string): RuleExample => ({
    sql: '',
    folder: {
      layout: 'golang-migrate',
      files: { '2_b.up.sql': TABLE },
      merged: ['2_b.up.sql'],
      removed: [path],
    },
  });

  it('says that a merged up is gone, at a migration that is there', async () => {
    expect(await findings('non-linear-history', removed('1_a.up.sql'))).toEqual([
      'error migrations/2_b.up.sql',
    ]);
  });

  it.each(['1_a.down.sql', 'seed.sql', 'README.md', 'R__views.sql'])(
    'does not mind that %s is gone',
    async (path) => {
      expect(await findings('non-linear-history', removed(path))).toEqual([]);
    },
  );

  it('does not mind several new migrations behind the last merged one', async () => {
    expect(
      await findings(
        'non-linear-history',
        golang({ '1_a.up.sql': TABLE, '2_b.up.sql': NOTE, '10_c.up.sql': 'SELECT 1;' }, ['1_a.up.sql']),
      ),
    ).toEqual([]);
  });
});

describe('merged-migration-edited', () => {
  it('informs about a down of its own that was edited', async () => {
    const example: RuleExample = {
      sql: '',
      folder: {
        layout: 'golang-migrate',
        files: { '1_a.up.sql': TABLE, '1_a.down.sql': 'DROP TABLE orders;' },
        merged: ['1_a.up.sql', '1_a.down.sql'],
        edited: ['1_a.down.sql'],
      },
    };
    expect(await findings('merged-migration-edited', example)).toEqual(['info migrations/1_a.down.sql']);
  });
});

describe('identifier-naming', () => {
  it('says that an option is no regular expression instead of failing', async () => {
    const raised = await checkExample('identifier-naming', { sql: TABLE, options: { tables: '(' } });
    expect(raised.map(({ message }) => message).join()).toContain(
      'The option "tables" of this rule is no regular expression',
    );
  });

  it('takes patterns from its options', async () => {
    const raised = await checkExample('identifier-naming', { sql: TABLE, options: { tables: '^shop_' } });
    expect(raised.map(({ message }) => message)).toEqual([
      'The name of table "orders" does not follow the convention.',
    ]);
  });

  it('leaves a repository alone whose indexes are named otherwise', async () => {
    const history = ['a', 'b', 'c'].map(
      (name) => `CREATE TABLE ${name} (x int);\nCREATE INDEX ${name}_x ON ${name} (x);`,
    );
    expect(
      await checkExample('identifier-naming', {
        history,
        sql: 'CREATE TABLE d (x int);\nCREATE INDEX d_x ON d (x);',
      }),
    ).toEqual([]);
  });
});

describe('volatile-check-constraint', () => {
  it('warns, and no more, of a CHECK that a stored row keeps', async () => {
    const raised = await checkExample('volatile-check-constraint', {
      sql: 'CREATE TABLE a (made timestamptz CHECK (made <= now()));',
    });
    expect(raised.map(({ severity }) => severity)).toEqual(['warning']);
  });
});
