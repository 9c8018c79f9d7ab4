import type { z } from 'zod';
import { buildKind } from './build.js';
import { churnKind } from './churn.js';
import { fusionsKind } from './fusions.js';
import { pagesKind } from './pages.js';
import { plannerMapKind } from './planner-map.js';
import { plansKind } from './plans.js';
import { pointKind } from './point.js';
import { shardedKind } from './sharded.js';
import { throughputKind } from './throughput.js';
import { statementWithIndexKind, statementWithoutIndexKind } from './statement.js';
import { writesKind } from './writes.js';

/** Everything that a search may have measured. Another kind is one more file, one line here, and its handler. */
export const KINDS = {
  build: buildKind,
  point: pointKind,
  throughput: throughputKind,
  'planner-map': plannerMapKind,
  plans: plansKind,
  fusions: fusionsKind,
  writes: writesKind,
  churn: churnKind,
  pages: pagesKind,
  sharded: shardedKind,
  'statement-without-index': statementWithoutIndexKind,
  'statement-with-index': statementWithIndexKind,
} as const;

export type KindName = keyof typeof KINDS;
/** Those that are measured of an application's statement, on a copy of its tables; all others, on the table of a dataset. */
export type StatementKind = 'statement-without-index' | 'statement-with-index';
export type DatasetKind = Exclude<KindName, StatementKind>;
export type RequestOf<K extends KindName> = z.infer<(typeof KINDS)[K]['request']>;
export type RecordOf<K extends KindName> = z.infer<(typeof KINDS)[K]['record']>;

/** The key under which the journal holds the answer to a request. */
export const keyOf = <K extends KindName>(kind: K, request: RequestOf<K>): string =>
  (KINDS[kind].key as (request: RequestOf<K>) => string)(request);
