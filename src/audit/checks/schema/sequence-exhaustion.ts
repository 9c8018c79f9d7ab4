import { relationsOf } from '../../relations.js';
import { name, plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

const MEDIUM_SHARE = 0.75;
const HIGH_SHARE = 0.9;
const LARGEST: Readonly<Record<string, number>> = { int2: 2 ** 15 - 1, int4: 2 ** 31 - 1, int8: 2 ** 63 - 1 };

/** A sequence that comes near the largest value that it, or the column that it numbers, can hold. */
export const sequenceExhaustion = schemaCheck({
  id: 'sequence-exhaustion',
  severity: 'high',
  needs: ['tables', 'columns', 'sequences'],
  run: ({ sequences, ...parts }) => {
    const relations = relationsOf(parts);
    return sequences.flatMap((sequence) => {
      const { lastValue, increment, cycles, owner } = sequence;
      const column = owner && relations.column(owner.tableOid, owner.column);
      const limit = Math.min(sequence.maximum, LARGEST[column?.typeName ?? ''] ?? Infinity);
      if (lastValue === null || increment < 0 || cycles || lastValue < MEDIUM_SHARE * limit) return [];
      const table = owner && relations.table(owner.tableOid);
      const widened = table && column && column.typeName !== 'int8';
      return [
        {
          object: plainName(sequence),
          confidence: 'high' as const,
          basis: 'catalog' as const,
          evidence: `SELECT last_value, max_value, data_type FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename)::regclass = ${regclass(sequence)};`,
          severity: lastValue >= HIGH_SHARE * limit ? ('high' as const) : ('medium' as const),
          remedy: widened
            ? {
                step: 'alter' as const,
                statements: [
                  `ALTER SEQUENCE ${relation(sequence)} AS bigint;`,
                  `ALTER TABLE ${relation(table)} ALTER COLUMN ${name(column.name)} TYPE bigint;`,
                ],
                lock: { mode: 'ACCESS EXCLUSIVE' as const, held: 'while it rewrites' as const },
                rollback: [
                  `ALTER TABLE ${relation(table)} ALTER COLUMN ${name(column.name)} TYPE ${column.type};`,
                  `ALTER SEQUENCE ${relation(sequence)} AS ${sequence.type};`,
                ],
              }
            : null,
          data: {
            sequence: plainName(sequence),
            lastValue,
            limit,
            share: lastValue / limit,
            column: table && column ? `${plainName(table)}.${column.name}` : null,
          },
        },
      ];
    });
  },
});
