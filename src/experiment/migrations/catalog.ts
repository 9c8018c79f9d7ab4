import type { CatalogEntry } from '../../migrations/index.js';
import type { Session } from '../../postgres/index.js';

/** Schemas of the server itself. */
const OWN = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;
/** Members of extensions come and go with those. */
const notMember = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
const rights = (acl: string): string =>
  `(SELECT string_agg(format('%s=%s%s', coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC'), a.privilege_type, CASE WHEN a.is_grantable THEN '*' ELSE '' END), ' ' ORDER BY a.grantee::regrole::text, a.privilege_type) FROM aclexplode(${acl}) a)`;

/**
 * What is read of each class of objects: `name` says which one, `definition` all that makes it what it is. Nothing depends
 * on object identifiers, physical positions or the order of creation.
 */
const QUERIES: readonly (readonly [string, string])[] = [
  [
    'schema',
    `SELECT n.nspname AS name, ${rights('n.nspacl')} AS definition FROM pg_namespace n WHERE n.nspname <> 'public' AND ${OWN}`,
  ],
  [
    'extension',
    `SELECT e.extname AS name, concat_ws(' ', n.nspname, e.extversion) AS definition FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
  ],
  [
    'table',
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            concat_ws(' ', c.relkind, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
                      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid),
                      (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
                      ${rights('c.relacl')}) AS definition
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'f') AND ${OWN} AND ${notMember('pg_class', 'c.oid')}`,
  ],
  [
    'column',
    `SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
            concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'default ' || pg_get_expr(b.adbin, b.adrelid),
                      'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
                      'collation ' || nullif(a.attcollation, t.typcollation)::regcollation::text, 'storage ' || a.attstorage::text,
                      'compression ' || nullif(a.attcompression::text, ''), 'statistics ' || nullif(a.attstattarget, -1)::text,
                      ${rights('a.attacl')}) AS definition
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef b ON b.adrelid = c.oid AND b.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND ${OWN} AND ${notMember('pg_class', 'c.oid')}`,
  ],
  [
    'constraint',
    `SELECT format('%s.%I', coalesce(nullif(c.conrelid, 0)::regclass::text, c.contypid::regtype::text), c.conname) AS name,
            concat_ws(' ', pg_get_constraintdef(c.oid), CASE WHEN NOT c.convalidated THEN 'not validated' END) AS definition
     FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
     WHERE c.contype IN ('c', 'f', 'p', 'u', 'x') AND ${OWN} AND ${notMember('pg_class', 'c.conrelid')} AND ${notMember('pg_type', 'c.contypid')}`,
  ],
  [
    'index',
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'invalid' END,
                      CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'replica identity' END) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OWN} AND ${notMember('pg_class', 'i.indrelid')}`,
  ],
  [
    'sequence',
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
                      (SELECT format('owned by %s.%s', d.refobjid::regclass, a.attname) FROM pg_depend d
                       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')), ${rights('c.relacl')}) AS definition
     FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OWN} AND ${notMember('pg_class', 'c.oid')}`,
  ],
  [
    'view',
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, concat_ws(' ', c.relkind, c.reloptions::text, pg_get_viewdef(c.oid), ${rights('c.relacl')}) AS definition
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('v', 'm') AND ${OWN} AND ${notMember('pg_class', 'c.oid')}`,
  ],
  [
    'function',
    `SELECT p.oid::regprocedure::text AS name,
            concat_ws(' ', CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE p.prokind::text END, ${rights('p.proacl')}) AS definition
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN} AND ${notMember('pg_proc', 'p.oid')}`,
  ],
  [
    'trigger',
    `SELECT format('%s.%I', t.tgrelid::regclass, t.tgname) AS name, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) AS definition
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND ${OWN}`,
  ],
  [
    'policy',
    `SELECT format('%s.%I', p.polrelid::regclass, p.polname) AS name,
            concat_ws(' ', p.polcmd, p.polpermissive, (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE r::regrole::text END, ',' ORDER BY r) FROM unnest(p.polroles) r),
                      'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid)) AS definition
     FROM pg_policy p`,
  ],
  [
    'rule',
    `SELECT format('%s.%I', r.ev_class::regclass, r.rulename) AS name, pg_get_ruledef(r.oid) AS definition
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${OWN}`,
  ],
  [
    'type',
    `SELECT format('%I.%I', n.nspname, t.typname) AS name,
            concat_ws(' ', t.typtype, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
                      CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, t.typdefault, CASE WHEN t.typnotnull THEN 'NOT NULL' END,
                      ${rights('t.typacl')}) AS definition
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typtype IN ('e', 'd', 'r', 'c') AND (t.typrelid = 0 OR c.relkind = 'c') AND ${OWN} AND ${notMember('pg_type', 't.oid')}`,
  ],
  [
    'statistics',
    `SELECT format('%I.%I', n.nspname, s.stxname) AS name, pg_get_statisticsobjdef(s.oid) AS definition
     FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${OWN}`,
  ],
  [
    'publication',
    `SELECT p.pubname AS name, concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
            (SELECT string_agg(r.prrelid::regclass::text, ',' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid)) AS definition
     FROM pg_publication p`,
  ],
  [
    'comment',
    `SELECT i.type || ' ' || i.identity AS name, d.description AS definition
     FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
     WHERE d.objoid >= 16384 AND i.type <> 'extension' AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
  ],
  [
    'default-privileges',
    `SELECT concat_ws(' ', a.defaclrole::regrole, a.defaclnamespace::regnamespace, a.defaclobjtype) AS name, ${rights('a.defaclacl')} AS definition FROM pg_default_acl a`,
  ],
];

/** The catalog of a database, normalised: the same schema gives the same entries, however it came about. */
export function readCatalog(session: Session): Promise<readonly CatalogEntry[]> {
  return session.rolledBack(async () => {
    // The server writes a schema before each name that the search path does not find.
    await session.query('SET LOCAL search_path TO public');
    const entries: CatalogEntry[] = [];
    for (const [of, sql] of QUERIES) {
      const rows = await session.query<{ name: string; definition: string | null }>(sql);
      entries.push(...rows.map(({ name, definition }) => ({ class: of, name, definition: definition ?? '' })));
    }
    return entries;
  });
}
