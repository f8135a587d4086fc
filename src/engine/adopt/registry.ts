import type { Adopter } from './adopter.ts';
import { dbmate } from './dbmate.ts';
import { diesel } from './diesel.ts';
import { drizzle } from './drizzle.ts';
import { flyway } from './flyway.ts';
import { golangMigrate } from './golang-migrate.ts';
import { goose } from './goose.ts';
import { nodePgMigrate } from './node-pg-migrate.ts';
import { prisma } from './prisma.ts';
import { sqitch } from './sqitch.ts';
import { sqlMigrate } from './sql-migrate.ts';
import { sqlx } from './sqlx.ts';

/** By the layout of their files. */
export const adopters: ReadonlyMap<string, Adopter> = new Map(
  [
    golangMigrate,
    flyway,
    diesel,
    sqlx,
    dbmate,
    goose,
    sqlMigrate,
    prisma,
    drizzle,
    nodePgMigrate,
    sqitch,
  ].map((adopter) => [adopter.layout, adopter]),
);
