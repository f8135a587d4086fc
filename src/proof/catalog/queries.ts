/**
 * Which objects are read: all, or those with these oids. With relations go their columns, constraints, indexes,
 * triggers and so on; `others` are schemas, types, extensions and what else there is no long list of.
 */
export interface Wanted {
  readonly relations: Oids;
  readonly routines: Oids;
  readonly comments: Oids;
  readonly others: boolean;
  /** System catalogs without a row of people's, of which nothing is asked. */
  readonly empty: ReadonlySet<string>;
}

type Oids = readonly number[] | 'all';

/**
 * What is read of the catalog (catalogs of the documentation), as one query. It gives rows of kind, object and facts,
 * the facts as a JSON object of texts; `part` says what the row is read with ("r16384"), `id` is the same whatever
 * the object is called. Names are written as SQL writes them: `%I`.
 */
export function catalogQuery(major: number, wanted: Wanted): string {
  const relation = only(wanted.relations);
  const unless = (catalog: string, query: string): string[] => (wanted.empty.has(catalog) ? [] : [query]);
  const queries = isNone(wanted.relations)
    ? []
    : [
        relations(relation),
        columns(major, relation),
        ...unless('pg_constraint', constraints(major, relation)),
        ...unless('pg_index', indexes(relation)),
        sequences(relation),
        ...unless('pg_rewrite', views(relation)),
        ...unless('pg_trigger', triggers(relation)),
        ...unless('pg_policy', policies(relation)),
        ...unless('pg_rewrite', rules(relation)),
        ...unless('pg_statistic_ext', statistics(relation)),
        relationPrivileges(relation),
      ];
  const routine = only(wanted.routines);
  if (!isNone(wanted.routines)) queries.push(routines(routine), routinePrivileges(routine));
  if (!isNone(wanted.comments)) queries.push(comments(only(wanted.comments)));
  if (wanted.others)
    queries.push(
      schemas,
      domainConstraints(major),
      types,
      enums,
      domains,
      extensions,
      eventTriggers,
      publications,
      otherPrivileges,
      defaultPrivileges,
    );
  return queries.map((query) => query.trim()).join('\nUNION ALL\n');
}

function isNone(oids: Oids): boolean {
  return oids !== 'all' && oids.length === 0;
}

/** A condition on a column with an oid. */
type Only = (oid: string) => string;

function only(wanted: Oids): Only {
  return (oid) => (wanted === 'all' ? 'true' : `${oid} = ANY ('{${wanted.join(',')}}'::oid[])`);
}

/** The first columns of what has an oid. */
function read(part: 'r' | 'f' | 'c', oid: string, id: string): string {
  return `SELECT '${part}' || ${oid} AS part, ${id} AS id,`;
}

/** The part of what is read together. */
export const OTHERS = 'o';

/** What has no id: it is named after what has one. */
const NO_ID = 'NULL::text';
const OTHER = `SELECT '${OTHERS}' AS part, ${NO_ID} AS id,`;

/** Schemas of people: not the system's, nor those of temporary objects. */
const OWN = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/** Not made by an extension. */
function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
}

const schemas = `
${OTHER} 'schema' AS kind, format('%I', n.nspname) AS object,
  json_build_object('owner', pg_get_userbyid(n.nspowner))::text AS facts
FROM pg_namespace n WHERE ${OWN} AND ${notOfExtension('pg_namespace', 'n.oid')}`;

const KINDS = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
  WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' END`;

const relations = (wanted: Only): string => `
${read('r', 'c.oid', `'class ' || c.oid`)} ${KINDS} AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'owner', pg_get_userbyid(c.relowner),
    'persistence', CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' ELSE 'permanent' END,
    'partitioned by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
    'partition bound', pg_get_expr(c.relpartbound, c.oid),
    'parents', (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
    'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o),
    'row level security', CASE WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
    'forced row level security', CASE WHEN c.relforcerowsecurity THEN 'on' ELSE 'off' END,
    'replica identity', CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE
      (SELECT 'index ' || x.indexrelid::regclass FROM pg_index x WHERE x.indrelid = c.oid AND x.indisreplident) END,
    'access method', (SELECT a.amname FROM pg_am a WHERE a.oid = c.relam),
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace)
  )::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('c.oid')} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${OWN} AND ${notOfExtension('pg_class', 'c.oid')}`;

function columns(major: number, wanted: Only): string {
  const compression =
    major >= 14 ? `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END` : 'NULL';
  return `
${read('r', 'c.oid', `'column ' || c.oid || '.' || a.attnum`)} 'column' AS kind, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS object,
  json_build_object(
    'type', format_type(a.atttypid, a.atttypmod),
    'null', CASE WHEN a.attnotnull THEN 'not null' ELSE 'nullable' END,
    'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
    'generated', CASE a.attgenerated WHEN 's' THEN pg_get_expr(d.adbin, d.adrelid) || ' stored'
      WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) || ' virtual' END,
    'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
    'collation', CASE WHEN a.attcollation <> t.typcollation THEN (SELECT format('%I', l.collname) FROM pg_collation l WHERE l.oid = a.attcollation) END,
    'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
      WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END END,
    'compression', ${compression},
    'statistics target', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END,
    'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o),
    'position', (SELECT count(*) FROM pg_attribute b WHERE b.attrelid = a.attrelid AND b.attnum BETWEEN 1 AND a.attnum AND NOT b.attisdropped)::text
  )::text AS facts
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE ${wanted('a.attrelid')} AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND ${OWN}
  AND ${notOfExtension('pg_class', 'c.oid')}`;
}

/** NOT NULL is a constraint with a name since 18; before, and for people, it is a property of the column. */
function constraints(major: number, wanted: Only): string {
  return `
${read('r', 'c.oid', `'constraint ' || k.oid`)} 'constraint' AS kind, format('%I.%I.%I', n.nspname, c.relname, k.conname) AS object,
  ${constraintFacts(major)} AS facts
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = k.connamespace
WHERE ${wanted('k.conrelid')} AND k.contype <> 'n' AND ${OWN} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

function domainConstraints(major: number): string {
  return `
${OTHER} 'constraint' AS kind, format('%I.%I.%I', n.nspname, t.typname, k.conname) AS object,
  ${constraintFacts(major)} AS facts
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.contype <> 'n' AND ${OWN}`;
}

function constraintFacts(major: number): string {
  const enforced = major >= 18 ? `CASE WHEN NOT k.conenforced THEN 'not enforced' END` : 'NULL';
  return `json_build_object(
    'definition', pg_get_constraintdef(k.oid),
    'validated', CASE WHEN k.convalidated THEN 'validated' ELSE 'not valid' END,
    'enforced', ${enforced}
  )::text`;
}

/** By the table too: there is no index on `conindid` alone, and all constraints would be read for each index. */
const indexes = (wanted: Only): string => `
${read('r', 'x.indrelid', `'class ' || c.oid`)} 'index' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'table', (SELECT format('%I.%I', tn.nspname, tc.relname) FROM pg_class tc JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE tc.oid = x.indrelid),
    'constraint', (SELECT format('%I.%I.%I', tn.nspname, tc.relname, k.conname) FROM pg_constraint k JOIN pg_class tc ON tc.oid = k.conrelid
      JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE k.conrelid = x.indrelid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x') LIMIT 1),
    'definition', pg_get_indexdef(x.indexrelid),
    'valid', CASE WHEN x.indisvalid THEN 'valid' ELSE 'invalid' END,
    'clustered', CASE WHEN x.indisclustered THEN 'clustered on' END,
    'tablespace', (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace)
  )::text AS facts
FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('x.indrelid')} AND ${OWN} AND ${notOfExtension('pg_class', 'x.indrelid')}`;

const sequences = (wanted: Only): string => `
${read('r', 'c.oid', NO_ID)} 'sequence settings' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object(
    'type', format_type(s.seqtypid, NULL), 'start', s.seqstart::text, 'increment', s.seqincrement::text,
    'minimum', s.seqmin::text, 'maximum', s.seqmax::text, 'cache', s.seqcache::text, 'cycle', CASE WHEN s.seqcycle THEN 'yes' ELSE 'no' END,
    'owned by', (SELECT format('%I.%I.%I', on_.nspname, oc.relname, a.attname) FROM pg_depend d
      JOIN pg_class oc ON oc.oid = d.refobjid JOIN pg_namespace on_ ON on_.oid = oc.relnamespace
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 LIMIT 1)
  )::text AS facts
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('s.seqrelid')} AND ${OWN} AND ${notOfExtension('pg_class', 'c.oid')}`;

/** Also of the views that read these: how a query is written out may go by the columns that its tables have. */
const views = (wanted: Only): string => `
${read('r', 'c.oid', NO_ID)} 'definition of view' AS kind, format('%I.%I', n.nspname, c.relname) AS object,
  json_build_object('query', pg_get_viewdef(c.oid), 'populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated::text END)::text AS facts
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND (${wanted('c.oid')} OR c.oid IN (
  SELECT w.ev_class FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND ${wanted('d.refobjid')})) AND ${OWN} AND ${notOfExtension('pg_class', 'c.oid')}`;

const triggers = (wanted: Only): string => `
${read('r', 'c.oid', `'trigger ' || g.oid`)} 'trigger' AS kind, format('%I.%I.%I', n.nspname, c.relname, g.tgname) AS object,
  json_build_object('definition', pg_get_triggerdef(g.oid),
    'enabled', CASE g.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only' ELSE 'always' END)::text AS facts
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('g.tgrelid')} AND NOT g.tgisinternal AND ${OWN} AND ${notOfExtension('pg_trigger', 'g.oid')}`;

const policies = (wanted: Only): string => `
${read('r', 'c.oid', `'policy ' || p.oid`)} 'policy' AS kind, format('%I.%I.%I', n.nspname, c.relname, p.polname) AS object,
  json_build_object(
    'command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
    'kind', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
    'roles', (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END, ', ' ORDER BY r) FROM unnest(p.polroles) r),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
  )::text AS facts
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('p.polrelid')} AND ${OWN}`;

const routines = (wanted: Only): string => `
${read('f', 'p.oid', `'routine ' || p.oid`)} CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
  format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS object,
  json_build_object('owner', pg_get_userbyid(p.proowner),
    'definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE format_type(p.prorettype, NULL) END)::text AS facts
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${wanted('p.oid')} AND ${OWN} AND ${notOfExtension('pg_proc', 'p.oid')}`;

/** Composite and range types; enums and domains have queries of their own, tables and arrays come with their makers. */
const types = `
${OTHER} 'type' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner), 'kind', CASE t.typtype WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range' WHEN 'm' THEN 'multirange' ELSE 'base' END,
    'range of', (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid))::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('c', 'r', 'b') AND (c.oid IS NULL OR c.relkind = 'c') AND t.typelem = 0 AND ${OWN} AND ${notOfExtension('pg_type', 't.oid')}`;

const enums = `
${OTHER} 'enum' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner),
    'values', (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${OWN} AND ${notOfExtension('pg_type', 't.oid')}`;

const domains = `
${OTHER} 'domain' AS kind, format('%I.%I', n.nspname, t.typname) AS object,
  json_build_object('owner', pg_get_userbyid(t.typowner), 'type', format_type(t.typbasetype, t.typtypmod),
    'null', CASE WHEN t.typnotnull THEN 'not null' ELSE 'nullable' END, 'default', t.typdefault)::text AS facts
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${OWN} AND ${notOfExtension('pg_type', 't.oid')}`;

const rules = (wanted: Only): string => `
${read('r', 'c.oid', `'rule ' || r.oid`)} 'rule' AS kind, format('%I.%I.%I', n.nspname, c.relname, r.rulename) AS object,
  json_build_object('definition', pg_get_ruledef(r.oid))::text AS facts
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${wanted('r.ev_class')} AND r.rulename <> '_RETURN' AND ${OWN}`;

const statistics = (wanted: Only): string => `
${read('r', 's.stxrelid', `'statistics ' || s.oid`)} 'statistics' AS kind, format('%I.%I', n.nspname, s.stxname) AS object,
  json_build_object('owner', pg_get_userbyid(s.stxowner), 'definition', pg_get_statisticsobjdef(s.oid))::text AS facts
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${wanted('s.stxrelid')} AND ${OWN}`;

const extensions = `
${OTHER} 'extension' AS kind, format('%I', e.extname) AS object,
  json_build_object('version', e.extversion, 'schema', n.nspname)::text AS facts
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`;

const eventTriggers = `
${OTHER} 'event trigger' AS kind, format('%I', e.evtname) AS object,
  json_build_object('event', e.evtevent, 'function', e.evtfoid::regproc::text, 'enabled', e.evtenabled::text,
    'tags', array_to_string(e.evttags, ', '))::text AS facts
FROM pg_event_trigger e`;

const publications = `
${OTHER} 'publication' AS kind, format('%I', p.pubname) AS object,
  json_build_object('owner', pg_get_userbyid(p.pubowner), 'all tables', p.puballtables::text,
    'operations', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
      CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
    'tables', (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid))::text AS facts
FROM pg_publication p`;

const comments = (wanted: Only): string => `
${read('c', 'd.objoid', NO_ID)} 'comment' AS kind, i.type || ' ' || i.identity AS object, json_build_object('text', d.description)::text AS facts
FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE d.objoid >= 16384 AND ${wanted('d.objoid')} AND i.identity IS NOT NULL AND coalesce(i.schema, '') !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
  AND d.classoid <> 'pg_extension'::regclass`;

/** One line a right. The owner's own rights and the defaults of PUBLIC that no GRANT wrote are not there: a null ACL says them. */
function privileges(first: string, of: string): string {
  return `
${first} 'privilege' AS kind,
  format('%s on %s %s to %s', lower(x.privilege_type), o.what, o.object, CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END) AS object,
  json_build_object('grantable', CASE WHEN x.is_grantable THEN 'with grant option' ELSE 'plain' END)::text AS facts
FROM (${of}) o (oid, what, object, acl, owner), aclexplode(o.acl) x
WHERE x.grantee <> o.owner`;
}

const relationPrivileges = (wanted: Only): string =>
  privileges(
    read('r', 'o.oid', NO_ID),
    `SELECT c.oid, 'relation', format('%I.%I', n.nspname, c.relname), c.relacl, c.relowner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${wanted('c.oid')} AND c.relacl IS NOT NULL AND ${OWN} AND ${notOfExtension('pg_class', 'c.oid')}
  UNION ALL SELECT c.oid, 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname), a.attacl, c.relowner
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${wanted('a.attrelid')} AND a.attacl IS NOT NULL AND NOT a.attisdropped AND ${OWN}`,
  );

const routinePrivileges = (wanted: Only): string =>
  privileges(
    read('f', 'o.oid', NO_ID),
    `SELECT p.oid, 'routine', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proacl, p.proowner
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${wanted('p.oid')} AND p.proacl IS NOT NULL AND ${OWN} AND ${notOfExtension('pg_proc', 'p.oid')}`,
  );

const otherPrivileges = privileges(
  OTHER,
  `SELECT n.oid, 'schema', format('%I', n.nspname), n.nspacl, n.nspowner FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND ${OWN}
  UNION ALL SELECT t.oid, 'type', format('%I.%I', n.nspname, t.typname), t.typacl, t.typowner
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL AND ${OWN} AND ${notOfExtension('pg_type', 't.oid')}`,
);

const defaultPrivileges = `
${OTHER} 'default privilege' AS kind,
  format('%s on %s of %s%s to %s', lower(x.privilege_type),
    CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE a.defaclobjtype::text END,
    pg_get_userbyid(a.defaclrole), COALESCE(' in ' || n.nspname, ''), CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee)::text END) AS object,
  json_build_object('grantable', CASE WHEN x.is_grantable THEN 'with grant option' ELSE 'plain' END)::text AS facts
FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace, aclexplode(a.defaclacl) x`;
