import { describe, expect, it } from 'vitest';
import { compareDatabases, placeOf } from '../../src/proof/same-database.ts';

describe('two addresses', () => {
  it.each([
    ['postgres://a:b@db.example.com/shop', 'postgresql://c:d@DB.example.com:5432/shop?sslmode=require'],
    ['postgres://db.example.com./shop', 'jdbc:postgresql://db.example.com/shop?user=x&password=y'],
    ['postgres://localhost/shop', 'postgres://127.0.0.1/shop'],
    ['postgres://localhost/shop', 'postgres://[::1]:5432/shop'],
    ['postgres://localhost/shop', 'postgres://0x7f000001/shop'],
    ['postgres://localhost/shop', 'postgres://%2Fvar%2Frun%2Fpostgresql/shop'],
    ['postgres://localhost/shop', 'postgres:///shop?host=/tmp'],
    ['postgres://localhost/shop', 'postgres:///shop'],
    ['postgres://localhost/shop', 'postgres://host.docker.internal/shop'],
    ['postgres://localhost/shop', 'postgres://elsewhere/shop?host=localhost'],
    ['postgres://db/shop', 'postgres://db/?dbname=shop'],
    ['postgres://db/shop', 'postgres://shop@db'],
    ['postgres://db/sh%6Fp', 'postgresql+asyncpg://db/shop'],
    ['postgres://db:6000/shop', 'postgres://db/shop?port=6000'],
    ['postgres://192.168.1.1/shop', 'postgres://3232235777/shop'],
    ['postgres://ep-a-1-pooler.eu.aws.neon.tech/shop', 'postgres://ep-a-1.eu.aws.neon.tech/shop'],
    [
      'postgres://postgres.abcd:x@aws-0-eu.pooler.supabase.com/postgres',
      'postgres://postgres:x@db.abcd.supabase.co/postgres',
    ],
    ['postgres://private-x.b.db.ondigitalocean.com/shop', 'postgres://x.b.db.ondigitalocean.com/shop'],
    [
      'postgres://x.cluster-ro-abc1.eu-west-1.rds.amazonaws.com/shop',
      'postgres://x.cluster-abc1.eu-west-1.rds.amazonaws.com/shop',
    ],
  ])('lead to the same database: %s and %s', (one, other) => {
    expect(compareDatabases(one, other).kind).toBe('same');
    expect(compareDatabases(other, one).kind).toBe('same');
  });

  it.each([
    ['postgres://db/shop', 'postgres://db/other', 'same server'],
    ['postgres://db/shop', 'postgres://db:6543/shop', 'pooler'],
    ['postgres://db/shop', 'postgres://db:7777/shop', 'pooler'],
    ['postgres://localhost/shop', 'postgres://localhost:6432/shop', 'pooler'],
    ['postgres://db/shop', 'postgres://db/%zz', 'cannot be read'],
    ['postgres://db/shop', 'host=db dbname=shop', 'cannot be read'],
    ['postgres://db/shop', 'mysql://db/shop', 'cannot be read'],
    ['postgres://db/shop', 'postgres://db,standby/shop', 'cannot be read'],
    ['postgres://db/shop', 'postgres:///shop?host=standby,db', 'cannot be read'],
    ['postgres://db/shop', 'postgres://standby:5432,db:5432/shop', 'cannot be read'],
  ])('may lead to one server: %s and %s', (one, other, because) => {
    for (const likeness of [compareDatabases(one, other), compareDatabases(other, one)])
      expect(likeness).toEqual({ kind: 'alike', because: expect.stringContaining(because) });
  });

  it.each([
    ['postgres://db/shop', 'postgres://db2/shop'],
    ['postgres://localhost/shop', 'postgres://localhost:54320/shop'],
    ['postgres://localhost:5433/shop', 'postgres://localhost:5432/other'],
    ['postgres://128.0.0.1/shop', 'postgres://127.0.0.1/shop'],
    ['postgres://ep-a-1-pooler.eu.aws.neon.tech/shop', 'postgres://ep-b-1.eu.aws.neon.tech/shop'],
    ['postgres://postgres.abcd@aws-0-eu.pooler.supabase.com/p', 'postgres://postgres@db.efgh.supabase.co/p'],
    ['postgres://localhost.example.com/shop', 'postgres://localhost/shop'],
  ])('lead to different ones: %s and %s', (one, other) => {
    expect(compareDatabases(one, other)).toEqual({ kind: 'different' });
  });

  it('are read without their user and password', () => {
    expect(placeOf('postgres://ada:secret@Db.Example.com/Shop')).toEqual({
      host: 'db.example.com',
      port: 5432,
      database: 'Shop',
    });
  });
});
