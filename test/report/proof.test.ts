import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { COMMENT_LIMIT, renderMarkdown } from '../../src/report/markdown.ts';
import type { Proof } from '../../src/report/proof-result.ts';
import { entriesOf } from '../../src/report/proof-table.ts';
import { verdictOf } from '../../src/report/proof-verdict.ts';
import { linesOf } from '../../src/report/proof-words.ts';
import { createRedactor, redactResult } from '../../src/report/redact.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { hostile } from './hostile.ts';
import { differing, failing, failingOnRows, lock, proof, ran } from './proof-sample.ts';
import { clean, findingAbout } from './sample.ts';

function html(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

function comment(proofs: Proof[], rest: Parameters<typeof clean>[0] = {}, maxLength?: number): string {
  return renderMarkdown(clean({ proofs, ...rest }), {
    maxLength,
    link: (file, line) => `https://github.example/blob/abc/${file}#L${line}`,
  });
}

function rowsOf(one: Proof): string[] {
  return entriesOf(one).map((entry) =>
    entry.kind === 'folded' ? entry.text : Object.values(entry.cells).join(' | '),
  );
}

function saying(one: Proof): string[] {
  return linesOf(one).map(({ label, level, text, items = [] }) =>
    [`${level} ${label}: ${text}`, ...items].join('\n'),
  );
}

describe('the table of a migration', () => {
  it('says in words what others cannot do, and leaves out the locks that every query takes', () => {
    const statements = [
      ran(3, 'SELECT 1 FROM orders', { locks: [lock('public.orders', 'AccessShare')] }),
      ran(4, 'ALTER TABLE orders ALTER COLUMN total TYPE bigint', {
        locks: [lock('public.orders'), lock('audit.log', 'Share')],
        rewrites: ['public.orders'],
        scans: [
          { relation: 'public.orders', rows: 10 },
          { relation: 'audit.log', rows: 10 },
        ],
        durationMs: 1_240,
      }),
      ran(5, 'UPDATE orders SET total = 0', { rows: 12_345, locks: [lock('public.items', 'RowExclusive')] }),
    ];
    expect(rowsOf(proof({ transaction: false, up: { ok: true, statements } }))).toEqual([
      '3 | SELECT 1 FROM orders | – | – | – | – | < 1 ms',
      '4 | ALTER TABLE orders ALTER COLUMN total TYPE bigint | ACCESS EXCLUSIVE on orders, SHARE on audit.log | reads and writes | rewrites orders, reads all of audit.log | – | 1.2 s',
      '5 | UPDATE orders SET total = 0 | ROW EXCLUSIVE on items | schema changes | – | 12,345 | < 1 ms',
    ]);
  });

  it('shows that a transaction keeps its locks for the statements after', () => {
    const statements = [
      ran(3, 'SET lock_timeout = 1'),
      ran(4, 'ALTER TABLE orders ADD COLUMN a text', { locks: [lock('public.orders')] }),
      ran(5, 'UPDATE orders SET a = 1', { rows: 10 }),
    ];
    const up = { ok: true, statements };
    expect(rowsOf(proof({ up })).map((row) => row.split(' | ').slice(2, 4).join(' | '))).toEqual([
      '– | –',
      'ACCESS EXCLUSIVE on orders | reads and writes',
      'as before | reads and writes',
    ]);
    expect(rowsOf(proof({ up, transaction: false }))[2]).toContain('| – | – |');
  });

  it('folds statements that lock nothing, but never one that fails, takes long or changes rows', () => {
    const statements = [
      ...[3, 4, 5].map((line) => ran(line, 'CREATE TABLE new (id int)')),
      ran(6, 'INSERT INTO new SELECT 1', { rows: 1 }),
      ran(7, 'SELECT pg_sleep(1)', { durationMs: 1_000 }),
      ...[8, 9].map((line) => ran(line, 'CREATE TABLE new (id int)')),
      ran(10, 'SELECT 1/0', { error: 'division by zero (22012)' }),
    ];
    const rows = rowsOf(proof({ up: { ok: false, statements } }));
    expect(rows[0]).toBe('3 statements that lock nothing further (lines 3 to 5)');
    expect(rows.slice(1).map((row) => row.split(' | ')[0])).toEqual(['6', '7', '8', '9', '10']);
    expect(rows.at(-1)).toMatch(/fails$/);
  });

  it('counts what would not fit: many relations of one lock', () => {
    const locks = ['a', 'b', 'c', 'd', 'e'].map((name) => lock(`public.${name}`));
    expect(rowsOf(proof({ up: { ok: true, statements: [ran(3, 'TRUNCATE a', { locks })] } }))[0]).toContain(
      'ACCESS EXCLUSIVE on a, b, c and 2 more',
    );
  });

  it('gives the time at the size of the target in place of that of the shadow', () => {
    const estimate = { ms: 41_000, basis: '3,000,000 rows of public.orders twice at 150,000 rows a second' };
    const one = proof({
      estimate,
      up: { ok: true, statements: [ran(3, 'ALTER …', { locks: [lock('orders')], estimate })] },
    });
    expect(rowsOf(one)[0]).toMatch(/≈ 41 s$/);
    expect(saying(one).slice(1, 3)).toEqual([
      'note blocks: reads and writes of orders, from line 3 until it commits (about 41 s at the target’s size)',
      'note time: about 41 s on the target: 3,000,000 rows of orders twice at 150,000 rows a second',
    ]);
    expect(comment([one])).toContain('Times with ≈ are estimates for the target');
  });
});

describe('the words of a proof', () => {
  it('say of a good one what it blocks and that its rollback restores the schema', () => {
    expect(saying(proof())).toEqual([
      'good up: runs, with 10 rows in each of orders, customers',
      'note blocks: reads and writes of orders, from line 4 until it commits (< 1 ms in the shadow)',
      'good rollback: restores the schema exactly',
    ]);
    expect(verdictOf(proof())).toEqual({
      text: 'runs up, down and up again; blocks reads and writes of orders',
      level: 'good',
    });
  });

  it('say what a rollback leaves behind, one by one, without the order of columns', () => {
    expect(saying(differing()).slice(2)).toEqual([
      [
        'bad rollback: does not restore the schema:',
        'column customers.email: nullable, was not null',
        'column customers.tier: default none, was 0',
        'enum mood is left behind',
        'index idx_customers_email is missing',
      ].join('\n'),
      'warn data: the rollback does not bring back the values of customers.body (10 rows)',
      'bad again: a second up fails: type "mood" already exists (42710)',
    ]);
  });

  it('say where an up fails, and that it fails on rows only', () => {
    expect(saying(failing())).toEqual(['bad up: fails at line 7: column "gone" does not exist (42703)']);
    expect(saying(failingOnRows())[0]).toBe(
      'bad up: fails as soon as there are rows (10 rows in customers): column "phone" of relation "customers" contains null values (23502). On empty tables it runs',
    );
  });

  it('do not call a missing rollback a failure, nor a table without rows a proof', () => {
    const without = proof({ down: { status: 'missing' }, roundTrip: { status: 'not-run', differences: [] } });
    expect(verdictOf(without)).toEqual({
      text: 'runs; there is no rollback; blocks reads and writes of orders',
      level: 'good',
    });
    const skipped = [{ table: 'public.shapes', reason: 'no value of type geometry can be made' }];
    expect(saying(proof({ populated: { ok: true, rowsPerTable: {}, skipped } })).slice(0, 2)).toEqual([
      'note up: runs on empty tables',
      'note rows: 1 table could not be filled, so rows in it were not tried\nshapes: no value of type geometry can be made',
    ]);
  });
});

describe('a proof in the comment', () => {
  it('stands in the head in a line, the bad ones by name, and on what it was made', () => {
    const text = comment([proof(), failing(), differing(), proof()]);
    const head = text.slice(0, text.indexOf('Checked'));
    expect(head).toContain('4 migrations were run up, down and up again on PostgreSQL 17.6 (local):');
    expect(head).toContain('- ❌ **20260604090000 drop\\_missing** fails at line 7');
    expect(head).toContain(
      'rollback does not restore the schema, rollback loses data, cannot be applied again',
    );
    expect(head).toContain('- ✅ the other 2 run, and their rollbacks restore the schema exactly');
  });

  it('is folded when all went well and open when not, with a row a statement and its line linked', () => {
    const page = html(comment([proof(), failing()]));
    expect(page).toContain(
      '<details><summary>✅ <b>20260601090000 add_orders_note</b>: runs up, down and up again; blocks reads and writes of orders</summary>',
    );
    expect(page).toContain(
      '<details open><summary>❌ <b>20260604090000 drop_missing</b>: fails at line 7</summary>',
    );
    expect(page.match(/<table>/g)).toHaveLength(2);
    expect(page).toContain(
      'href="https://github.example/blob/abc/db/migrations/20260601090000_add_orders_note.sql#L4"',
    );
    expect(page).toContain('<strong>fails</strong>');
  });

  it('does not call good what was found besides when it ran', () => {
    const one = proof();
    const found = findingAbout(new SourceFile('a.sql', 'x'), 'x', {
      stage: 'executed',
      ruleId: 'invalid-index-left',
      severity: 'error',
      migrationId: one.migrationId,
      message: 'The index idx_a is invalid after the up.',
    });
    const text = comment([one, failing()], { reasonCode: 'findings', findings: [found] });
    expect(text).toContain(
      '- ❌ **20260601090000 add\\_orders\\_note** runs, but: The index idx\\_a is invalid after the up\n',
    );
    expect(text).toContain('<details open><summary>❌ <b>20260601090000 add_orders_note</b>: runs, but: ');
    const info = { ...found, severity: 'info' } as const;
    expect(comment([one], { reasonCode: 'findings', findings: [info] })).toContain('✅ it runs');
  });

  it('says why nothing was run', () => {
    const notAnalysed = [{ file: 'a.sql', line: 1, reason: 'not proven: nothing of a fork is run' }];
    expect(comment([], { notAnalysed })).toContain('**Not run:** nothing of a fork is run');
    expect(comment([], {})).not.toContain('Not run');
  });

  it('names the shadow database and why it was taken', () => {
    const shadow = {
      kind: 'local',
      serverVersion: '17.6',
      because: 'PostgreSQL 17 is on this machine',
    } as const;
    expect(comment([proof()], { shadow })).toContain(
      'PostgreSQL 17.6 (local) was taken: PostgreSQL 17 is on this machine.',
    );
    expect(renderTerminal(clean({ proofs: [proof()], shadow }), { colour: false, width: 100 })).toContain(
      'shadow database: local; PostgreSQL 17 is on this machine\n',
    );
  });

  it('stays within the size of a comment: tables of what went well go first, what failed stays', () => {
    const statements = Array.from({ length: 40 }, (_, at) =>
      ran(at + 3, `ALTER TABLE orders ADD COLUMN column_${at} text`, { locks: [lock(`public.t${at}`)] }),
    );
    const big = proof({ up: { ok: true, statements } });
    const text = comment([...Array.from({ length: 30 }, () => big), differing()]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(html(text).match(/<table>/g)).toHaveLength(1);
    expect(text).toContain('<details open><summary>❌ <b>20260602090000 rework_customers');
    const huge = comment([...Array.from({ length: 3_000 }, () => big), failing()], {}, 8_000);
    expect(Buffer.byteLength(huge)).toBeLessThanOrEqual(8_000);
    expect(huge).toContain('drop\\_missing');
    expect(huge).toMatch(/… and [\d,]+ more migrations\./);
  });

  it('is not changed by hostile names and messages', () => {
    const counted = new Set<string>();
    for (const text of hostile) {
      const statement = ran(3, text, {
        error: text,
        locks: [{ relation: text, mode: text, blocks: ['select', 'insert'] }],
        rewrites: [text],
        scans: [{ relation: `${text}2`, rows: 1 }],
        estimate: { ms: 1, basis: text },
      });
      const one = differing({
        migrationId: text,
        name: `${text} name`,
        file: text,
        serverVersion: text,
        up: { ok: true, statements: [statement, { ...statement, error: undefined }] },
        populated: {
          ok: false,
          rowsPerTable: { [text]: 10 },
          error: text,
          skipped: [{ table: text, reason: text }],
        },
        roundTrip: {
          status: 'differs',
          differences: [{ kind: text, object: text, before: text, after: `${text}!` }],
        },
        dataLoss: [{ relation: text, column: text, rows: 3 }],
        reapply: { ok: false, error: text },
        verify: { ok: false, error: text },
        estimate: { ms: 1, basis: text },
      });
      const shadow = { kind: 'local', serverVersion: text, because: text } as const;
      const chain = { ok: false, failedAt: text, differences: [] };
      const good = proof({
        migrationId: text,
        up: { ok: true, statements: [ran(3, text, { locks: [{ ...lock('x'), relation: text }] })] },
      });
      const markdown = renderMarkdown(clean({ proofs: [one, good], chain, shadow }), {
        marker: 'airlock:report',
      });
      const page = html(markdown);
      const count = (tag: string): number => page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
      counted.add(['h3', 'h4', 'table', 'tr', 'td', 'details', 'summary', 'ul', 'li', 'b'].map(count).join());
      for (const tag of ['a', 'img', 'h1', 'h2', 'ol', 'script', 'input', 'blockquote', 'hr', 'sup', 'pre'])
        expect(count(tag), `${tag} from ${JSON.stringify(text)}`).toBe(0);
      expect(markdown.match(/<!--/g)).toHaveLength(1);
      const searched = page.replace(/<code>.*?<\/code>/gs, '').replace(/<[^>]*>/g, '');
      expect(searched).not.toMatch(/(?<!\w)@[a-z0-9]|#\d|GH-\d/i);
      const terminal = renderTerminal(clean({ proofs: [one, one], chain, shadow }), {
        colour: false,
        width: 100,
      });
      expect(terminal).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      expect(terminal).not.toMatch(/^\s*::/m);
    }
    expect([...counted]).toHaveLength(1);
  });

  it('holds no secret, in names of tables neither', () => {
    const secret = 'hunter2-correct-horse';
    const one = failing();
    const told = {
      ...one,
      migrationId: secret,
      up: { ...one.up, error: `password ${secret}` },
      populated: { ...one.populated, rowsPerTable: { [`public."${secret}"`]: 10 } },
    };
    const redacted = redactResult(clean({ proofs: [told] }), createRedactor([secret]));
    expect(JSON.stringify(redacted)).not.toContain(secret);
    expect(redacted.proofs?.[0]?.populated.rowsPerTable).toEqual({ 'public."***"': 10 });
  });

  it('takes no time for messages of megabytes', () => {
    const long = `${'x@y #1 https://a '.repeat(200_000)}`;
    const one = differing({ reapply: { ok: false, error: long } });
    const started = performance.now();
    const text = comment([one]);
    renderTerminal(clean({ proofs: [one] }), { colour: false, width: 80 });
    expect(performance.now() - started).toBeLessThan(500);
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('a proof in the terminal', () => {
  it('is a table where the statements have room, else a statement and below it what it did', () => {
    const wide = renderTerminal(clean({ proofs: [proof()] }), { colour: false, width: 120 });
    expect(wide).toContain(
      [
        'proof of 20260601090000 add_orders_note  PostgreSQL 17.6 (local)',
        '  ✓ up:       runs, with 10 rows in each of orders, customers',
        '  · blocks:   reads and writes of orders, from line 4 until it commits (< 1 ms in the shadow)',
        '  ✓ rollback: restores the schema exactly',
        '    line  statement                                lock                        blocks            time',
        '    4     ALTER TABLE orders ADD COLUMN note text  ACCESS EXCLUSIVE on orders  reads and writes  < 1 ms',
      ].join('\n'),
    );
    const narrow = renderTerminal(clean({ proofs: [proof()] }), { colour: false, width: 60 });
    expect(narrow).toContain(
      [
        '    4: ALTER TABLE orders ADD COLUMN note text',
        '       ACCESS EXCLUSIVE on orders · blocks reads and writes',
        '       · < 1 ms',
      ].join('\n'),
    );
  });

  it('keeps to the width of the terminal', () => {
    for (const width of [40, 60, 80, 100, 120, 160])
      for (const one of [proof(), differing(), failing(), failingOnRows()])
        for (const line of renderTerminal(clean({ proofs: [one], layout: undefined }), {
          colour: false,
          width,
        })
          .split('\n')
          .slice(0, -2))
          expect(line.length, `${width}: ${line}`).toBeLessThanOrEqual(Math.max(width, 50));
  });

  it('says what came of all rollbacks together', () => {
    const chain = { ok: false, failedAt: '20260601090000', differences: [] };
    const text = renderTerminal(clean({ proofs: [proof(), proof()], chain }), { colour: false, width: 100 });
    expect(text).toContain(
      'the whole change\n  ✗ rollback: of all of them in reverse order fails at 20260601090000',
    );
  });
});
