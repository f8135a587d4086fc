/* A psql for the guide, which not every machine has: `-c <sql>` on DATABASE_URL, laid out as the real one does it. */
import { parseArgs } from 'node:util';
import pg from 'pg';

const {
  command = '',
  expanded,
  dbname,
} = parseArgs({
  options: {
    command: { type: 'string', short: 'c' },
    expanded: { type: 'boolean', short: 'x' },
    dbname: { type: 'string', short: 'd' },
  },
}).values;
const address = process.env['DATABASE_URL'] ?? '';
const client = new pg.Client({
  connectionString: dbname === undefined ? address : new URL(`/${dbname}`, address).href,
  // As the server writes them.
  types: { getTypeParser: () => (value: string) => value },
});
await client.connect();
const answer = await client.query({ text: command, rowMode: 'array' });
for (const { fields, rows, command: tag, rowCount } of [answer].flat())
  process.stdout.write(
    fields.length === 0 ? said(tag, rowCount) : expanded ? records(fields, rows) : table(fields, rows),
  );
await client.end();

/** As psql says it; the driver keeps only the first word of what the server said. */
function said(tag: string, count: number | null): string {
  const [, object = ''] = command.trim().split(/\s+/);
  const rest = /^(?:CREATE|ALTER|DROP)$/.test(tag) ? object.toUpperCase() : count;
  return `${tag} ${tag === 'INSERT' ? '0 ' : ''}${rest ?? ''}`.trimEnd().concat('\n');
}

function table(fields: readonly pg.FieldDef[], rows: readonly (readonly (string | null)[])[]): string {
  const cells = rows.map((row) => row.map((value) => value ?? ''));
  const widths = fields.map(({ name }, at) =>
    Math.max(name.length, ...cells.map((row) => (row[at] ?? '').length)),
  );
  const line = (texts: readonly string[]): string =>
    ` ${texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')}`.trimEnd();
  return [
    line(fields.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
    ...cells.map(line),
    `(${rows.length} row${rows.length === 1 ? '' : 's'})`,
    '',
  ].join('\n');
}

/** `-x`: a line a column, for rows that are wider than the terminal. */
function records(fields: readonly pg.FieldDef[], rows: readonly (readonly (string | null)[])[]): string {
  const width = Math.max(...fields.map(({ name }) => name.length));
  return rows
    .map((row, at) =>
      [
        `-[ RECORD ${at + 1} ]`.padEnd(width + 1, '-'),
        ...fields.map(({ name }, column) => `${name.padEnd(width)} | ${row[column] ?? ''}`.trimEnd()),
        '',
      ].join('\n'),
    )
    .join('');
}
