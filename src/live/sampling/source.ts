import { PgvtuneError } from '../../errors.js';
import { checkPredicate, parseVectorText, readOnly, readOnlyStream, type Session } from '../../postgres/index.js';
import { readTableNames } from '../catalog/table-names.js';
import type { NamedJoin } from '../catalog/joins.js';
import { type LiveRelation, readRelation, type RelationName } from '../catalog/relation.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import { formatCount } from '../../units.js';
import type { Metric } from '../../vocabulary.js';
import {
  type Attribute,
  attributeReaders,
  attributeTypes,
  type ColumnReader,
  findAttributes,
  idReader,
  textReader,
} from './columns.js';
import { dimensionsSql, readDimensions } from './dimensions.js';
import { type DrawnRows, drawRelation } from './drawn-rows.js';
import { type DatasetSource, MAX_DIMENSIONS, type SourceBatch } from '../../datasets/index.js';

export interface LiveTableOptions extends RelationName {
  readonly session: Session;
  /** The server's label, for the manifest. */
  readonly server: string;
  readonly column?: string | undefined;
  /** Column that holds the text to search. */
  readonly text?: string | undefined;
  /** Columns to keep beside the vectors: `tenant_id`, or `documents.tenant_id` of a table that it refers to. */
  readonly attributes?: readonly string[] | undefined;
  /** Ways to other tables that no foreign key says. */
  readonly joins?: readonly NamedJoin[];
  /** How many rows to draw; all there are when there are fewer. */
  readonly rows: number;
  /** A condition in SQL that the rows have to meet. */
  readonly where?: string | undefined;
  /** Absent: the metric of the indexes on the column, if they agree on one. */
  readonly metric?: Metric | undefined;
  /** Query vectors; absent: the store holds rows out. */
  readonly queries?: DatasetSource | undefined;
  readonly seed: string | number;
  /** What one statement may take. */
  readonly deadlineMs: number;
  readonly reporter: Reporter;
}

/** What was found out about a table while a sample of it was read. */
export interface LiveTableReport {
  readonly kind: LiveRelation['kind'];
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** The planner's count of rows; 0 when it has none. Of a view or a query, those that meet the condition, counted. */
  readonly estimatedRows: number;
  readonly method: DrawnRows['method'];
  /** Rows that meet the condition among those looked at, and those of them without a vector. */
  readonly seen: number;
  readonly nullVectors: number;
  /** Rows drawn. */
  readonly rows: number;
  /** Zero vectors among them. Under cosine they are left out, as pgvector leaves them out of an index. */
  readonly zeroVectors: number;
  /** Euclidean lengths of the vectors. */
  readonly lengths: { readonly min: number; readonly mean: number; readonly max: number; readonly deviation: number };
}

export interface LiveTableSource extends DatasetSource {
  /** After the base was read. @throws {TypeError} before */
  report(): LiveTableReport;
}

/**
 * A true random sample of a table that somebody else owns, of a view or of a query, as a source of vectors. All rows are of
 * one snapshot, in a read-only transaction that lasts as long as the base is read. Memory holds the places of the rows, or a
 * bit for each row of a view, and one batch.
 *
 * @throws {PgvtuneError} `usage` for a table, query, column or condition that cannot be meant; `dataset` when it holds no
 *   vector; `server`
 */
export async function openLiveTable(options: LiveTableOptions): Promise<LiveTableSource> {
  const { session, deadlineMs, queries, rows, seed, where, query } = options;
  checkNamed(options);
  const opened = await readOnly(session, { deadlineMs }, async () => {
    const relation = await readRelation(session, options, options.column);
    const attributes = await findAttributes(session, relation, {
      names: options.attributes ?? [],
      joins: options.joins ?? [],
    });
    readersOf(relation, { ...options, attributes });
    const condition = where === undefined ? null : await checkPredicate(session, relation.from, where);
    const dimensions = relation.column.dimensions ?? (await firstDimensions(session, relation, deadlineMs));
    refuseWide(relation, dimensions);
    if (queries && queries.dimensions !== dimensions) throw otherDimensions(relation, dimensions, queries);
    const joined = attributes.flatMap(({ name, column: { type }, joined: way }) =>
      way === null ? [] : [{ name, type, joined: way }],
    );
    const names = relation.table && (await readTableNames(session, relation.table, { text: options.text, joined }));
    return { relation, names, attributes, condition, dimensions, metric: options.metric ?? relation.metric };
  });
  let report: LiveTableReport | undefined;

  async function* base(): AsyncGenerator<SourceBatch> {
    // Looked up again: what matters is how it is on the snapshot that the rows are read on.
    const relation = await readRelation(session, options, options.column);
    const random = createRandom(seed).fork('sample');
    const drawn = await drawRelation(session, relation, { rows, where: opened.condition, random, deadlineMs });
    if (drawn.rows === 0) throw nothingDrawn(relation, drawn, where);
    const lengths = createLengths();
    yield* readBatches(options, { ...opened, relation, drawn, lengths });
    report = {
      kind: relation.kind,
      table: relation.label,
      column: relation.column.name,
      type: relation.column.type,
      estimatedRows: estimatedRows(relation) ?? drawn.seen,
      method: drawn.method,
      seen: drawn.seen,
      nullVectors: drawn.nulls,
      rows: drawn.rows,
      ...lengths.summary(),
    };
  }

  const { kind, label, column } = opened.relation;
  return {
    name: kind === 'query' ? 'query' : label.replace(/^public\./, ''),
    dimensions: opened.dimensions,
    metric: opened.metric,
    synthetic: false,
    textColumn: options.text ?? null,
    columnTypes: attributeTypes(opened.attributes),
    provenance: {
      kind,
      server: options.server,
      ...(query === undefined ? { table: label } : { query }),
      ...(opened.names ? { names: opened.names } : {}),
      column: column.name,
      type: column.type,
      where: where ?? null,
      rows,
      seed,
      ...(queries ? { queries: queries.provenance } : {}),
    },
    expectedRows: null,
    base: () => readOnlyStream(session, { deadlineMs }, base),
    queries: () => (queries ? (queries.queries() ?? queries.base()) : null),
    declaredNeighbours: async () => null,
    close: () => queries?.close(),
    report() {
      if (!report) throw new TypeError('The table was not read to its end.');
      return report;
    },
  };
}

/** The planner's count; null where it has none of its own. */
const estimatedRows = ({ table }: LiveRelation): number | null =>
  table && table.leaves.reduce((sum, { estimatedRows: rows }) => sum + Math.max(0, rows), 0);

/** A query says itself which rows it joins, and which it leaves out. */
function checkNamed({ table, query, where, joins = [] }: LiveTableOptions): void {
  if (query === undefined && table === undefined) {
    throw new PgvtuneError('usage', 'Nothing says which rows to sample.', {
      hint: 'Name a table or a view (--table app.items), or give a SELECT (--query).',
    });
  }
  if (query === undefined) return;
  const beside = [
    table === undefined ? [] : ['--table'],
    where === undefined ? [] : ['--where'],
    joins.length === 0 ? [] : ['--join'],
  ].flat()[0];
  if (beside === undefined) return;
  throw new PgvtuneError('usage', `--query and ${beside} exclude each other.`, {
    hint: 'Write tables, joins and conditions into the query.',
  });
}

/** A sparse vector may have 10⁹ dimensions, and a dataset keeps every number. */
function refuseWide({ label, column }: LiveRelation, dimensions: number): void {
  if (dimensions <= MAX_DIMENSIONS) return;
  const most = `${formatCount(MAX_DIMENSIONS)} dimensions`;
  throw new PgvtuneError('usage', `Expected vectors of at most ${most} in ${label}, got ${formatCount(dimensions)}.`, {
    hint: `A dataset keeps the zeros of ${column.type} too. pgvtune recall measures its index on the table.`,
  });
}

async function firstDimensions(session: Session, relation: LiveRelation, deadlineMs: number): Promise<number> {
  const dimensions = await readDimensions(session, relation, deadlineMs);
  if (dimensions !== null) return dimensions;
  const { column, label } = relation;
  throw new PgvtuneError('dataset', `Column ${column.name} of ${label} holds no vector.`, { hint: 'Fill it first.' });
}

const readersOf = (
  relation: LiveRelation,
  { text, attributes }: { readonly text?: string | undefined; readonly attributes: readonly Attribute[] },
) => ({
  id: idReader(relation),
  text: text === undefined ? null : textReader(relation, text),
  attributes: attributeReaders(attributes),
});

/** A batch is read by one statement: 4 MB of vectors at most. */
const BATCH_NUMBERS = 2 ** 20;
const BATCH_ROWS = 2000;

interface Reading {
  readonly relation: LiveRelation;
  readonly attributes: readonly Attribute[];
  readonly dimensions: number;
  readonly metric: Metric | null;
  readonly drawn: DrawnRows;
  readonly lengths: Lengths;
}

async function* readBatches(
  options: LiveTableOptions,
  { relation, attributes: found, dimensions, metric, drawn, lengths }: Reading,
): AsyncGenerator<SourceBatch> {
  const { reporter } = options;
  const readers = readersOf(relation, { ...options, attributes: found });
  const read = (reader: ColumnReader, row: Readonly<Record<string, unknown>>): unknown =>
    reader.read(row[reader.alias]);
  const others = [readers.id, readers.text, ...readers.attributes].flatMap((reader) => reader?.sql ?? []);
  const select = (rows: string): string =>
    [`${relation.column.quoted}::text AS pgvtune_vector`, ...others.map((sql) => sql(rows))].join(', ');
  const batchRows = Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_NUMBERS / dimensions)));
  const vectors = new Float32Array(batchRows * dimensions);

  const task = reporter.start({ code: 'read-live-table', data: {} }, drawn.rows, 'rows');
  try {
    let done = 0;
    for await (const fetched of drawn.read(select, batchRows)) {
      const rows: (typeof fetched)[number][] = [];
      for (const row of fetched) {
        const vector = parseVectorText(String(row['pgvtune_vector']));
        if (vector.length !== dimensions) throw mixedDimensions(relation, dimensions, vector.length);
        if (lengths.add(vector) === 0 && metric === 'cosine') continue;
        vectors.set(vector, rows.length * dimensions);
        rows.push(row);
      }
      const { id, text, attributes } = readers;
      yield {
        rows: rows.length,
        vectors: vectors.subarray(0, rows.length * dimensions),
        ids: id && rows.map((row) => read(id, row) as string | number),
        texts: text && rows.map((row) => read(text, row) as string | null),
        attributes:
          attributes.length > 0
            ? rows.map((row) =>
                Object.fromEntries(attributes.map((attribute) => [attribute.name, read(attribute, row)])),
              )
            : null,
      };
      task.update((done += fetched.length));
    }
  } finally {
    task.finish();
  }
}

const nothingDrawn = ({ label }: LiveRelation, { seen, nulls }: DrawnRows, where: string | undefined): PgvtuneError =>
  seen === 0
    ? new PgvtuneError(
        'dataset',
        `${label} has no row${where === undefined ? '' : ` that meets the condition ${where}`}.`,
        {
          hint: where === undefined ? 'Fill it first.' : 'Ask for other rows.',
        },
      )
    : new PgvtuneError('dataset', `${label}: of ${formatCount(seen)} rows, ${formatCount(nulls)} have no vector.`, {
        hint: 'Fill the column first.',
      });

const otherDimensions = ({ label }: LiveRelation, expected: number, queries: DatasetSource): PgvtuneError =>
  new PgvtuneError(
    'usage',
    `Expected query vectors of ${expected} dimensions as in ${label}, got ${queries.dimensions} in ${queries.name}.`,
    { hint: 'Give the vectors that the application queries this column with.' },
  );

const mixedDimensions = ({ label, column }: LiveRelation, expected: number, got: number): PgvtuneError =>
  new PgvtuneError('dataset', `${label}: expected vectors of ${expected} dimensions in ${column.name}, got ${got}.`, {
    hint: `Take those of one model by a condition (--where): ${dimensionsSql(column)} = ${expected}.`,
  });

/** Euclidean lengths of vectors that go by. */
interface Lengths {
  /** Gives the vector's length. */
  add(vector: Float32Array): number;
  summary(): Pick<LiveTableReport, 'zeroVectors' | 'lengths'>;
}

/** Mean and deviation by Welford's recurrence. */
function createLengths(): Lengths {
  let [count, zeroVectors, mean, squares, min, max] = [0, 0, 0, 0, Infinity, 0];
  return {
    add(vector) {
      const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      if (length === 0) zeroVectors++;
      count++;
      const difference = length - mean;
      mean += difference / count;
      squares += difference * (length - mean);
      min = Math.min(min, length);
      max = Math.max(max, length);
      return length;
    },
    summary: () => ({
      zeroVectors,
      lengths: { min: count > 0 ? min : 0, mean, max, deviation: count > 0 ? Math.sqrt(squares / count) : 0 },
    }),
  };
}
