import { describe, expect, test } from 'vitest';
import { type Known, parseConfiguration } from '../../src/configuration/parse.ts';

const known: Known = {
  layouts: ['airlock', 'flyway', 'golang-migrate', 'prisma'],
  rules: [
    { id: 'create-index-concurrently' },
    {
      id: 'naming-table',
      options: {
        pattern: { default: '^[a-z_]+$', description: '', pattern: true },
        limit: { default: 10, description: '' },
        strict: { default: false, description: '' },
        except: { default: [], description: '' },
      },
    },
  ],
};

function parse(text: string) {
  return parseConfiguration(text, { path: 'migration.config.yml', known });
}

/** `line:column message` of every problem. */
function problems(text: string): string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function accepted(text: string) {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.configuration;
}

describe('a good file', () => {
  test('every documented key is accepted at once', () => {
    const configuration = accepted(`
directory: [db/migrations, ./more/]
layout: flyway
layouts:
  flyway: { prefix: '', undoPrefix: U, repeatablePrefix: R, separator: __, suffixes: [.sql, .pgsql] }
  numbered: { pattern: '^(?<id>\\d+)/(?<name>.+)\\.(?<direction>up|down)\\.sql$' }
dialect: mysql
runner: native
exclude: ['**/seed/*.sql']
placeholders: { schema: app, version: 1.10, flag: true }
rules:
  create-index-concurrently: off
  naming-table: [warning, { pattern: x, limit: 3, strict: true, except: [a, b] }]
failOn: never
ignore: { comments: false, never: [naming-table], accept: [{ rule: naming-table, files: ['old/*'], reason: legacy }] }
sizes: db/sizes.json
targetVersion: 14.10
lockTimeout: 2
statementTimeout: 10m
leaseTimeout: 300s
systemSchema: airlock
environments:
  development: { skipBackup: true, skipValidation: true, autoRollback: true }
  production:
    skipBackup: false
    requireApproval: 2
    maxDuration: 300000
    autoRollback: run
    directUrl: PRODUCTION_SESSION_URL
    healthCheck: { sql: select 1 }
    approvers: { users: [ada], teams: [acme/dba], allowAuthor: true }
shadow: { kind: local, prepare: [db/auth.sql], extensions: [citext] }
healthCheck: { url: 'https://app.example/health', status: 204, timeout: 5s }
approvers: { users: ['@ada'] }
backup: { storage: 's3://backups/app', s3: { region: eu-1, endpoint: 'https://s3.example', pathStyle: true }, keep: { last: 3 } }
alerts: { webhook: ALERT_URL, on: [failed] }
`);
    expect(configuration.directory).toEqual(['db/migrations', 'more']);
    expect(configuration.lockTimeout).toBe(2_000);
    expect(configuration.statementTimeout).toBe(600_000);
    expect(configuration.environments?.production?.maxDuration).toBe(300_000);
    expect(configuration.rules?.['create-index-concurrently']).toBe('off');
  });

  test('numbers that are names stay as they were written', () => {
    const configuration = accepted('targetVersion: 14.10\nplaceholders:\n  version: 1.10\n  octal: 010\n');
    expect(configuration.targetVersion).toEqual({ major: 14, serverVersion: '14.10' });
    expect(configuration.placeholders).toEqual({ version: '1.10', octal: '010' });
  });

  test.each(['', '# only a comment\n', '---\n', '{}', '\uFEFF'])('%j sets nothing', (text) => {
    expect(accepted(text)).toEqual({});
  });

  test('a mapping whose lines are commented out is empty', () => {
    expect(accepted('rules:\n#  naming-table: off\nenvironments:\n  development:\n')).toEqual({
      rules: {},
      environments: { development: {} },
    });
  });

  test('anchors and merge keys may be used', () => {
    const configuration = accepted(`
environments:
  staging: &base { skipBackup: false, requireApproval: true }
  production: { <<: *base, maxDuration: 5m }
`);
    expect(configuration.environments?.production).toEqual({
      skipBackup: false,
      requireApproval: true,
      maxDuration: 300_000,
    });
  });
});

describe('problems', () => {
  test('all are reported at once, in order, each at its own line and column', () => {
    expect(
      problems(`directroy: db
failOn: eror
lockTimeout: soon
environments:
  production:
    skipBackups: true
    maxDuration: 300
    requireApproval: yes please
rules:
  create-index-concurently: off
  naming-table: [fatal, { limits: 3, strict: 1 }]
`),
    ).toEqual([
      '1:1 directroy: is not a known key; did you mean directory?',
      '2:9 failOn: "eror" is not error, warning, info or never; did you mean error?',
      '3:14 lockTimeout: "soon" is not a duration; write a number of seconds, or 500ms, 5s, 10m, 1h',
      '6:5 environments.production.skipBackups: is not a known key; did you mean skipBackup?',
      '7:18 environments.production.maxDuration: 300 is in milliseconds, less than a second; write 300s, or 300ms if you mean that',
      '8:22 environments.production.requireApproval: "yes please" is not true or false or a number',
      '10:3 rules.create-index-concurently: is not a known rule; did you mean create-index-concurrently?',
      '11:18 rules.naming-table[1]: "fatal" is not off, info, warning or error',
      '11:27 rules.naming-table: option "limits" is not known; did you mean limit?',
      '11:46 rules.naming-table: option "strict" must be true or false, not 1',
    ]);
  });

  test('addresses are refused with the variable to set, and never repeated', () => {
    const found = problems(`environments:
  pre-prod:
    url: postgres://app:hunter2@db/app
    directUrl: postgres://app:hunter2@db/app
shadow: postgres://app:hunter2@db/app
databaseUrl: postgres://app:hunter2@db/app
failOn: postgres://app:hunter2@db/app
healthCheck: { url: 'https://u:hunter2@app/' }
`);
    expect(found).toHaveLength(6);
    expect(found.join('\n')).not.toContain('hunter2');
    expect(found[0]).toContain('3:5 environments.pre-prod.url: ');
    expect(found[0]).toContain('PRE_PROD_DATABASE_URL');
    expect(found[1]).toContain('4:16 ');
    expect(found[2]).toContain('AIRLOCK_SHADOW');
    expect(found[3]).toContain('set the variable DATABASE_URL');
  });

  test.each([
    ['skipBackup: true', '1:1 skipBackup: is not known here; it stands under environments: <name>:'],
    [
      'environments: { p: { lockTimeout: 3 } }',
      '1:22 environments.p.lockTimeout: is not known here; it stands at the top level of the file',
    ],
    [
      'lockTimeout: 5000',
      '1:14 lockTimeout: 5000 seconds is more than 1h; a number without a unit is in seconds, write 5000ms if you mean that',
    ],
    ['lockTimeout: 0', '1:14 lockTimeout: 0 is too short: at least 1ms'],
    ['lockTimeout: [5]', '1:14 lockTimeout: a list is not a number or text'],
    ['lockTimeout: .inf', '1:14 lockTimeout: Infinity is not a number or text'],
    [
      'lockTimeout: -5',
      '1:14 lockTimeout: -5 is not a duration; write a number of seconds, or 500ms, 5s, 10m, 1h',
    ],
    ['failOn:', '1:1 failOn: has no value; write error, warning, info or never, or leave the key out'],
    [
      'directory: ../other',
      '1:12 directory: "../other" leaves the repository; write a path relative to the repository root',
    ],
    [
      'directory: /etc',
      '1:12 directory: "/etc" leaves the repository; write a path relative to the repository root',
    ],
    ['directory: [a, 3]', '1:16 directory[2]: 3 is not text'],
    [
      'targetVersion: 160004',
      '1:16 targetVersion: "160004" is not a PostgreSQL version; write one like 16 or 14.2',
    ],
    ['layout: flywya', '1:9 layout: "flywya" is not a known layout; did you mean flyway?'],
    ['systemSchema: pg_catalog', '1:15 systemSchema: "pg_catalog" is reserved for PostgreSQL itself'],
    [
      'layouts: { numbered: { pattern: "(" } }',
      '1:33 layouts.numbered.pattern: is not a regular expression: ',
    ],
    [
      'layouts: { numbered: { pattern: "(?<id>x)" } }',
      '1:33 layouts.numbered.pattern: has no group named name; write (?<name>…) around that part',
    ],
    [
      'layouts: { numbered: { pattern: "(?<id>.+)+_(?<name>x)" } }',
      '1:33 layouts.numbered.pattern: can take for ever on some names: it repeats a group',
    ],
    [
      'rules:\n  naming-table: [error, { pattern: "^[a-z" }]',
      '2:36 rules.naming-table: option "pattern" is not a regular expression: ',
    ],
    [
      'rules: { naming-table: { options: { pattern: "^({table}_?)+$" } } }',
      '1:46 rules.naming-table: option "pattern" can take for ever on some names: it repeats a group',
    ],
    [
      'rules: { naming-table: { options: { pattern: "^.*{table}.*_.*_.*x$" } } }',
      '1:46 rules.naming-table: option "pattern" can take very long on some names: more than 3',
    ],
    ['exclude: ["ok/**", "(a+)+x"]', '1:20 exclude[2]: "(a+)+x" holds a group in parentheses; write {a,b}'],
    ['exclude: "*a*a*a*a*x"', '1:10 exclude: "*a*a*a*a*x" holds more than 4 wildcards between two /'],
    [
      'ignore: { accept: [{ rule: naming-table, files: ["+(a|aa)*"], reason: x }] }',
      '1:50 ignore.accept[1].files[1]: "+(a|aa)*" holds a group in parentheses',
    ],
    ['healthCheck: { status: 200 }', '1:14 healthCheck: needs either url or sql, and not both'],
    ['environments: { "a b": {} }', '1:17 environments."a b": is no name for an environment'],
    [
      'environments: { pre-prod: {}, pre_prod: {} }',
      '1:31 environments.pre_prod: has the same variable as pre-prod: PRE_PROD_DATABASE_URL',
    ],
    ['rules: { __proto__: off }', '1:10 rules.__proto__: is not allowed as a name'],
    ['__proto__: { failOn: never }', '1:1 __proto__: is not a known key'],
    ['rules: { constructor: off }', '1:10 rules.constructor: is not a known rule'],
    ['rules: { naming-table: false }', '1:24 rules.naming-table: '],
    [
      'rules: { naming-table: { severity: error, option: {} } }',
      '1:43 rules.naming-table.option: is not a known key; did you mean options?',
    ],
    [
      'rules: { create-index-concurrently: [error, { constructor: 1 }] }',
      '1:47 rules.create-index-concurrently: option "constructor" is not known; the rule has no options',
    ],
    [
      'rules: { naming-table: { options: { except: [1] } } }',
      '1:45 rules.naming-table: option "except" must be a list of texts, not a list',
    ],
    [
      'ignore: { never: [naming-tabel] }',
      '1:19 ignore.never[1]: "naming-tabel" is not a known rule; did you mean naming-table?',
    ],
    ['ignore: { accept: [{ rule: naming-table }] }', '1:20 ignore.accept[1].reason: is missing; write text'],
    ['alerts: {}', '1:1 alerts.webhook: is missing; write text'],
    ['- failOn: error', '1:1 a list is not a mapping'],
    ['hello', '1:1 "hello" is not a mapping'],
  ])('%s', (text, message) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test('a value behind an alias or a merge key is reported where it is written', () => {
    expect(problems('environments:\n  a: &a\n    skipBackup: maybe\n  b:\n    <<: *a\n')).toEqual([
      '3:17 environments.a.skipBackup: "maybe" is not true or false',
      '3:17 environments.b.skipBackup: "maybe" is not true or false',
    ]);
  });

  test('columns count UTF-16 code units and survive CRLF and a byte order mark', () => {
    expect(problems('\uFEFFplaceholders: { a: "😀" }\r\nfailOn: x\r\n')[0]).toMatch(/^2:9 /);
    expect(problems('{ placeholders: { a: "😀" }, failOn: x }')[0]).toMatch(/^1:38 /);
  });
});

describe('hostile text', () => {
  test.each([
    [
      'a duplicate key',
      'failOn: error\nfailOn: never\n',
      '2:1 the key "failOn" stands twice in the same mapping',
    ],
    ['a tab', 'environments:\n\tproduction: {}\n', '2:1 a tab is used for indentation; YAML wants spaces'],
    [
      'two documents',
      'failOn: error\n---\nfailOn: never\n',
      '2:1 a second document starts here (---); only one is read',
    ],
    [
      'an unknown tag',
      'failOn: !!js/function "x"\n',
      '1:9 the tag "!!js/function" is not known; only plain data is read',
    ],
    [
      'a binary tag',
      'failOn: !!binary aGVsbG8=\n',
      '1:9 the tag "!!binary" is not known; only plain data is read',
    ],
    ['an alias without anchor', 'failOn: *nothing\n', '1:9 *nothing has no anchor &nothing before it'],
    ['an alias inside its anchor', 'rules: &a { x: *a }\n', '1:16 *a stands inside what it refers to'],
    ['a list as key', '? [a]\n: 1\n', '1:3 this key is not plain text'],
    ['an open quote', 'directory: "db\n', ' is not valid YAML: '],
    ['a NUL byte', 'failOn: error\nrun\0ner: x', '2:4 holds a NUL byte'],
    ['nested lists', `directory: ${'['.repeat(100_000)}`, 'is nested more than 64 levels deep'],
    ['nested mappings', `directory: ${'{ a: '.repeat(50_000)}`, 'is nested more than 64 levels deep'],
    ['nested list items', `directory:\n  ${'- '.repeat(100_000)}x`, 'is nested more than 64 levels deep'],
    ['nested keys', '? '.repeat(100_000), 'is nested more than 64 levels deep'],
    ['more than 1 MB', `# ${'x'.repeat(1_000_001)}`, '1:1 is larger than 1 MB'],
  ])('%s is named with its place', (_name, text, message) => {
    expect(problems(text)[0]).toContain(message);
  });

  test('aliases that multiply end in a message and in little time', () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(', ')}]`,
    );
    const started = performance.now();
    expect(problems(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toEqual([
      '1:1 uses anchors and aliases that multiply too much; write the values out',
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a %YAML 1.1 header does not turn off into false', () => {
    expect(accepted('%YAML 1.1\n---\nrules: { naming-table: off }\n').rules).toEqual({
      'naming-table': 'off',
    });
  });

  test('thousands of unknown keys give a hundred problems and a count', () => {
    const found = problems(Array.from({ length: 5_000 }, (_, at) => `key${at}: 1`).join('\n'));
    expect(found).toHaveLength(100);
    expect(found[99]).toBe('100:1 4901 more unknown keys from here on');
  });

  test('hundreds of other problems are counted too', () => {
    const found = problems(`directory: [${Array(300).fill('/etc').join(', ')}]`);
    expect(found).toHaveLength(101);
    expect(found[100]).toContain('and 200 more problems');
  });

  test('control characters of a key never reach a message', () => {
    expect(problems('"\\e[31m\\r\\n::error::x": 1\n')[0]).not.toMatch(/\p{Cc}/u);
  });
});
