import { PgvtuneError } from '../../errors.js';
import { createRandom } from '../../random.js';
import { asSystemError } from '../../system-error.js';
import { formatCount } from '../../units.js';
import { type Metric, metricSchema } from '../../vocabulary.js';
import { checkDimensions, createRowChecker, type CheckedRow } from './check-rows.js';
import { createColumnCensus } from './column-types.js';
import type { Dataset, DeclaredNeighbours } from '../store/dataset.js';
import { createHashIndex } from '../store/hash-index.js';
import { createReservoir, HELD_OUT_QUERIES } from './hold-out.js';
import type { DatasetManifest } from '../store/manifest.js';
import { checkName, nameFrom, setName } from '../store/names.js';
import { createObjectWriter, type ObjectWriter } from '../store/object-writer.js';
import { openDataset } from '../store/open.js';
import type { ImportNote, LeftOut } from '../../progress.js';
import type { DatasetSource, SourceBatch } from './source.js';
import { usableNeighbours } from './usable-neighbours.js';

export interface ImportOptions {
  /** What to call it in the store; the source's name when absent. A name that is taken then refers to the new data. */
  readonly name?: string;
  /** Overrides what the source says. */
  readonly metric?: Metric;
  /**
   * How many rows to hold out as queries when the source has none of its own. Default: a tenth of the rows, at most
   * {@link HELD_OUT_QUERIES}.
   */
  readonly queries?: number;
  /** Chooses the rows that are held out. Default 1. */
  readonly seed?: string | number;
  /** Leave out rows that cannot be used (no vector, NaN, zero under cosine) instead of refusing the source. */
  readonly skipInvalid?: boolean;
  readonly onNote?: (note: ImportNote) => void;
  readonly signal?: AbortSignal;
  /** Base rows read so far, and the share of the base that they are; null when the source cannot tell. */
  readonly onProgress?: (rowsDone: number, share: number | null) => void;
}

/** The queries of a dataset are held in memory. */
const MAX_QUERY_BYTES = 1024 ** 3;

/**
 * Reads a source once, checks it and keeps it in the store under the hash of its content: importing equal data again
 * gives the same object. What is not complete is never seen; after an error or an abort nothing of it stays. The source
 * is closed in any case.
 *
 * @param store folder of the store; made if it is not there
 * @throws {PgvtuneError} `dataset` for what cannot be benchmarked: NaN or infinity, dimensions out of range, zero vectors
 *   under cosine, ids that repeat, too few rows; `usage` for options that cannot be meant; `environment` when the disk
 *   refuses; `interrupted` after an abort
 */
export async function importDataset(
  store: string,
  source: DatasetSource,
  options: ImportOptions = {},
): Promise<Dataset> {
  let writer: ObjectWriter | null = null;
  try {
    const name = options.name === undefined ? nameFrom(source.name) : checkName(options.name);
    checkDimensions(source);
    checkQueryCount(source, options.queries ?? HELD_OUT_QUERIES);
    writer = await createObjectWriter(store, source.dimensions);
    const { hash } = await transfer(source, writer, name, options);
    await setName(store, name, hash);
    return await openDataset(store, name);
  } catch (error) {
    throw asSystemError(error, store);
  } finally {
    await writer?.dispose();
    source.close();
  }
}

async function transfer(
  source: DatasetSource,
  writer: ObjectWriter,
  name: string,
  options: ImportOptions,
): Promise<DatasetManifest> {
  const metric = metricOf(source, options);
  const census = createColumnCensus();
  const vectors = createHashIndex();
  let duplicateRows = 0;
  let queriesInBase = 0;

  const keepRow = async ({ vector, row, scan }: CheckedRow): Promise<void> => {
    if (vectors.add(scan, writer.base.rows) >= 0) duplicateRows++;
    await writer.base.append(vector, row);
  };
  const keepQuery = async ({ vector, row, scan }: CheckedRow): Promise<void> => {
    if (vectors.find(scan) >= 0) queriesInBase++;
    await writer.queries.append(vector, row);
  };

  const ownQueries = source.queries();
  const random = createRandom(options.seed ?? 1).fork('hold-out');
  const reservoir = ownQueries ? null : createReservoir(options.queries ?? HELD_OUT_QUERIES, random);
  const rules = { metric, skipInvalid: options.skipInvalid ?? false };
  const base = createRowChecker(source, { ...rules, table: 'base' }, census);
  options.onProgress?.(0, shareRead(source, 0));
  for await (const batch of interruptible(source.base(), options.signal)) {
    for (const row of base.check(batch)) {
      const out = reservoir ? reservoir.offer(row) : row;
      if (out) await keepRow(out);
    }
    options.onProgress?.(base.rows, shareRead(source, base.rows));
  }
  const leftOut = [base.leftOut];
  const usableRows = base.rows - countOf(base.leftOut);
  // Bytes may all be read while rows are still to come; now none are.
  options.onProgress?.(base.rows, shareRead(source, base.rows) === null ? null : 1);
  if (base.rows === 0) throw new PgvtuneError('dataset', `${source.name}: there are no rows.`);
  if (usableRows === 0)
    throw new PgvtuneError('dataset', `${source.name}: none of its ${formatCount(base.rows)} rows can be used.`);
  if (base.zeroRows === usableRows) throw new PgvtuneError('dataset', `${source.name}: every vector is zero.`);

  let zeroQueries = 0;
  let { beyondHalf } = base;
  let declared: DeclaredNeighbours | null = null;
  if (ownQueries) {
    const queries = createRowChecker(source, { ...rules, table: 'queries' }, census);
    for await (const batch of interruptible(ownQueries, options.signal)) {
      checkQueryCount(source, queries.rows + batch.rows);
      for (const query of queries.check(batch)) await keepQuery(query);
    }
    if (queries.rows === countOf(queries.leftOut))
      throw new PgvtuneError('dataset', `${source.name}: there are no queries.`);
    if (metric === 'cosine') queries.refuseZeroRows();
    zeroQueries = queries.zeroRows;
    beyondHalf ??= queries.beyondHalf;
    declared = await source.declaredNeighbours();
    leftOut.push(queries.leftOut);
    if (declared && leftOut.some((each) => each !== null)) {
      declared = null;
      options.onNote?.({ code: 'neighbours-of-left-out', data: {} });
    }
    if (declared) {
      declared = usableNeighbours(source, declared, { queries: queries.rows, rows: base.rows }, options.onNote);
    }
  } else if (reservoir) {
    const size = options.queries ?? Math.max(1, Math.min(HELD_OUT_QUERIES, Math.floor(usableRows / 10)));
    checkEnoughRows(source, usableRows, size);
    const { sample, rest } = reservoir.split(size);
    for (const row of rest) await keepRow(row);
    for (const query of sample) await keepQuery(query);
    zeroQueries = sample.filter(({ scan }) => scan.zero).length;
  }
  if (metric === 'cosine') base.refuseZeroRows();
  const notes = leftOut.flatMap((data): ImportNote[] => (data === null ? [] : [{ code: 'rows-left-out', data }]));
  for (const note of [...(source.notes ?? []), ...notes]) options.onNote?.(note);

  return writer.commit(
    {
      name,
      queriesHeldOut: ownQueries === null,
      metric,
      synthetic: source.synthetic,
      columns: census.columns(source.columnTypes),
      textColumn: source.textColumn,
      checks: {
        duplicateRows,
        zeroRows: ownQueries ? base.zeroRows : base.zeroRows - zeroQueries,
        zeroQueries,
        queriesInBase,
        ...(beyondHalf && { beyondHalf }),
      },
      source: withLeftOut(source.provenance, leftOut),
    },
    declared,
  );
}

const countOf = (leftOut: LeftOut | null): number =>
  leftOut === null ? 0 : leftOut.missing + leftOut.notFinite + leftOut.zero;

/** What was left out belongs to what the dataset was made from. */
function withLeftOut(provenance: unknown, leftOut: readonly (LeftOut | null)[]): unknown {
  const some = leftOut.filter((each) => each !== null);
  return some.length === 0 ? provenance : { ...(provenance as object), leftOut: some };
}

function metricOf(source: DatasetSource, { metric }: ImportOptions): Metric | null {
  const { unknownMetric } = source;
  if (metric !== undefined || unknownMetric === undefined) return metric ?? source.metric;
  throw new PgvtuneError('dataset', `${source.name}: the metric ${JSON.stringify(unknownMetric)} is not known.`, {
    hint: `Say which it is with --metric: ${metricSchema.options.join(', ')}.`,
  });
}

async function* interruptible(
  batches: AsyncIterable<SourceBatch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SourceBatch> {
  for await (const batch of batches) {
    if (signal?.aborted) throw new PgvtuneError('interrupted', 'The import was interrupted; nothing of it was kept.');
    yield batch;
  }
}

function shareRead(source: DatasetSource, rows: number): number | null {
  return source.expectedRows === null ? (source.shareRead?.() ?? null) : rows / source.expectedRows;
}

function checkQueryCount(source: DatasetSource, queries: number): void {
  if (!Number.isInteger(queries) || queries < 1) {
    throw new PgvtuneError('usage', `Expected the number of queries to be a positive integer, got ${queries}.`);
  }
  const most = Math.floor(MAX_QUERY_BYTES / (4 * source.dimensions));
  if (queries > most) {
    throw new PgvtuneError(
      'dataset',
      `${source.name}: expected at most ${formatCount(most)} queries of ${source.dimensions} dimensions, got ${formatCount(queries)} or more.`,
      { hint: 'Queries are held in memory: give a sample of them. A thousand resolve recall to about a percent.' },
    );
  }
}

function checkEnoughRows(source: DatasetSource, rows: number, queries: number): void {
  if (rows > queries) return;
  throw new PgvtuneError(
    'dataset',
    `${source.name}: ${formatCount(queries)} of the rows are to be held out as queries, and there are only ${formatCount(rows)}.`,
    { hint: 'Hold out fewer, or give the queries in a file of their own.' },
  );
}
