import { describe, expect, test } from 'vitest';
import { git, write } from '../../workspace/temporary.ts';
import { CLI, type Ended, INDEX, parsed, projectWith, ruleIds, run, TABLES } from './run-cli.ts';

/** A project whose scripts call the built command line, as a user's would, with a warning and an error in it. */
function project(): string {
  const script = (command: string): string => `"${process.execPath}" "${CLI}" ${command}`;
  return projectWith({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { 'migrate:validate': script('validate'), 'migrate:create': script('create') },
    }),
    'migrations/001_tables.sql': TABLES,
    'migrations/002_index.sql': INDEX,
  });
}

function npmRun(cwd: string, ...args: string[]): Promise<Ended> {
  // npm's own look for a newer npm is no part of this.
  const env = { HOME: cwd, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  return run('npm', ['run', '--silent', ...args], { cwd, env });
}

describe.concurrent('flags that npm keeps for itself', () => {
  test('--json arrives and is obeyed', async () => {
    const cwd = project();
    const whole = await npmRun(cwd, 'migrate:validate', '--json', '--fail-on=never');
    expect(ruleIds(whole)).toContain('create-index-concurrently');
    expect(whole.code).toBe(0);
    // Where the script fails, npm (which obeys --json, too) may print an object of its own behind Airlock's.
    const failed = await npmRun(cwd, 'migrate:validate', '--json');
    expect(failed.code).toBe(1);
    expect(failed.out.startsWith(whole.out)).toBe(true);
  });

  test('--fail-on=never and --changed-since=main arrive with their values', async () => {
    const cwd = project();
    write(cwd, 'migrations/003_more.sql', INDEX.replaceAll('note', 'user_id'));
    const ended = await npmRun(cwd, 'migrate:validate', '--json', '--fail-on=never', '--changed-since=main');
    expect(ended.code).toBe(0);
    expect(parsed(ended).checked?.migrations).toBe(1);
  });

  test('--fix arrives and asks for its files', async () => {
    const ended = await npmRun(project(), 'migrate:validate', '--fix');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('say which are new');
  });

  test.each([
    [['--changed-since', 'main'], '--changed-since main'],
    [['--fail-on', 'warning'], '--fail-on warning'],
    [['--format', 'sarif'], '--format sarif'],
    [['--format=sarif'], '--format sarif'],
    [['--directory', 'db'], '--directory db'],
    [['--target-version', '16'], '--target-version 16'],
    [['--changed-since', 'main', '--fail-on', 'warning'], '--changed-since <ref> --fail-on <severity>'],
  ])('%j is torn apart, and refused with the line to type', async (flags, line) => {
    const ended = await npmRun(project(), 'migrate:validate', ...flags);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(`next: npm run migrate:validate -- ${line}\n`);
  });

  test('create --type dml is refused with the line to type, --type=dml and --breaking are understood', async () => {
    const cwd = project();
    const torn = await npmRun(cwd, 'migrate:create', 'fill', '--type', 'dml');
    expect(torn).toMatchObject({ code: 2, out: '' });
    expect(torn.err).toContain('next: npm run migrate:create -- <name> --type <type>\n');
    const whole = await npmRun(cwd, 'migrate:create', 'fill', '--type=dml', '--breaking');
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(git(cwd, 'status', '--porcelain')).toMatch(/_fill\.sql$/);
  });

  test('what npm itself was set to by the machine consents to nothing', async () => {
    const cwd = project();
    const script = `"${process.execPath}" "${CLI}" repair`;
    write(cwd, 'package.json', JSON.stringify({ name: 'shop', scripts: { 'migrate:repair': script } }));
    write(cwd, '.npmrc', 'yes=true\nforce=true\n');
    const ended = await npmRun(cwd, 'migrate:repair');
    expect(ended.err).toContain(
      'warning: --yes of npm does not count for Airlock. Where it is meant: npm run migrate:repair -- --yes\n',
    );
  });

  test('behind -- everything arrives as typed', async () => {
    const ended = await npmRun(project(), 'migrate:validate', '--', '--format', 'json', '--fail-on', 'never');
    expect(ended.code).toBe(0);
    expect(parsed(ended).checked?.migrations).toBe(2);
  });
});
