import { shortHash } from '../../canonical-json.js';
import type { DatasetSource } from '../../datasets/index.js';
import { createIndexSql } from '../../indexes/index.js';
import {
  drawQueries,
  type LiveRecall,
  type LiveSweepStep,
  type LoggedQuery,
  measureLiveRecall,
} from '../../live/index.js';
import type { Clock } from '../../measure/index.js';
import { applySettings, ident, readOnly, type Session } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import {
  keyOf,
  type StatementStep,
  type StatementSubject,
  type StatementWithIndexRecord,
  type StatementWithIndexRequest,
  type StatementWithoutIndexRecord,
  type StatementWithoutIndexRequest,
} from '../../results/index.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';

/** What a statement is measured on and with: a server that has the copy of its tables. */
export interface StatementBench {
  readonly own: Session;
  readonly subject: StatementSubject;
  readonly metric: Metric;
  /** The application's own query vectors; absent: rows of the copy. */
  readonly log?: DatasetSource | undefined;
  /** What the statement was asked with, by a server's log. */
  readonly executions?: readonly LoggedQuery[] | undefined;
  readonly deadlineMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
  now(): Date;
}

const valuesOf = ({ values }: StatementSubject): ReadonlyMap<number, string> =>
  new Map(values.map(({ number, value }) => [number, value]));

export async function measureWithoutIndex(
  bench: StatementBench,
  request: StatementWithoutIndexRequest,
): Promise<StatementWithoutIndexRecord> {
  const { own, subject, deadlineMs, clock, seed } = bench;
  const startedAt = bench.now().toISOString();
  const random = createRandom(seed).fork('without');
  const times: number[] = [];
  await readOnly(own, { deadlineMs }, async () => {
    await applySettings(own, { plan_cache_mode: 'force_custom_plan' });
    const { text, parameters } = await drawQueries(
      own,
      {
        table: subject.table.quoted,
        column: subject.column.name,
        statement: subject.text,
        values: valuesOf(subject),
        executions: bench.executions,
      },
      { queries: request.queries, random, deadlineMs },
    );
    const prepared = { name: `pgvtune_${shortHash(text)}`, text };
    for (const one of parameters) {
      const start = clock.now();
      await own.execute(prepared, one, { deadlineMs });
      times.push(clock.now() - start);
    }
  });
  const type = 'statement-without-index';
  const medianMs = times.sort((a, b) => a - b)[times.length >> 1]!;
  return { type, key: keyOf(type, request), request, startedAt, medianMs };
}

/**
 * Builds an index on the copy, and asks the statement as it is: by its natural plan under each value of the setting that its
 * recall is bought with, and over an exact scan. Then the index is dropped.
 *
 * @param requests of one index
 */
export async function measureWithIndex(
  bench: StatementBench,
  requests: readonly StatementWithIndexRequest[],
): Promise<readonly StatementWithIndexRecord[]> {
  const { own, subject, metric, clock } = bench;
  const { spec } = requests[0]!;
  const { schema, quoted, label } = subject.table;
  const index = ident(indexName(label, subject.column.name, spec));
  const create = createIndexSql({
    name: index,
    table: quoted,
    column: subject.column.quoted,
    dimensions: subject.column.dimensions!,
    spec,
    metric,
  })!;
  const drop = `DROP INDEX ${schema}.${index}`;
  const start = clock.now();
  await own.query(create, [], { deadlineMs: Infinity });
  const buildSeconds = (clock.now() - start) / 1000;
  const [size] = await own.query<{ bytes: string }>('SELECT pg_relation_size($1::regclass) AS bytes', [
    `${schema}.${index}`,
  ]);
  const records: StatementWithIndexRecord[] = [];
  for (const request of requests) {
    const startedAt = bench.now().toISOString();
    const report = await measureLiveRecall({
      ...bench,
      session: own,
      table: quoted,
      column: subject.column.name,
      statement: subject.text,
      values: valuesOf(subject),
      k: subject.limit,
      queries: request.queries,
      settings: request.settings,
      sweep: request.sweep,
    });
    const type = 'statement-with-index';
    records.push({
      type,
      key: keyOf(type, request),
      request,
      startedAt,
      create,
      drop,
      buildSeconds,
      bytes: Number(size!.bytes),
      plan: report.plan?.text ?? report.verdict,
      plans: plansOf(report.plan),
      steps: report.sweep?.steps.map(stepOf) ?? [],
    });
  }
  await own.query(drop);
  return records;
}

const plansOf = (plan: LiveRecall['plan']): StatementStep['plans'] => plan?.plans.map((one) => ({ ...one })) ?? [];

const stepOf = ({ value, plan, measured }: LiveSweepStep): StatementStep => ({
  value,
  usesIndex: plan.indexes.length > 0,
  plan: plan.text,
  plans: plansOf(plan),
  measured: {
    recall: measured.recall,
    completeness: measured.completeness,
    latencyMs: measured.latencyMs,
    buffers: measured.buffers.mean,
    rowsRemoved: measured.rowsRemoved,
    samples: measured.samples,
  },
});

/** NAMEDATALEN − 1. */
const MOST_CHARACTERS = 63;

const indexName = (label: string, column: string, { method, parameters }: IndexSpec): string =>
  [label.replace(/^.*\./, ''), column, method, ...Object.values(parameters)]
    .join('_')
    .replaceAll('"', '')
    .replaceAll(/\W+/g, '_')
    .toLowerCase()
    .slice(-MOST_CHARACTERS);
