import { describe, expect, it } from 'vitest';
import {
  createRedactor,
  maskedSource,
  type Redactor,
  redactResult,
  secretsIn,
} from '../../src/report/redact.ts';
import { type Format, formats, render } from '../../src/report/render.ts';
import type { Result } from '../../src/report/result.ts';
import { SourceFile } from '../../src/sql/source.ts';
import { clean, findingAbout, rules } from './sample.ts';

const redact = createRedactor();

describe('secrets that look like one', () => {
  it.each([
    ['postgres://app:s3cr3t@db.example/shop', 'postgres://app:***@db.example/shop'],
    [
      'could not reach postgresql://app:p%40ss@h:5432/d?x=1, retrying',
      'could not reach postgresql://app:***@h:5432/d?x=1, retrying',
    ],
    ['postgres://app:with@sign@h/d', 'postgres://app:***@h/d'],
    ['postgres://app:with/slash@h/d', 'postgres://app:***@h/d'],
    ['postgres://:nouser@h/d', 'postgres://:***@h/d'],
    ["'postgres://app:it's@h/d'", "'postgres://app:***@h/d'"],
    ['host=h password=s3cr3t dbname=d', 'host=h password=*** dbname=d'],
    ["host=h password='s3 cr\\'3t' dbname=d", 'host=h password=*** dbname=d'],
    ['host=h password = s3cr3t dbname=d', 'host=h password = *** dbname=d'],
    ['?sslpassword=s3cr3t&x=1', '?sslpassword=***&x=1'],
    ['PGPASSWORD=s3cr3t psql', 'PGPASSWORD=*** psql'],
    ['{"password": "s3cr3t"}', '{"password": ***}'],
    ['redirect=postgres%3A%2F%2Fapp%3As3cr3t%40h%2Fd&x', 'redirect=postgres%3A%2F%2Fapp%3A***%40h%2Fd&x'],
    ["CREATE ROLE app LOGIN PASSWORD 's3''cr3t';", 'CREATE ROLE app LOGIN PASSWORD ***;'],
    ["CREATE USER app IDENTIFIED BY 's3cr3t'", 'CREATE USER app IDENTIFIED BY ***'],
    [`token ghp_${'a1B2'.repeat(9)}.`, 'token ***.'],
    [`ghs_${'a1B2'.repeat(9)}`, '***'],
    [`github_pat_${'a1B2_'.repeat(16)}`, '***'],
    ['AKIAIOSFODNN7EXAMPLE', '***'],
    ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'aws_secret_access_key=***'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer ***'],
    ['Authorization: Basic YXBwOnMzY3IzdA==', 'Authorization: Basic ***'],
    ['curl -H "Authorization: s3cr3t-t0ken" x', 'curl -H "Authorization: ***" x'],
    ['ALTER ROLE app PASSWORD $$s3cr3t$$;', 'ALTER ROLE app PASSWORD ***;'],
    ['ALTER ROLE app PASSWORD $q$s3$$cr3t$q$;', 'ALTER ROLE app PASSWORD ***;'],
    ["ALTER ROLE app PASSWORD\n  's3cr3t';", 'ALTER ROLE app PASSWORD\n  ***;'],
    [
      "ALTER ROLE app PASSWORD /* it's */ -- new\n 's3cr3t';",
      "ALTER ROLE app PASSWORD /* it's */ -- new\n ***;",
    ],
    ["ALTER ROLE app PASSWORD/**/'s3cr3t';", 'ALTER ROLE app PASSWORD/**/***;'],
    ["ALTER ROLE app PASSWORD's3cr3t';", 'ALTER ROLE app PASSWORD***;'],
    ["ALTER ROLE app PASSWORD U&'s3!0063r3t' UESCAPE '!';", "ALTER ROLE app PASSWORD U&*** UESCAPE '!';"],
    ["ALTER ROLE app PASSWORD E's3\\'cr3t' VALID", 'ALTER ROLE app PASSWORD E*** VALID'],
    ["ALTER ROLE app PASSWORD 's3cr3t\\';", 'ALTER ROLE app PASSWORD ***;'],
    ["ALTER ROLE app PASSWORD 's3'\n'cr3t';", 'ALTER ROLE app PASSWORD ***;'],
    ["EXECUTE 'ALTER ROLE app PASSWORD ''s3cr3t'' x';", "EXECUTE 'ALTER ROLE app PASSWORD *** x';"],
    ["EXECUTE 'ALTER ROLE app PASSWORD ''s3cr3t''';", "EXECUTE 'ALTER ROLE app PASSWORD ***';"],
    ["ALTER ROLE app PASSWORD 's3cr3t", 'ALTER ROLE app PASSWORD ***'],
    ["OPTIONS (user 'app', password 's3cr3t')", "OPTIONS (user 'app', password ***)"],
    ["SET app.api_key TO 's3cr3t';", 'SET app.api_key TO ***;'],
    [
      "SELECT set_config('app.secret_key', 's3cr3t', false)",
      "SELECT set_config('app.secret_key', ***, false)",
    ],
    ["password := 's3cr3t';", 'password := ***;'],
    ["UPDATE t SET password =\n  's3cr3t'", 'UPDATE t SET password =\n  ***'],
    [String.raw`{\"password\": \"s3cr3t\"}`, String.raw`{\"password\": ***}`],
    ['-- AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG', '-- AWS_SECRET_ACCESS_KEY: ***'],
    ['-- password: s3cr3t', '-- password: ***'],
    ['https://s3cr3tt0ken@git.example/x.git', 'https://***@git.example/x.git'],
    ['https://s3cr3tt0ken:x-oauth-basic@git.example/x', 'https://***@git.example/x'],
    ['https://h/x?token=s3cr3t&y=1', 'https://h/x?token=***&y=1'],
    ['https://h/x?y=1&access_token=s3cr3t', 'https://h/x?y=1&access_token=***'],
    ['https://h/x?X-Amz-Signature=s3cr3t#top', 'https://h/x?X-Amz-Signature=***#top'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nc2VjcmV0\n-----END RSA PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
    ],
    ['-----BEGIN PRIVATE KEY-----\nMIIEpAIB; x', '-----BEGIN PRIVATE KEY-----***; x'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    `sk_live_${'a1B2'.repeat(6)}`,
    `sk_test_${'a1B2'.repeat(6)}`,
    `rk_live_${'a1B2'.repeat(6)}`,
    `xoxb-123456789012-${'a1B2'.repeat(6)}`,
    `xoxp-123456789012-${'a1B2'.repeat(6)}`,
    `xoxa-123456789012-${'a1B2'.repeat(6)}`,
    `gho_${'a1B2'.repeat(9)}`,
    `glpat-${'a1B2_'.repeat(4)}`,
    `npm_${'a1B2'.repeat(9)}`,
    `AIza${'a1B2_'.repeat(7)}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'a1B2'.repeat(8)}`,
  ])('the token %s, wherever it stands', (token) => {
    expect(redact(`INSERT INTO t VALUES ('${token}'); -- ${token}`)).toBe(
      "INSERT INTO t VALUES ('***'); -- ***",
    );
  });

  it.each([
    'ALTER TABLE users ADD COLUMN password text NOT NULL;',
    'UPDATE users SET password = crypt(old, salt), password = NULL, password = $1, password = new.password',
    'https://www.postgresql.org/docs/18/sql-altertable.html see mail a@b.example',
    'postgres://app@h/d and http://h:8080/d',
    'SELECT now()::time AT TIME ZONE x',
    `digest sha256:${'ab'.repeat(32)}`,
    'CREATE TABLE t (password text, api_key varchar(64) NOT NULL, secret_key bytea)',
    "INSERT INTO kinds VALUES ('password', 'a label'), ('api_key', 'another')",
    "SELECT 'enter your password ', 'and then go on'; SELECT 'the password ' || hint",
    'Column "password": the type changes; password: rewriting the table',
    'CREATE FUNCTION f() AS $$ SELECT password $$ LANGUAGE sql; CREATE FUNCTION g() AS $$ SELECT 1 $$',
    "COMMENT ON COLUMN users.password IS 'a hash'",
    "ALTER ROLE app PASSWORD NULL; ALTER ROLE app PASSWORD ''; SELECT skip_live_data, xoxo, eyJ",
  ])('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes out several in one text, and nothing more on a second pass', () => {
    const text = 'postgres://a:one@h/d, postgres://b:two@h/d password=three';
    const once = redact(text);
    expect(once).toBe('postgres://a:***@h/d, postgres://b:***@h/d password=***');
    expect(redact(once)).toBe(once);
  });

  it('keeps the length where asked, so that columns stay', () => {
    const text = "-- postgres://app:s3cr3t@h/d\nCREATE ROLE x PASSWORD 's3cr3t'";
    const masked = redact(text, (secret) => '*'.repeat(secret.length));
    expect(masked).toHaveLength(text.length);
    expect(masked).not.toContain('s3cr3t');
  });

  it('takes time in proportion to hostile text', () => {
    const started = performance.now();
    for (const part of [
      'a://b:',
      'password=',
      'a://b:c@',
      "password='",
      'x%3a%2f%2f%3a',
      'postgres://',
      'password =  ',
    ])
      redact(part.repeat(Math.ceil(100_000 / part.length)));
    for (const part of [
      'password /*',
      "password 'x' \n",
      'password $a$',
      "password ''",
      'PASSWORD\n',
      'api_key:"',
    ])
      redact(part.repeat(Math.ceil(100_000 / part.length)));
    for (const part of ['-----BEGIN PRIVATE KEY-----', 'eyJ', 'sk-', '?token=', 'authorization:', 'https://'])
      redact(part.repeat(Math.ceil(100_000 / part.length)));
    redact('a'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});

describe('secrets that were told', () => {
  const key = '0123456789abcdef'.repeat(4);

  it('go in every spelling', () => {
    const told = createRedactor([key, 'p@ss "word"', 'postgres://u:in%20side@h/d']);
    expect(told(`key ${key}!`)).toBe('key ***!');
    expect(told('p%40ss%20%22word%22 and p@ss "word"')).toBe('*** and ***');
    expect(told(JSON.stringify({ x: 'p@ss "word"' }))).toBe('{"x":"***"}');
    expect(told(Buffer.from('p@ss "word"').toString('base64'))).toBe('***');
    expect(told('the password is in side or in%20side')).toBe('the password is *** or ***');
    expect(
      createRedactor(['line-one-of-a-long-key\nline-two-of-a-long-key'])('x line-two-of-a-long-key'),
    ).toBe('x ***');
  });

  it('do not turn every letter into stars when one is empty or very short', () => {
    expect(createRedactor(['', 'a'])('banana')).toBe('banana');
  });

  it('are taken literally, whatever they hold', () => {
    expect(createRedactor(['a.*b$^(', '%E0%A4%A'])('a.*b$^( axxb %E0%A4%A')).toBe('*** axxb ***');
    expect(createRedactor(['postgres://u:100%zz@h/d'])('100%zz')).toBe('***');
  });
});

describe('a file without its secrets', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\r\nc2VjcmV0\n-----END PRIVATE KEY-----';
  const text = `CREATE ROLE a PASSWORD\n\t's3cr3t' VALID UNTIL 'x';\n-- 総額 ${key}\nALTER ROLE a PASSWORD $$two\nlines$$;\nSELECT 1;\n`;
  const source = new SourceFile('a.sql', text);

  it('has every line and column where it was, and no secret on any of them', () => {
    const masked = maskedSource(source, redact);
    expect(masked.text).toHaveLength(text.length);
    expect(masked.lineCount).toBe(source.lineCount);
    for (let line = 1; line <= source.lineCount; line += 1) {
      expect(masked.lineStart(line)).toBe(source.lineStart(line));
      expect(masked.line(line)).not.toMatch(/s3cr3t|MIIE|c2Vj|two|lines/);
    }
    expect(masked.line(2)).toBe("\t******** VALID UNTIL 'x';");
    expect(masked.line(source.lineCount - 2)).toBe('*******;');
    expect(masked.line(source.lineCount - 1)).toBe('SELECT 1;');
  });

  it('is made once, however many findings the file has', () => {
    let times = 0;
    const counted: Redactor = (whole, mask) => {
      times += 1;
      return redact(whole, mask);
    };
    for (let at = 0; at < 5; at += 1) maskedSource(source, counted);
    expect(times).toBe(1);
  });

  it.each(['text', 'markdown'] as const)('is what %s shows, wherever the frame is cut', async (format) => {
    const findings = ["'s3cr3t'", 'c2Vj', 'lines$$', 'SELECT 1'].map((words) => findingAbout(source, words));
    const result = clean({ reasonCode: 'findings', findings });
    const shown = await render(format, result, { redact, source: () => source });
    expect(shown).toContain('SELECT 1');
    expect(shown).toContain('*******');
    expect(shown).not.toMatch(/s3cr3t|MIIE|c2Vj|two|lines\$/);
  });
});

const told = 'correct-horse_battery*staple';
const secrets = [told, 's3cr3tPassw0rd', 'hunter2hunter2'];
const sql = `-- postgres://app:s3cr3tPassw0rd@db/shop
CREATE ROLE app LOGIN PASSWORD 'hunter2hunter2'; SELECT '${told}';
`;
const file = new SourceFile('db/1_roles.sql', sql);
const leaky: Result = clean({
  reasonCode: 'findings',
  message: `reached postgres://app:s3cr3tPassw0rd@db/shop`,
  next: `airlock validate --key ${told}`,
  layout: { id: 'airlock', why: `because of ${told}`, directory: 'db' },
  findings: [
    findingAbout(file, 'CREATE ROLE app LOGIN', {
      ruleId: 'role',
      message: `Role made with PASSWORD 'hunter2hunter2' and ${told}.`,
      why: `${told} is read by everybody.`,
      fix: 'Leave password=hunter2hunter2 out.',
      helpUrl: `https://airlock.example/?password=hunter2hunter2`,
      replacement: { line: 2, column: 1, endLine: 2, endColumn: 10, text: `SELECT '${told}'` },
    }),
    findingAbout(file, told, {
      ruleId: 'literal',
      replacement: { line: 2, column: 1, endLine: 2, endColumn: 7, text: 'ALTER' },
    }),
  ],
  refuted: [{ ...findingAbout(file, 'SELECT'), because: told }],
  ignores: [{ ruleId: 'x', file: file.path, line: 1, reason: told, suppressed: 1 }],
  notAnalysed: [{ file: `db/${told}.sql`, line: 1, reason: 'PGPASSWORD=hunter2hunter2' }],
});

describe('every output format', () => {
  const source = (path: string): SourceFile | undefined => (path === file.path ? file : undefined);

  it.each(formats)('%s holds no secret', async (format: Format) => {
    const text = await render(format, leaky, {
      redact: createRedactor([told]),
      source,
      rules,
      version: '1.0.0',
    });
    expect(text.length).toBeGreaterThan(100);
    const plain = text.replaceAll('\\', '').replaceAll('%2F', '/');
    for (const secret of secrets) expect(plain).not.toContain(secret);
    expect(text).toContain('*');
  });

  it('the check is not blind: without a redactor the same texts hold them', async () => {
    for (const format of formats) {
      const text = await render(format, leaky, { redact: (same) => same, source, rules, version: '1.0.0' });
      expect(text.replaceAll('\\', '')).toContain(told);
    }
  });

  it('a replacement with a secret in it is left out rather than changed', () => {
    const [first, second] = redactResult(leaky, createRedactor([told])).findings;
    expect(first).not.toHaveProperty('replacement');
    expect(second?.replacement?.text).toBe('ALTER');
  });
});

describe('the secrets of an environment', () => {
  it('are the values of what is named like one, default words aside', () => {
    expect(
      secretsIn({
        DEPLOY_TOKEN: 'a1b2c3d4',
        POSTGRES_PASSWORD: 'postgres',
        HOME: '/root',
        PROD_DATABASE_URL: 'postgres://a:b@c/d',
        SLACK_WEBHOOK: 'https://hooks/x',
        PGPASSWORD: 'a1b2',
        GITHUB_API_URL: 'https://api.github.com',
      }),
    ).toEqual(['a1b2c3d4', 'postgres://a:b@c/d', 'https://hooks/x', 'a1b2']);
  });
});
