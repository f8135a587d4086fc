import type { Layout } from '../layout.ts';
import { airlock } from './airlock.ts';
import { dbmate } from './dbmate.ts';
import { diesel } from './diesel.ts';
import { drizzle } from './drizzle.ts';
import { flyway } from './flyway.ts';
import { golangMigrate } from './golang-migrate.ts';
import { goose } from './goose.ts';
import { graphileMigrate } from './graphile-migrate.ts';
import { hasura } from './hasura.ts';
import { nodePgMigrate } from './node-pg-migrate.ts';
import { numbered } from './numbered.ts';
import { postgresMigrations } from './postgres-migrations.ts';
import { prisma } from './prisma.ts';
import { sqitch } from './sqitch.ts';
import { sqlMigrate } from './sql-migrate.ts';
import { sqlx } from './sqlx.ts';
import { supabase } from './supabase.ts';

/** Every layout that Airlock reads, its own first. */
export const LAYOUTS: readonly Layout[] = [
  airlock,
  golangMigrate,
  sqlx,
  diesel,
  hasura,
  goose,
  sqlMigrate,
  dbmate,
  nodePgMigrate,
  flyway,
  prisma,
  drizzle,
  supabase,
  graphileMigrate,
  sqitch,
  postgresMigrations,
  numbered,
];

/** The same by id. */
export const layouts: ReadonlyMap<string, Layout> = new Map(LAYOUTS.map((layout) => [layout.id, layout]));
