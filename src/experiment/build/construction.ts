import { createIndexSql, createColumnIndexSql, placeIndexes, queriedTable } from '../../indexes/index.js';
import { storedColumn } from '../../json-path.js';
import type { Workspace } from '../../postgres/index.js';
import type { IndexOfBuild, Stage } from '../../progress.js';
import { type BuildRequest, keyOf } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { textLeg } from '../../workloads/index.js';

/** What has to be done on the server for a build. Names are unquoted, statements complete. */
export interface Construction {
  /** For progress. */
  readonly stage: Stage;
  /** A partitioned copy of the table that has the indexes; it serves other builds as well. */
  readonly copy: { readonly name: string; readonly create: readonly string[]; readonly drop: string } | null;
  /** None for the exact scan. */
  readonly indexes: readonly { readonly name: string; readonly create: string }[];
  /** Statements that follow, not timed. */
  readonly prepare: readonly string[];
}

/** Unquoted name of the table of how many rows each word is in. */
export const LEXEMES = 'lexemes';

/** The (unquoted) name of a build's index: `hnsw_0123456789abcdef`. */
const indexName = (request: BuildRequest): string => keyOf('build', request).replaceAll('-', '_');

export function indexOf({ spec, rows, columnIndex, text }: BuildRequest): IndexOfBuild {
  if (columnIndex) return { kind: 'column', spec: columnIndex };
  return text ? { kind: 'text', spec: text } : { kind: 'vector', spec, rows: rows ?? null };
}

/** @param table unquoted name of the table to build on */
export function constructionOf(
  request: BuildRequest,
  {
    table,
    workspace,
    dimensions,
    metric,
  }: {
    readonly table: string;
    readonly workspace: Workspace;
    readonly dimensions: number;
    readonly metric: Metric;
  },
): Construction {
  const { spec, columnIndex, text, placement = null } = request;
  const name = indexName(request);
  const quote = (relation: string): string => workspace.quote(relation);
  const stage = (parts: number | null): Stage => ({ code: 'build-index', data: { index: indexOf(request), parts } });
  const alone = { copy: null, prepare: [] };
  if (columnIndex) {
    const create = createColumnIndexSql({ name, spec: columnIndex, quote });
    // Only an index makes the server gather statistics of an expression.
    const isExpression = columnIndex.columns.some((column) => storedColumn(column) !== column);
    const prepare = isExpression ? [`ANALYZE ${quote(columnIndex.table)}`] : [];
    return { copy: null, stage: stage(null), indexes: [{ name, create }], prepare };
  }
  if (text) {
    const leg = textLeg(text.method);
    const names = { table: quote(table), index: `"${name}"`, lexemes: quote(LEXEMES) };
    const create = leg.createIndex(text, names);
    return { stage: stage(null), copy: null, indexes: [{ name, create }], prepare: leg.prepare(names) };
  }
  if (placement === null) {
    const create = createIndexSql({
      name: `"${name}"`,
      table: quote(table),
      column: 'embedding',
      dimensions,
      spec,
      metric,
    });
    return { ...alone, stage: stage(null), indexes: create === null ? [] : [{ name, create }] };
  }
  const placed = placeIndexes({ name, table, column: 'embedding', dimensions, spec, metric, placement, quote });
  return {
    stage: stage(placed.indexes.length),
    copy: placed.copy && { ...placed.copy, name: queriedTable(table, placement) },
    indexes: placed.indexes.flatMap((index) =>
      index.create === null ? [] : [{ name: index.name, create: index.create }],
    ),
    prepare: [],
  };
}
