import { qualified } from './identifiers.js';
import type { Session } from './session.js';

/**
 * Loads the libraries of extensions that settings belong to: `diskann.query_rescore` exists only once the library behind
 * the access method `diskann`, or an extension of that name, is loaded, which happens when something of it is first used.
 * Where there is no such extension nothing happens.
 *
 * @param prefixes the part before the dot in names of settings
 */
export async function loadLibrariesOf(session: Session, prefixes: readonly string[]): Promise<void> {
  // A function in C that is strict is looked up, which loads its library, and for a null not called.
  const rows = await session.query<{ schema: string; name: string; types: string[] }>(
    `SELECT DISTINCT ON (e.oid) n.nspname AS schema, p.proname AS name,
            ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t) AS types
       FROM pg_extension e
       LEFT JOIN pg_depend am ON am.refclassid = 'pg_extension'::regclass AND am.refobjid = e.oid
                             AND am.classid = 'pg_am'::regclass AND am.deptype = 'e'
       LEFT JOIN pg_am a ON a.oid = am.objid
       JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
                       AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
       JOIN pg_proc p ON p.oid = d.objid
       JOIN pg_language l ON l.oid = p.prolang
       JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE (e.extname = ANY ($1) OR a.amname = ANY ($1))
        AND l.lanname = 'c' AND p.prokind = 'f' AND p.proisstrict AND NOT p.proretset AND p.pronargs > 0
        AND has_function_privilege(p.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) AS t JOIN pg_type y ON y.oid = t WHERE y.typtype = 'p')
        AND p.prorettype NOT IN (SELECT oid FROM pg_type WHERE typtype = 'p')
      ORDER BY e.oid, p.pronargs, p.proname`,
    [[...prefixes]],
  );
  for (const { schema, name, types } of rows) {
    // From a sub-select, because the planner would fold a call with a constant null away.
    const nulls = types.map((type) => `(SELECT NULL::${type} OFFSET 0)`).join(', ');
    await session.query(`SELECT ${qualified(schema, name)}(${nulls}) IS NULL AS loaded`);
  }
}
