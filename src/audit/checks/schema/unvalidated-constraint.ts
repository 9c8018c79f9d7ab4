import { relationsOf } from '../../relations.js';
import { name, plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

/** A constraint that new rows obey and old ones may not; the planner does not rely on it. */
export const unvalidatedConstraint = schemaCheck({
  id: 'unvalidated-constraint',
  severity: 'medium',
  needs: ['tables', 'foreignKeys', 'checkConstraints'],
  run: ({ tables, foreignKeys, checkConstraints }) => {
    const { table } = relationsOf({ tables });
    return [...foreignKeys, ...checkConstraints]
      .filter(({ validated }) => !validated)
      .map((constraint) => {
        const own = table(constraint.tableOid);
        return {
          object: `${plainName(own)}.${constraint.name}`,
          confidence: 'high',
          basis: 'catalog',
          evidence: `SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = ${regclass(own)} AND NOT convalidated;`,
          remedy: {
            step: 'validate',
            statements: [`ALTER TABLE ${relation(own)} VALIDATE CONSTRAINT ${name(constraint.name)};`],
            lock: { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it scans' },
            rollback: [],
          },
          data: { constraint: constraint.name, table: plainName(own), definition: constraint.definition },
        };
      });
  },
});
