import type { SearchRemedy } from '../../results/index.js';

/** Statements that carry a remedy out; none where it is in the rewritten statement, or there is none. */
export function remedySql(remedy: SearchRemedy): readonly string[] {
  switch (remedy.kind) {
    case 'create-index':
      return remedy.tables.map(
        (table) =>
          `CREATE INDEX CONCURRENTLY ON ${table} USING ${remedy.method} (${remedy.expression} ${remedy.operatorClass})${remedy.predicate === null ? '' : ` WHERE ${remedy.predicate}`};`,
      );
    case 'reindex':
      return [`REINDEX INDEX CONCURRENTLY ${remedy.index};`];
    case 'analyze':
      return [`ANALYZE ${remedy.table};`];
    case 'setting':
      return Object.entries(remedy.settings).map(([name, value]) => `SET LOCAL ${name} = '${value}';`);
    case 'rewrite':
    case 'none':
      return [];
  }
}

/** A statement with settings that must not outlive it. */
export function statementSql(sql: string, settings: Readonly<Record<string, string>>): string {
  const set = remedySql({ kind: 'setting', settings });
  return set.length === 0 ? `${sql};` : ['BEGIN;', ...set, `${sql};`, 'COMMIT;'].join('\n');
}
