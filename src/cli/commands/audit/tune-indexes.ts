import {
  type DatabaseSnapshot,
  type Index,
  measurableIndexes,
  type MeasuredIndex,
  rowsOf,
  type TunedIndex,
} from '../../../audit/index.js';
import type { ConfigInput } from '../../../config/index.js';
import { PgvtuneError } from '../../../errors.js';
import { isUnread } from '../../../findings.js';
import { indexKind, metricOfOperator, operatorOfClass, searchSettingsOf } from '../../../indexes/index.js';
import { relationText } from '../../../live/index.js';
import type { Reporter } from '../../../progress.js';
import { viewRun } from '../../../reports/index.js';
import { type ChosenIndex, tuneBesideExisting, tuneFromConfig } from '../../../tune/index.js';
import type { Metric, Representation } from '../../../vocabulary.js';
import type { Io } from '../../io.js';
import type { CommonOptions } from '../../options.js';
import { runSearch } from '../../run-search.js';
import { tunedFacts } from './tuned-facts.js';

const K = 10;
const TARGET_RECALL = 0.95;
/** Enough to compare graphs by, and built in seconds. */
const SAMPLE_ROWS = 20_000;
/** In less than this nothing is built. */
const LEAST_SECONDS = 5;

export interface TuneIndexesOptions extends CommonOptions {
  /** Where the tables are; they are only read. */
  readonly server: string;
  readonly deadline: string;
  readonly budgetSeconds: number;
}

/**
 * Tunes every index on vectors for a recall, on a random sample of its table and a server of its own; each is a run, in `results/`, with the
 * index as it is today among what was measured. What cannot be tuned is a result too.
 *
 * @param clock seconds
 * @throws {PgvtuneError} `interrupted`
 */
export async function tuneIndexes(
  snapshot: DatabaseSnapshot,
  options: TuneIndexesOptions,
  { io, reporter, clock }: { readonly io: Io; readonly reporter: Reporter; readonly clock: () => number },
): Promise<readonly TunedIndex[]> {
  const indexes = measurableIndexes(snapshot);
  const tunable = indexes.flatMap((index) => {
    const kept = whatIsKept(index, snapshot);
    return kept ? [{ index, kept }] : [];
  });
  const { budgetSeconds } = options;
  if (tunable.length > 0) {
    const data = { indexes: tunable.length, sampleRows: SAMPLE_ROWS, seconds: budgetSeconds };
    reporter.note({ code: 'tuning-ahead', data });
  }
  const end = clock() + budgetSeconds;
  const tuned: TunedIndex[] = [];
  for (const [i, { index, kept }] of tunable.entries()) {
    const seconds = (end - clock()) / (tunable.length - i);
    reporter.note({ code: 'tuning-index', data: { index: index.name, number: i + 1, of: tunable.length } });
    tuned.push(
      seconds < LEAST_SECONDS
        ? without(index, 'out-of-time')
        : await tuneIndex(index, kept, { snapshot, options: { ...options, budgetSeconds: seconds }, io, reporter }),
    );
  }
  const others = indexes.filter((index) => !tunable.some((one) => one.index === index));
  return [...tuned, ...others.map((index) => without(index, 'refused'))];
}

const without = ({ oid }: Index, outcome: TunedIndex['outcome']): TunedIndex => ({
  indexOid: oid,
  outcome,
  run: null,
  sample: null,
  k: K,
  targetRecall: TARGET_RECALL,
  existing: null,
  recommended: null,
});

async function tuneIndex(
  index: Index,
  kept: Kept,
  {
    snapshot,
    options,
    io,
    reporter,
  }: {
    readonly snapshot: DatabaseSnapshot;
    readonly options: TuneIndexesOptions;
    readonly io: Io;
    readonly reporter: Reporter;
  },
): Promise<TunedIndex> {
  const table = snapshot.tables.find(({ oid }) => oid === index.tableOid)!;
  const tableRows = index.estimatedRows ?? rowsOf(table);
  const measured = isUnread(snapshot.measured)
    ? null
    : (snapshot.measured.find(({ indexOid }) => indexOid === index.oid) ?? null);
  const existing = existingIndex(index, kept.representation, measured);
  const overrides = sampleConfig(index, kept, { ...options, table: relationText(table), tableRows });
  try {
    const { files } = await runSearch({ command: 'tune', file: null, overrides, options, io }, (config) =>
      isPart(tableRows) && index.method === 'ivfflat' ? tuneFromConfig(config) : tuneBesideExisting(config, existing),
    );
    const { dataset, server } = files.manifest;
    return {
      ...without(index, 'refused'),
      sample: { rows: dataset.rows, tableRows: tableRows > 0 ? tableRows : null, server: server.label },
      ...tunedFacts(viewRun(files)),
    };
  } catch (error) {
    if (!(error instanceof PgvtuneError) || error.code === 'interrupted') throw error;
    reporter.note({ code: 'index-not-tuned', data: { index: index.name, message: error.message } });
    return without(index, 'refused');
  }
}

/** What is tuned for: nothing but what the index serves today. */
export const sampleConfig = (
  { predicate }: Index,
  { column, metric, representation }: Kept,
  {
    table,
    tableRows,
    server,
    deadline,
    budgetSeconds,
  }: Pick<TuneIndexesOptions, 'server' | 'deadline' | 'budgetSeconds'> & {
    readonly table: string;
    readonly tableRows: number;
  },
): ConfigInput => ({
  dataset: {
    table,
    server,
    column,
    rows: SAMPLE_ROWS,
    // The recall on the table is known already.
    control: 0,
    deadline,
    ...(predicate === null ? {} : { where: predicate }),
  },
  k: K,
  metric,
  target: { recall: TARGET_RECALL },
  representation: [representation],
  budget: `${Math.round(budgetSeconds)}s`,
  measure: { samples: 300, queries: 300, recall_queries: 2000, concurrency: [] },
  // Lists for a part of the rows are none for all of them.
  ...(isPart(tableRows) ? { indexes: graphs(tableRows) } : {}),
});

const isPart = (tableRows: number): boolean => tableRows > SAMPLE_ROWS;

interface Kept {
  readonly column: string;
  readonly metric: Metric;
  readonly representation: 'vector' | 'halfvec';
}

/** What the index keeps, as a search for others has to keep it too for the application's statements to stay; null: that is not tuned. */
export function whatIsKept(
  { tableOid, keys, columns: used }: Index,
  { columns }: Pick<DatabaseSnapshot, 'columns'>,
): Kept | null {
  const key = keys[0]!;
  const column = columns.find(
    (one) =>
      one.tableOid === tableOid &&
      (key.column === 0 ? used.includes(one.number) && one.typeName === 'vector' : one.number === key.column),
  );
  const operator = operatorOfClass(key.operatorClass);
  const metric = operator === undefined ? undefined : metricOfOperator(operator);
  if (!column || metric === undefined || column.typeName === 'sparsevec') return null;
  const { name } = column;
  if (key.column !== 0)
    return { column: name, metric, representation: column.typeName === 'halfvec' ? 'halfvec' : 'vector' };
  const isHalved = key.typeName === 'halfvec' && key.typeModifier === column.typeModifier;
  return isHalved ? { column: name, metric, representation: 'halfvec' } : null;
}

/** As it is defined, and searched where nobody sets anything for one transaction. */
function existingIndex(
  { method, options }: Index,
  representation: Representation,
  measured: MeasuredIndex | null,
): ChosenIndex {
  const kind = indexKind(method);
  const given = new Map(options.map((option) => option.split('=') as [string, string]));
  const parameters = Object.fromEntries(
    kind.parameters.flatMap((parameter) => {
      const value = given.get(parameter.name) ?? parameter.default;
      return parameter.kind === 'number' ? [[parameter.name, Number(value)]] : [];
    }),
  );
  const inForce = Object.fromEntries(
    (measured?.settings ?? []).map((setting) => setting.split('=') as [string, string]),
  );
  const own = searchSettingsOf(kind, inForce);
  const settings = Object.fromEntries(
    kind.knobs.flatMap((knob) =>
      knob.kind === 'number' && knob.monotone ? [[knob.name, own[knob.name] ?? knob.default]] : [],
    ),
  );
  return { spec: { method, representation, parameters }, settings };
}

/** The graphs that `tune` compares when nobody names any. */
const graphs = (rows: number): NonNullable<ConfigInput['indexes']> =>
  indexKind('hnsw')
    .candidates(rows)
    .map((parameters) => ({ hnsw: { ...parameters } }));
