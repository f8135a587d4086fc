import { describe, expect, it } from 'vitest';
import { locateMigrations } from '../../src/migration/locate.ts';

const found = (...paths: string[]) => locateMigrations(paths).map(({ directory }) => directory);

describe('locating migrations', () => {
  it.each([
    ['migrations', 'migrations/001_a.up.sql'],
    ['db/migrations', 'db/migrations/20240101000000_a.sql'],
    ['db/migrate', 'db/migrate/001_a.sql'],
    ['prisma/migrations', 'prisma/migrations/20240101_a/migration.sql'],
    ['supabase/migrations', 'supabase/migrations/20240101000000_a.sql'],
    ['drizzle', 'drizzle/0000_a.sql'],
    ['src/main/resources/db/migration', 'src/main/resources/db/migration/V1__a.sql'],
    ['src/main/resources/db/migration', 'src/main/resources/db/migration/sub/V1__a.sql'],
    ['hasura/migrations/default', 'hasura/migrations/default/1700000000000_a/up.sql'],
    ['database/migrations', 'database/migrations/0001-a.sql'],
    ['app/schema', 'app/schema/001_a.sql'],
    ['schema', 'schema/v1.0/base.sql'],
    ['store', 'store/12/03_a.up.sql'],
    ['', '001_a.sql'],
    ['', '20240101_a/up.sql'],
  ])('finds %s', (directory, path) => {
    expect(found(path)).toEqual([directory]);
  });

  it('finds folders by the files that only they have', () => {
    expect(found('src/sqitch.plan', 'src/deploy/a.sql', 'src/revert/a.sql')).toEqual(['src']);
    expect(found('sqitch.plan', 'deploy/a.sql')).toEqual(['']);
    expect(found('db/committed/000001.sql', 'db/current.sql')).toEqual(['db']);
    expect(found('server/meta/_journal.json', 'server/0000_a.sql')).toEqual(['server']);
  });

  it('puts PostgreSQL before other databases, and the application before its tests', () => {
    expect(
      found('migrations/mysql/1_a.sql', 'migrations/mysql/2_a.sql', 'migrations/postgres/1_a.sql'),
    ).toEqual(['migrations/postgres', 'migrations/mysql']);
    expect(found('testdata/migrations/1_a.sql', 'testdata/migrations/2_a.sql', 'internal/1_a.sql')[0]).toBe(
      'internal',
    );
  });

  it('proposes no folder of other SQL', () => {
    expect(found('queries/users.sql', 'queries/orders.sql', 'README.md', 'migrations/README.md')).toEqual([]);
  });

  it('survives folders that end in .sql', () => {
    expect(found('migrations/001_a.sql/up.sql', 'x.sql/y.sql')).toEqual(['migrations']);
  });

  it('says why', () => {
    expect(locateMigrations(['db/migrations/1_a.sql'])[0]?.why).toBe(
      'db/migrations is a usual place, and 1 file is named like a migration',
    );
  });
});
