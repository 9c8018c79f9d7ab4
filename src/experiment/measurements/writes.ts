import { placedTables, queriedTable } from '../../indexes/index.js';
import { ident, type Session, type Workspace } from '../../postgres/index.js';
import { builtIndexes, keyOf, type WritesRecord, type WritesRequest } from '../../results/index.js';
import { querySet } from '../../query-set.js';
import { vectorArgument } from '../../workloads/index.js';
import { argumentText } from '../points/arm.js';
import type { Bench } from './handler.js';
import { TABLE } from '../table/load.js';

const MOST_ROWS = 200;
/** After one that is not counted: the first change of a page since a checkpoint logs the whole page. */
const ROUNDS = 3;

/**
 * What a build's indexes add to an INSERT, in bytes of write-ahead log and time: rows that are there already, drawn from
 * the whole table, are inserted once more under other ids, with the indexes and without them in turn, and rolled back. Their vectors are those of
 * queries, other ones in each round: a graph takes a vector that it has already for next to nothing, and it keeps those
 * of rows that were rolled back.
 */
export async function measureWrites(context: Bench, request: WritesRequest): Promise<WritesRecord> {
  const { session, workspace, reporter } = context;
  const build = await context.indexes.require(request.build);
  const builds = [build];
  for (const key of request.beside ?? []) builds.push(await context.indexes.require(key));
  const { columnIndex, placement = null } = build.request;
  const others = [...placedTables(TABLE, placement), ...(columnIndex ? [columnIndex.table] : [])];
  const { table } = await context.verifiedTable(await context.subsetTable(undefined), others);
  const startedAt = context.now().toISOString();
  const own = builds.flatMap(builtIndexes).map(({ name }) => name);
  const target = columnIndex?.table ?? queriedTable(TABLE, placement);
  const queries = querySet(context.dataset.queries);
  const rows = Math.max(1, Math.min(MOST_ROWS, Math.floor(queries.size / (ROUNDS + 1))));
  const ids = await drawIds(session, workspace, { target, rows });
  const insert = await insertSql(session, workspace, target);
  const samples = { with: [] as Cost[], without: [] as Cost[] };
  const task = reporter.start({ code: 'measure-inserts', data: {} }, ROUNDS + 1, 'share');
  for (let round = 0; round <= ROUNDS; round++) {
    const vectors = Array.from({ length: rows }, (_, i) => {
      return argumentText(vectorArgument(context.metric, queries.vector((round * rows + i) % queries.size)));
    });
    for (const side of ['with', 'without'] as const) {
      const hidden = table.indexes.filter((name) => side === 'without' || !own.includes(name));
      const cost = await insertOnce(context, { hidden, insert, vectors, ids });
      if (round > 0) samples[side].push(cost);
    }
    task.update(round + 1);
  }
  task.finish();
  const figures = { with: medianOf(samples.with), without: medianOf(samples.without) };
  return { type: 'writes', key: keyOf('writes', request), request, startedAt, rows, rounds: ROUNDS, ...figures };
}

interface Cost {
  readonly walBytes: number;
  readonly ms: number;
}

/** The first rows of a table may all be of one kind, and belong into no partial index, or all into one. */
async function drawIds(
  session: Session,
  workspace: Workspace,
  { target, rows }: { readonly target: string; readonly rows: number },
): Promise<readonly string[]> {
  const drawn = await session.query<{ id: string }>(
    `SELECT id::text FROM ${workspace.quote(target)} ORDER BY md5(id::text) LIMIT ${rows}`,
    [],
    { deadlineMs: Infinity },
  );
  return drawn.map(({ id }) => id);
}

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];

/** An id that no row has, of a row `r` that is inserted once more at place `r.place`. */
function newId(type: string, table: string): string {
  if (NUMBERS.includes(type)) return `(SELECT max(id) FROM ${table}) + r.place`;
  return type === 'uuid' ? 'gen_random_uuid()' : `r.id || ' again'`;
}

/**
 * The rows of the table with the ids `$2` once more, with the vectors `$1`. Ids become other ones, and computed columns
 * compute themselves.
 */
async function insertSql(session: Session, workspace: Workspace, target: string): Promise<string> {
  const table = workspace.quote(target);
  const columns = await session.query<{ name: string; type: string; whole: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type, format_type(atttypid, atttypmod) AS whole FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const values = columns.map(({ name, type, whole }) => {
    if (name === 'embedding') return `v.vector::${whole}`;
    return name === 'id' ? newId(type, table) : `r.${ident(name)}`;
  });
  const names = columns.map(({ name }) => ident(name)).join(', ');
  const idType = columns.find(({ name }) => name === 'id')?.type ?? 'bigint';
  const rows = `SELECT *, row_number() OVER (ORDER BY id) AS place FROM ${table} WHERE id = ANY ($2::text[]::${idType}[])`;
  return `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')}
      FROM (${rows}) AS r JOIN unnest($1::text[]) WITH ORDINALITY AS v(vector, place) USING (place)`;
}

async function insertOnce(
  { session, workspace }: Bench,
  asked: {
    readonly hidden: readonly string[];
    readonly insert: string;
    readonly vectors: readonly string[];
    readonly ids: readonly string[];
  },
): Promise<Cost> {
  const { hidden, insert, vectors, ids } = asked;
  return session.rolledBack(async () => {
    if (hidden.length > 0) {
      await session.query(`DROP INDEX IF EXISTS ${hidden.map((name) => workspace.quote(name)).join(', ')}`);
    }
    // Counts what this statement writes; the server's position in the log moves with every other session.
    const [explained] = await session.query<{ 'QUERY PLAN': readonly [ExplainedInsert] }>(
      `EXPLAIN (ANALYZE, WAL, TIMING OFF, FORMAT JSON) ${insert}`,
      [vectors, ids],
      { deadlineMs: Infinity },
    );
    const [{ Plan: plan, 'Execution Time': ms }] = explained!['QUERY PLAN'];
    // An InitPlan may come before the source of the rows.
    const rows = plan.Plans.find((child) => child['Parent Relationship'] === 'Outer')?.['Actual Rows'] ?? Number.NaN;
    return { walBytes: plan['WAL Bytes'] / rows, ms: ms / rows };
  });
}

/** As much of the plan of an INSERT … SELECT as is looked at: the rows are those that its source gave. */
interface ExplainedInsert {
  readonly Plan: {
    readonly 'WAL Bytes': number;
    readonly Plans: readonly { readonly 'Parent Relationship': string; readonly 'Actual Rows': number }[];
  };
  /** Milliseconds. */
  readonly 'Execution Time': number;
}

function medianOf(costs: readonly Cost[]): Cost {
  const middle = (of: keyof Cost): number =>
    costs.map((cost) => cost[of]).sort((a, b) => a - b)[costs.length >> 1] ?? 0;
  return { walBytes: middle('walBytes'), ms: middle('ms') };
}
