/**
 * Bundles of PGlite, and of pgvector's package for it, that are shipped, with the extensions that each brings. Left out: file_fdw, which reads the
 * server's files, and passwordcheck, auto_explain and pg_overexplain, which are no extensions but libraries to LOAD.
 */
const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  amcheck: ['amcheck'],
  bloom: ['bloom'],
  btree_gin: ['btree_gin'],
  btree_gist: ['btree_gist'],
  citext: ['citext'],
  cube: ['cube'],
  dict_int: ['dict_int'],
  dict_xsyn: ['dict_xsyn'],
  earthdistance: ['earthdistance'],
  fuzzystrmatch: ['fuzzystrmatch'],
  hstore: ['hstore'],
  intarray: ['intarray'],
  isn: ['isn'],
  lo: ['lo'],
  ltree: ['ltree'],
  pageinspect: ['pageinspect'],
  pg_buffercache: ['pg_buffercache'],
  pg_freespacemap: ['pg_freespacemap'],
  pg_stat_statements: ['pg_stat_statements'],
  pg_trgm: ['pg_trgm'],
  pg_visibility: ['pg_visibility'],
  pgcrypto: ['pgcrypto'],
  seg: ['seg'],
  spi: ['autoinc', 'insert_username', 'moddatetime', 'refint'],
  tablefunc: ['tablefunc'],
  tcn: ['tcn'],
  tsm_system_rows: ['tsm_system_rows'],
  tsm_system_time: ['tsm_system_time'],
  unaccent: ['unaccent'],
  'uuid-ossp': ['uuid-ossp'],
  vector: ['vector'],
};

/** Extensions that another one needs, by its control file. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { earthdistance: ['cube'] };

/** In every database from the start, and so without a bundle. */
const BUILT_IN = 'plpgsql';

/** Names of the files below extensions/, without their endings. */
export const bundles: readonly string[] = Object.keys(BUNDLES);

/** Extensions that can be created in an embedded chamber. */
export const availableExtensions: ReadonlySet<string> = new Set([BUILT_IN, ...Object.values(BUNDLES).flat()]);

/** The bundles that bring these extensions and what they need; an extension that cannot be had has none. */
export function bundlesOf(extensions: Iterable<string>): string[] {
  const wanted = [...extensions].flatMap((name) => [name, ...(NEEDS[name] ?? [])]);
  return bundles.filter((bundle) => BUNDLES[bundle]?.some((name) => wanted.includes(name)));
}

/** The control files of a bundle: share/postgresql/extension/<name>.control. */
export function extensionsIn(bundle: string): readonly string[] {
  return BUNDLES[bundle] ?? [];
}
