import { describe, expect, test } from 'vitest';
import { DEFAULTS, runnerFor } from '../../src/configuration/configuration.ts';
import { parseConfiguration } from '../../src/configuration/parse.ts';
import { type Layers, resolveConfiguration } from '../../src/configuration/resolve.ts';
import { SETTINGS, settingFlag, settingVariable } from '../../src/configuration/variables.ts';

const layouts = ['airlock', 'flyway'];

function file(text: string) {
  const parsed = parseConfiguration(text, {
    path: 'migration.config.yml',
    known: { rules: [{ id: 'a-rule' }], layouts },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.configuration;
}

function resolved(layers: Omit<Layers, 'layouts'>) {
  const result = resolveConfiguration({ layouts, ...layers });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.configuration;
}

function messages(layers: Omit<Layers, 'layouts'>): string[] {
  const result = resolveConfiguration({ layouts, ...layers });
  return result.ok ? [] : result.problems.map(({ message }) => message);
}

describe('precedence', () => {
  test('nothing given means the defaults', () => {
    const configuration = resolved({});
    for (const [name, value] of Object.entries(DEFAULTS)) expect(configuration).toHaveProperty(name, value);
    expect(configuration.directories).toBeUndefined();
    expect(configuration.layout).toBeUndefined();
    expect(configuration.alerts).toBeUndefined();
  });

  test('flag goes before variable, variable before file, file before default', () => {
    const layers = {
      file: file('failOn: info\nlockTimeout: 1\ndialect: mysql\nsystemSchema: airlock'),
      env: { AIRLOCK_FAIL_ON: 'warning', AIRLOCK_LOCK_TIMEOUT: '2', AIRLOCK_DIALECT: ' ' },
      flags: { failOn: 'never' },
    };
    const configuration = resolved(layers);
    expect(configuration.failOn).toBe('never');
    expect(configuration.lockTimeout).toBe(2_000);
    expect(configuration.dialect).toBe('mysql');
    expect(configuration.systemSchema).toBe('airlock');
    expect(configuration.leaseTimeout).toBe(DEFAULTS.leaseTimeout);
  });

  test('lists come from repeated flags, or one entry a line from a variable', () => {
    expect(resolved({ flags: { directory: ['./a/', 'b'] } }).directories).toEqual(['a', 'b']);
    expect(resolved({ env: { AIRLOCK_EXCLUDE: '**/{a,b}/*.sql\n\n old/** \n' } }).exclude).toEqual([
      '**/{a,b}/*.sql',
      'old/**',
    ]);
    expect(resolved({ flags: { directory: '.' } }).directories).toEqual(['']);
    expect(messages({ env: { AIRLOCK_EXCLUDE: 'old/**\n(a+)+x' } })).toEqual([
      'AIRLOCK_EXCLUDE: "(a+)+x" holds a group in parentheses; write {a,b}, or several globs',
    ]);
  });

  test('all wrong flags and variables are reported at once, by the name they were given under', () => {
    const found = messages({
      flags: {
        failOn: 'warnings',
        directory: ['ok', '../out'],
        layout: 'flywya',
        runner: ['native', 'airlock'],
      },
      env: {
        AIRLOCK_LOCK_TIMEOUT: 'soon',
        AIRLOCK_TARGET_VERSION: 'sixteen',
        REQUIRE_APPROVAL: 'maybe',
        AIRLOCK_FAIL_ON: 'ignored',
      },
    });
    expect(found.sort()).toEqual([
      '--directory: "../out" leaves the repository; write a path relative to the repository root',
      '--fail-on: "warnings" is not error, warning, info or never; did you mean warning?',
      '--layout: "flywya" is not airlock or flyway; did you mean flyway?',
      '--runner: is given more than once',
      'AIRLOCK_LOCK_TIMEOUT: "soon" is not a duration; write a number of seconds, or 500ms, 5s, 10m, 1h',
      'AIRLOCK_TARGET_VERSION: "sixteen" is not a PostgreSQL version; write one like 16 or 14.2',
      'REQUIRE_APPROVAL: "maybe" is not true or false',
    ]);
  });

  test('names of flags and variables are distinct', () => {
    expect(settingFlag('targetVersion')).toBe('--target-version');
    expect(settingVariable('targetVersion')).toBe('AIRLOCK_TARGET_VERSION');
    expect(new Set(SETTINGS.map(settingVariable)).size).toBe(SETTINGS.length);
  });
});

describe('what the sections mean', () => {
  test('the three spellings of a rule', () => {
    const { rules } = resolved({ file: file('rules: { a-rule: warning }') });
    expect(rules.get('a-rule')).toEqual({ severity: 'warning', options: {} });
    const long = (text: string) => resolved({ file: parseOptions(text) }).rules.get('a-rule');
    expect(long('rules: { a-rule: [error, { n: 2 }] }')).toEqual({ severity: 'error', options: { n: 2 } });
    expect(long('rules: { a-rule: { options: { n: 2 } } }')).toEqual({
      severity: undefined,
      options: { n: 2 },
    });
    expect(long('rules: { a-rule: [off] }')).toEqual({ severity: 'off', options: {} });
  });

  test('an environment inherits, and REQUIRE_APPROVAL only tightens', () => {
    const text = `
approvers: { users: ['@ada'] }
healthCheck: { url: 'https://app.example/' }
environments:
  development: { autoRollback: true }
  pre-prod: { requireApproval: 2, directUrl: X_URL, approvers: { teams: [acme/dba] }, healthCheck: { sql: select 1, timeout: 2 } }
`;
    const loose = resolved({ file: file(text), env: { REQUIRE_APPROVAL: 'false' } }).environments;
    expect(loose.get('development')).toEqual({
      skipBackup: false,
      skipValidation: false,
      autoRollback: 'migration',
      maxDuration: undefined,
      requireApproval: 0,
      directUrl: 'DEVELOPMENT_DIRECT_URL',
      healthCheck: { url: 'https://app.example/', status: 200, timeout: 30_000 },
      approvers: { users: ['ada'], teams: [], allowAuthor: false },
    });
    expect(loose.get('pre-prod')).toMatchObject({
      requireApproval: 2,
      directUrl: 'X_URL',
      healthCheck: { sql: 'select 1', timeout: 2_000 },
      approvers: { users: [], teams: ['acme/dba'] },
    });
    const tight = resolved({ file: file(text), env: { REQUIRE_APPROVAL: 'true' } }).environments;
    expect([...tight.values()].map(({ requireApproval }) => requireApproval)).toEqual([1, 2]);
  });

  test('a shadow from a variable replaces the kind and keeps what prepares it', () => {
    const written = file('shadow: { kind: local, prepare: [auth.sql] }');
    expect(resolved({ file: written }).shadow).toEqual({
      kind: 'local',
      prepare: ['auth.sql'],
      extensions: [],
    });
    expect(resolved({ file: written, env: { AIRLOCK_SHADOW: 'postgres://u:p@h/d' } }).shadow).toEqual({
      kind: 'url',
      url: 'postgres://u:p@h/d',
      prepare: ['auth.sql'],
      extensions: [],
    });
    expect(
      resolved({ file: file('shadow: postgres://h/d'), flags: { shadow: 'embedded' } }).shadow,
    ).toMatchObject({ kind: 'embedded', url: undefined });
    expect(messages({ flags: { shadow: 'mysql://u:hunter2@h/d' } })).toEqual([
      '--shadow: is not a PostgreSQL address; write auto, embedded or local, or postgres://host/database',
    ]);
  });

  test('a snapshot is the schema and, where no other file is named, the sizes', () => {
    const written = file('shadow: { snapshot: db/production.sql }');
    expect(resolved({ file: written })).toMatchObject({
      sizes: 'db/production.sql',
      shadow: { kind: 'auto', snapshot: 'db/production.sql' },
    });
    const both = file('sizes: sizes.json\nshadow: { snapshot: db/production.sql }');
    expect(resolved({ file: both, snapshot: './db/other.sql' })).toMatchObject({
      sizes: 'sizes.json',
      shadow: { snapshot: 'db/other.sql' },
    });
    expect(messages({ snapshot: '../elsewhere.sql' })).toEqual([
      expect.stringMatching(/^--snapshot: .*leaves the repository/),
    ]);
    expect(() => file('shadow: { prepare: [../elsewhere.sql] }')).toThrow('leaves the repository');
  });

  test('the runner depends on the layout unless it is named', () => {
    expect(runnerFor(resolved({}), 'airlock')).toBe('airlock');
    expect(runnerFor(resolved({}), 'flyway')).toBe('native');
    expect(runnerFor(resolved({ flags: { runner: 'airlock' } }), 'flyway')).toBe('airlock');
  });
});

function parseOptions(text: string) {
  const known = { rules: [{ id: 'a-rule', options: { n: { default: 1, description: '' } } }], layouts };
  const parsed = parseConfiguration(text, { path: 'x', known });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.configuration;
}
