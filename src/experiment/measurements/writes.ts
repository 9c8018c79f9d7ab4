import { placedTables, queriedTable } from '../../indexes/index.js';
import { ident, type Session, type Workspace } from '../../postgres/index.js';
import { builtIndexes, keyOf, type WriteCost, type WritesRecord, type WritesRequest } from '../../results/index.js';
import { type QuerySet, querySet } from '../../query-set.js';
import { createRandom, type Random } from '../../random.js';
import { vectorArgument } from '../../workloads/index.js';
import { argumentText } from '../points/arm.js';
import type { Bench } from './handler.js';
import { TABLE } from '../table/load.js';

const ROWS = 100;
/** After one that is not counted: the first change of a page since a checkpoint logs the whole page. */
const ROUNDS = 3;

/**
 * What a build's indexes add to an INSERT, an UPDATE of the vector and a DELETE, in bytes of write-ahead log and time: rows
 * drawn from the whole table are inserted once more under other ids, get other vectors, and are deleted, with the indexes
 * and without them in turn, each rolled back. COPY makes the same index entries as INSERT, one a row (PostgreSQL,
 * `copyfrom.c`).
 */
export async function measureWrites(context: Bench, request: WritesRequest): Promise<WritesRecord> {
  const { session, workspace, reporter } = context;
  const build = await context.indexes.require(request.build);
  const builds = [build];
  for (const key of request.beside ?? []) builds.push(await context.indexes.require(key));
  const { columnIndex, placement = null } = build.request;
  const others = [...placedTables(TABLE, placement), ...(columnIndex ? [columnIndex.table] : [])];
  const { table, watch } = await context.verifiedTable(await context.subsetTable(undefined), others);
  const startedAt = context.now().toISOString();
  const own = builds.flatMap(builtIndexes).map(({ name }) => name);
  const target = columnIndex?.table ?? queriedTable(TABLE, placement);
  const queries = querySet(context.dataset.queries);
  const key = keyOf('writes', request);
  const random = createRandom(context.seed).fork(key);
  const ids = await drawIds(session, workspace, { target, rows: ROWS });
  const statements = await writeStatements(session, workspace, target);
  const samples = statements.map(() => ({ with: [] as WriteCost[], without: [] as WriteCost[] }));
  const task = reporter.start({ code: 'measure-writes', data: {} }, ROUNDS + 1, 'share');
  await watch.excluding(async () => {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, { text, values }] of statements.entries()) {
        const vectors = ids.map(() => argumentText(vectorArgument(context.metric, vectorBetween(queries, random))));
        for (const side of ['with', 'without'] as const) {
          const hidden = table.indexes.filter((name) => side === 'without' || !own.includes(name));
          const cost = await writeOnce(context, { hidden, text, values: values(vectors, ids) });
          if (round > 0) samples[i]![side].push(cost);
        }
      }
      task.update(round + 1);
    }
  });
  task.finish();
  const figuresOf = (write: WriteStatement['write']) => {
    const sample = samples[statements.findIndex((statement) => statement.write === write)];
    return sample && { with: medianOf(sample.with), without: medianOf(sample.without) };
  };
  const update = figuresOf('update');
  return {
    type: 'writes',
    key,
    request,
    startedAt,
    rows: ids.length,
    rounds: ROUNDS,
    ...figuresOf('insert')!,
    ...(update ? { update } : {}),
    delete: figuresOf('delete')!,
  };
}

/** The greatest share of the way that a vector lies from one query towards another. */
const FARTHEST = 0.3;

/**
 * A vector that no other measurement has inserted: a graph takes one that it has already for next to nothing, and it
 * keeps those of rows that were rolled back.
 */
function vectorBetween(queries: QuerySet, random: Random): Float32Array {
  const position = random.int(queries.size);
  const next = (position + 1 + random.int(Math.max(1, queries.size - 1))) % queries.size;
  const [one, other] = [queries.vector(position), queries.vector(next)];
  const share = FARTHEST * random.next();
  return one.map((value, i) => value + share * (other[i]! - value));
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

interface WriteStatement {
  readonly write: 'insert' | 'update' | 'delete';
  readonly text: string;
  /** @param vectors as text, one for each of the ids */
  readonly values: (vectors: readonly string[], ids: readonly string[]) => readonly (readonly string[])[];
}

/**
 * Statements that insert the rows once more with other vectors, give them other vectors, and delete them. Ids become other
 * ones, and computed columns compute themselves. A table without vectors has no update.
 */
async function writeStatements(
  session: Session,
  workspace: Workspace,
  target: string,
): Promise<readonly WriteStatement[]> {
  const table = workspace.quote(target);
  const columns = await session.query<{ name: string; type: string; whole: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type, format_type(atttypid, atttypmod) AS whole FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const vector = columns.find(({ name }) => name === 'embedding');
  const values = columns.map(({ name, type }) => {
    if (name === 'embedding') return `v.vector::${vector?.whole}`;
    return name === 'id' ? newId(type, table) : `r.${ident(name)}`;
  });
  const names = columns.map(({ name }) => ident(name)).join(', ');
  const chosen = `WHERE id = ANY ($1::text[]::${columns.find(({ name }) => name === 'id')?.type ?? 'bigint'}[])`;
  const rows = `(SELECT *, row_number() OVER (ORDER BY id) AS place FROM ${table} ${chosen}) AS r
      JOIN unnest($2::text[]) WITH ORDINALITY AS v(vector, place) USING (place)`;
  const both: WriteStatement['values'] = (vectors, ids) => [ids, vectors];
  return [
    { write: 'insert', text: `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM ${rows}`, values: both },
    ...(vector
      ? [
          {
            write: 'update' as const,
            text: `UPDATE ${table} AS t SET embedding = v.vector::${vector.whole} FROM ${rows} WHERE t.id = r.id`,
            values: both,
          },
        ]
      : []),
    { write: 'delete', text: `DELETE FROM ${table} ${chosen}`, values: (_, ids) => [ids] },
  ];
}

async function writeOnce(
  { session, workspace }: Bench,
  {
    hidden,
    text,
    values,
  }: { readonly hidden: readonly string[]; readonly text: string; readonly values: readonly (readonly string[])[] },
): Promise<WriteCost> {
  return session.rolledBack(async () => {
    if (hidden.length > 0) {
      await session.query(`DROP INDEX IF EXISTS ${hidden.map((name) => workspace.quote(name)).join(', ')}`);
    }
    // Counts what this statement writes; the server's position in the log moves with every other session.
    const [explained] = await session.query<{ 'QUERY PLAN': readonly [ExplainedWrite] }>(
      `EXPLAIN (ANALYZE, WAL, TIMING OFF, FORMAT JSON) ${text}`,
      values,
      { deadlineMs: Infinity },
    );
    const [{ Plan: plan, 'Execution Time': ms }] = explained!['QUERY PLAN'];
    // An InitPlan may come before the source of the rows.
    const rows = plan.Plans.find((child) => child['Parent Relationship'] === 'Outer')?.['Actual Rows'] ?? Number.NaN;
    return { walBytes: plan['WAL Bytes'] / rows, ms: ms / rows };
  });
}

/** As much of the plan of a write as is looked at: the rows are those that its source gave. */
interface ExplainedWrite {
  readonly Plan: {
    readonly 'WAL Bytes': number;
    readonly Plans: readonly { readonly 'Parent Relationship': string; readonly 'Actual Rows': number }[];
  };
  /** Milliseconds. */
  readonly 'Execution Time': number;
}

function medianOf(costs: readonly WriteCost[]): WriteCost {
  const middle = (of: keyof WriteCost): number =>
    costs.map((cost) => cost[of]).sort((a, b) => a - b)[costs.length >> 1] ?? 0;
  return { walBytes: middle('walBytes'), ms: middle('ms') };
}
