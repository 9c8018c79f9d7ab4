import { isNarrower, mismatches } from '../../foreign-key-types.js';
import { relationsOf } from '../../relations.js';
import { name, plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

/** Types that differ make PostgreSQL convert one of them at each comparison, and may keep an index from being used. */
export const foreignKeyTypeMismatch = schemaCheck({
  id: 'foreign-key-type-mismatch',
  severity: 'medium',
  needs: ['tables', 'columns', 'foreignKeys'],
  run: ({ foreignKeys, ...parts }) => {
    const relations = relationsOf(parts);
    return foreignKeys.flatMap((key) =>
      mismatches(key, relations)
        .filter((pair) => !isNarrower(pair))
        .map(({ own, referenced }) => {
          const table = relations.table(key.tableOid);
          return {
            object: `${plainName(table)}.${own.name}`,
            confidence: 'high' as const,
            basis: 'catalog' as const,
            evidence: `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${regclass(table)} AND attnum = ${own.number};`,
            remedy: {
              step: 'alter' as const,
              statements: [`ALTER TABLE ${relation(table)} ALTER COLUMN ${name(own.name)} TYPE ${referenced.type};`],
              lock: { mode: 'ACCESS EXCLUSIVE' as const, held: 'while it rewrites' as const },
              rollback: [`ALTER TABLE ${relation(table)} ALTER COLUMN ${name(own.name)} TYPE ${own.type};`],
            },
            data: {
              constraint: key.name,
              column: `${plainName(table)}.${own.name}`,
              type: own.type,
              referenced: `${plainName(relations.table(key.referencedTableOid))}.${referenced.name}`,
              referencedType: referenced.type,
            },
          };
        }),
    );
  },
});
