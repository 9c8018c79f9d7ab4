import type { FindingOf } from '../../../findings.js';
import { discouragedType } from './discouraged-type.js';
import { duplicateForeignKey } from './duplicate-foreign-key.js';
import { foreignKeyTypeMismatch } from './foreign-key-type-mismatch.js';
import { largeToast } from './large-toast.js';
import { narrowForeignKey } from './narrow-foreign-key.js';
import { noPrimaryKey } from './no-primary-key.js';
import { sequenceExhaustion } from './sequence-exhaustion.js';
import { timestampWithoutTimeZone } from './timestamp-without-time-zone.js';
import { unloggedTable } from './unlogged-table.js';
import { unvalidatedConstraint } from './unvalidated-constraint.js';

/** How tables are designed. */
export const schemaChecks = [
  noPrimaryKey,
  sequenceExhaustion,
  narrowForeignKey,
  foreignKeyTypeMismatch,
  unvalidatedConstraint,
  duplicateForeignKey,
  timestampWithoutTimeZone,
  discouragedType,
  largeToast,
  unloggedTable,
] as const;

export type SchemaFinding = FindingOf<(typeof schemaChecks)[number]>;
