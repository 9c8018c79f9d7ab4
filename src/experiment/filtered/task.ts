import { estimateMean } from '../../analysis/index.js';
import { shortHash } from '../../canonical-json.js';
import type { Dataset } from '../../datasets/index.js';
import { distance, hasRow, judge, roundingOf, tieLimit, type Truth } from '../../exact/index.js';
import type { Filter, Join } from '../../filter.js';
import type { Returned } from '../../returns.js';
import { isOlder, placedTables } from '../../indexes/index.js';
import { type ArmSamples, VoidPoint } from '../../measure/index.js';
import { walkPlan, type Workspace } from '../../postgres/index.js';
import { type BuildRecord, builtIndexes, type Measured, type PointRequest } from '../../results/index.js';
import type { SearchSettings, Workload } from '../../vocabulary.js';
import {
  filteredGucs,
  type FilteredQuestion,
  filteredStrategy,
  ITEMS,
  protectionGucs,
  stepsOf,
  type DrawnFilter,
} from '../../workloads/index.js';
import { sizesOfClasses } from '../points/explained.js';
import { armOf } from '../points/arm.js';
import { servedBy } from '../points/served-by.js';
import type { Task } from '../points/task.js';

/** A filter made concrete for the queries of a run, with its exact answers. */
export interface PreparedFilter {
  readonly filter: Filter;
  readonly join: Join | null;
  readonly returns: Returned | undefined;
  readonly drawn: DrawnFilter;
  /** Over the queries that can be asked with it, in the run's order. */
  readonly question: Omit<FilteredQuestion, 'pgvector'>;
  /** Exact neighbours among the rows that match. */
  readonly truth: Truth;
  /** Row number → number of its document, where the answers are of different ones. */
  readonly documentOf: Int32Array | null;
  /** All exact rows up to those of the answers, where the answers are a page of them. */
  readonly ranking: Truth | null;
}

export interface FilteredRequest extends Pick<PointRequest, 'settings'> {
  readonly workload: Extract<Workload, { kind: 'filtered' }>;
}

export interface FilteredTaskContext {
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  /** Version of the extension. */
  readonly pgvector: string;
}

/** The k nearest among the rows that a filter leaves, served by the strategy that the workload names. */
export function filteredTask(
  { workspace, dataset, pgvector }: FilteredTaskContext,
  run: PreparedFilter,
  { request, builds }: { readonly request: FilteredRequest; readonly builds: readonly [BuildRecord, ...BuildRecord[]] },
): Task {
  const { truth, drawn, join, documentOf } = run;
  const { workload } = request;
  const question = {
    ...run.question,
    pgvector,
    exactBelowRows: workload.exactBelowRows ?? run.question.exactBelowRows,
  };
  const strategy = filteredStrategy(workload.strategy);
  const { spec, placement = null } = builds[0].request;
  const names = builds.flatMap(builtIndexes).map(({ name }) => name);
  const tables = placedTables(ITEMS, placement);
  const settings = known({ ...strategy.settings(question, spec), ...request.settings }, question.pgvector);

  return {
    queries: question.queries,
    expected: truth.expected,
    tiesBeyondK: truth.tiesBeyondK,
    classSizes: sizesOfClasses(drawn),
    builds,
    tables: [...tables, ...stepsOf(join).map(({ table }) => table)],
    arm(queries) {
      const query = strategy.query(question, spec, {
        quote: (table) => workspace.quote(table),
        isProtected: workload.protected ?? false,
      });
      const rule = strategy.planRule(question, spec, names);
      return {
        key: shortHash(request),
        ...armOf(query, queries),
        settings: {
          ...filteredGucs(spec, settings),
          ...(workload.forced ? { enable_seqscan: 'off' } : {}),
          ...(workload.protected ? protectionGucs(strategy) : {}),
        },
        indexes: names,
        checkPlan(plan, q) {
          const otherPlan = rule(plan, q);
          if (otherPlan) throw new VoidPoint(otherPlan);
          const scan = [...walkPlan(plan)].find(({ relation }) => relation !== null && tables.includes(relation));
          if (!scan) throw new VoidPoint({ code: 'table-not-read', data: { tables } });
          return scan;
        },
      };
    },
    judge(query, rows) {
      const vector = question.queries.vector(query);
      const bitmap = drawn.bitmaps[drawn.ofQuery[query]!]!;
      const errorOf = (row: number): number => roundingOf(truth.metric, vector, dataset.vector(row));
      const first = firstOfPage(run, query, errorOf);
      const far = (row: number): number => distance(truth.metric, vector, dataset.vector(row));
      return judge(
        truth,
        query,
        documentOf ? oneOfEach(rows, documentOf) : rows,
        // A row of an earlier page is no answer.
        (row) => (hasRow(bitmap, row) && far(row) + errorOf(row) >= first ? far(row) : Infinity),
        errorOf,
      );
    },
    extraFigures: (samples) => ({ filtering: describeFiltering(samples, tables) }),
  };
}

/** The least distance that ties with the first row of a query's page. */
function firstOfPage(
  { truth: { metric, k, rows, distances }, ranking }: PreparedFilter,
  query: number,
  errorOf: (row: number) => number,
): number {
  if (ranking === null) return -Infinity;
  const first = distances[query * k]!;
  return 2 * first - tieLimit(first, metric, errorOf(rows[query * k]!));
}

/** Rows without those of documents that came before: of an answer of different documents, these are no answers. */
function oneOfEach(rows: readonly number[], documentOf: Int32Array): readonly number[] {
  const seen = new Set<number>();
  return rows.filter((row) => {
    const document = documentOf[row]!;
    return !seen.has(document) && seen.add(document);
  });
}

/** Settings that the server has: before 0.8.0 there were no iterative scans to be switched off. */
const known = ({ iterative_scan: mode, ...settings }: SearchSettings, pgvector: string): SearchSettings =>
  mode === undefined || isOlder(pgvector, '0.8.0') ? settings : { iterative_scan: mode, ...settings };

function describeFiltering({ explained }: ArmSamples, tables: readonly string[]): NonNullable<Measured['filtering']> {
  const removed = explained.map((plan) => [...walkPlan(plan)].reduce((sum, node) => sum + node.rowsRemovedByFilter, 0));
  return { rowsRemoved: estimateMean(removed), plans: servedBy(explained, tables) };
}
