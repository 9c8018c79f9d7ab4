import { z } from 'zod';
import { findingKind } from '../../findings.js';
import { defectCodeSchema } from '../../vocabulary.js';
import { findingSchema } from './finding.js';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
/** A search setting by its full name. */
const setting = z.string();

/*
 * What an operator must know beside the recall of a live table. One line a kind; `reports/text` has the sentences.
 */

/* Of the index. */
export const indexInvalid = findingKind('index-invalid', 'high', z.strictObject({ index: z.string() }));
export const noIndex = findingKind(
  'no-index',
  'high',
  /** `others`: indexes that cannot be used. */
  z.strictObject({ table: z.string(), column: z.string(), others: count }),
);
export const indexNotUsed = findingKind(
  'index-not-used',
  'high',
  z.strictObject({
    /** As EXPLAIN names it: `Seq Scan on items`. */
    plan: z.string(),
    partial: z.array(z.strictObject({ index: z.string(), predicate: z.string() })).readonly(),
    isFiltered: z.boolean(),
  }),
);
export const partlyIndexed = findingKind(
  'partly-indexed',
  'medium',
  z.strictObject({ tables: z.array(z.string()).readonly() }),
);
export const planForced = findingKind('plan-forced', 'medium', z.strictObject({ setting }));

export const planDependsOnLimit = findingKind(
  'plan-depends-on-limit',
  'info',
  /** The largest LIMIT that an index serves, the LIMIT of the queries, and the plan for more rows. */
  z.strictObject({ last: count, asked: count, beyond: z.string() }),
);
export const vectorsOutOfLine = findingKind(
  'vectors-out-of-line',
  'info',
  z.strictObject({ share, bytes: count, column: z.string(), unusedIndex: z.boolean() }),
);
export const unevenLists = findingKind(
  'uneven-lists',
  'medium',
  /** Shares of the index that a query reads, and that it would read of even lists. */
  z.strictObject({ index: z.string(), read: share, even: share, probes: count, lists: count }),
);
export const rowSecurity = findingKind(
  'row-security',
  'medium',
  /** Whether this role is exempt from it. */
  z.strictObject({ table: z.string(), exempt: z.boolean() }),
);

/* Of missing rows. */
const shortShape = { share, meanCompleteness: z.number() };
export const limitAboveSetting = findingKind(
  'limit-above-setting',
  'high',
  /** The index gives at most `most` rows; k were asked for, and with `andItself` the row that is the query. */
  z.strictObject({ ...shortShape, setting, most: count, k: count, andItself: z.boolean() }),
);
export const endsAtSetting = findingKind(
  'ends-at-setting',
  'medium',
  z.strictObject({ ...shortShape, setting, most: count }),
);
export const rowsMissing = findingKind('rows-missing', 'medium', z.strictObject(shortShape));
export const iterativeScanOff = findingKind('iterative-scan-off', 'medium', z.strictObject({ setting }));
export const settingAtMinimum = findingKind(
  'setting-at-minimum',
  'medium',
  z.strictObject({ setting, value: z.number() }),
);
/** `lists`: of an IVFFlat index, whose recall depends on which rows its lists hold. */
export const deadRows = findingKind('dead-rows', 'medium', z.strictObject({ share, lists: z.boolean() }));

/* Of the table and its vectors. */
export const notAnalysed = findingKind('not-analysed', 'medium', z.strictObject({ table: z.string() }));
export const nullVectors = findingKind('null-vectors', 'info', z.strictObject({ share, column: z.string() }));
export const zeroVectors = findingKind('zero-vectors', 'medium', z.strictObject({ share, areQueries: z.boolean() }));
export const lengthsDiffer = findingKind('lengths-differ', 'medium', z.strictObject({ spread: z.number() }));
export const queriesInTable = findingKind('queries-in-table', 'medium', z.strictObject({ share }));
export const duplicateVectors = findingKind('duplicate-vectors', 'medium', z.strictObject({ share }));

/* Of what was asked. */
export const queriesAreRows = findingKind('queries-are-rows', 'info', z.strictObject({}));
export const quantised = findingKind('quantised', 'info', z.strictObject({}));
export const readFromOutside = findingKind('read-from-outside', 'medium', z.strictObject({ share: z.number() }));
export const queriesChanged = findingKind('queries-changed', 'info', z.strictObject({ queries: count }));
export const interrupted = findingKind('interrupted', 'high', z.strictObject({}));
export const activityHidden = findingKind('activity-hidden', 'info', z.strictObject({}));
export const knownDefect = findingKind(
  'known-defect',
  'medium',
  z.strictObject({ version: z.string(), defect: defectCodeSchema, fixedIn: z.string() }),
);

export const recallFindingSchema = z.discriminatedUnion('code', [
  indexInvalid.schema,
  noIndex.schema,
  indexNotUsed.schema,
  partlyIndexed.schema,
  planForced.schema,
  planDependsOnLimit.schema,
  vectorsOutOfLine.schema,
  unevenLists.schema,
  rowSecurity.schema,
  limitAboveSetting.schema,
  endsAtSetting.schema,
  rowsMissing.schema,
  iterativeScanOff.schema,
  settingAtMinimum.schema,
  deadRows.schema,
  notAnalysed.schema,
  nullVectors.schema,
  zeroVectors.schema,
  lengthsDiffer.schema,
  queriesInTable.schema,
  duplicateVectors.schema,
  queriesAreRows.schema,
  quantised.schema,
  readFromOutside.schema,
  queriesChanged.schema,
  interrupted.schema,
  activityHidden.schema,
  knownDefect.schema,
  ...findingSchema.options,
]);
export type RecallFinding = z.infer<typeof recallFindingSchema>;
