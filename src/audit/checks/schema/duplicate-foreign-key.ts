import { groupBy } from '../../../group-by.js';
import { relationsOf } from '../../relations.js';
import { name, plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

/** The same rule twice: each write checks it twice. */
export const duplicateForeignKey = schemaCheck({
  id: 'duplicate-foreign-key',
  severity: 'low',
  needs: ['tables', 'foreignKeys'],
  run: ({ tables, foreignKeys }) => {
    const { table } = relationsOf({ tables });
    const alike = groupBy(foreignKeys, ({ tableOid, referencedTableOid, definition }) =>
      JSON.stringify([tableOid, referencedTableOid, definition.replace(/ NOT VALID$/, '')]),
    );
    return [...alike.values()].flatMap((group) => {
      const [kept, ...others] = group.toSorted((a, b) => Number(b.validated) - Number(a.validated));
      return others.map((key) => {
        const own = table(key.tableOid);
        return {
          object: `${plainName(own)}.${key.name}`,
          confidence: 'high' as const,
          basis: 'catalog' as const,
          evidence: `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = ${regclass(own)};`,
          remedy: {
            step: 'drop' as const,
            statements: [`ALTER TABLE ${relation(own)} DROP CONSTRAINT IF EXISTS ${name(key.name)};`],
            lock: { mode: 'ACCESS EXCLUSIVE' as const, held: 'for a moment' as const },
            rollback: [
              `ALTER TABLE ${relation(own)} ADD CONSTRAINT ${name(key.name)} ${key.definition.replace(/( NOT VALID)?$/, ' NOT VALID')};`,
            ],
          },
          data: { constraint: key.name, kept: kept!.name, definition: key.definition },
        };
      });
    });
  },
});
