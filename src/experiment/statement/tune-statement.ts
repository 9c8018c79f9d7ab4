import { shortHash } from '../../canonical-json.js';
import type { DatasetSource } from '../../datasets/index.js';
import type { NamedIndex } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import {
  createIndexSql,
  describeSpec,
  indexKind,
  indexKinds,
  isOlder,
  problemOfSpec,
  recallKnob,
} from '../../indexes/index.js';
import {
  drawQueries,
  type LivePlanEvidence,
  type LiveRecall,
  measureLiveRecall,
  readLiveTable,
  readSearchOf,
  readStatementTables,
  type SearchOf,
  type StatementTable,
  type Sweep,
} from '../../live/index.js';
import type { Clock } from '../../measure/index.js';
import { applySettings, ident, readOnly, readServerFacts, type Session, type Settings } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';
import { type CopiedTable, copyTables } from './copy-tables.js';

export interface StatementOptions {
  /** Where the tables are; only read. */
  readonly live: Session;
  /** Starts a server of the run's own, which has none of them; asked once the statement is known to be one. */
  readonly openOwn: () => Promise<Session>;
  readonly table: string;
  readonly column?: string | undefined;
  /** One SELECT with a parameter for the vector; its LIMIT is k. */
  readonly statement: string;
  /** Of its parameters that are the same for every query, by their numbers; those of the others are drawn. */
  readonly values: ReadonlyMap<number, string>;
  /** Rows of the table of the vectors that are copied, at most. */
  readonly rows: number;
  readonly queries: number;
  /** Indexes to compare; absent: some of each method of pgvector. */
  readonly indexes: readonly NamedIndex[] | null;
  /** The application's own query vectors; absent: rows of the copy. */
  readonly log?: DatasetSource | undefined;
  /** Mean recall to be shown. */
  readonly target: number;
  /** Bound on p95, milliseconds. */
  readonly mostP95Ms: number | undefined;
  readonly deadlineMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** An index with the least setting that was shown to reach the target, or with the greatest that was tried. */
export interface StatementOption {
  readonly spec: IndexSpec;
  /** What was executed on the copy, under the names that the tables have. */
  readonly create: string;
  readonly drop: string;
  readonly buildSeconds: number;
  readonly bytes: number;
  /** Settings by their full names. */
  readonly settings: Settings;
  readonly reached: boolean;
  /** Null: the planner does not serve the statement by the index, see `plan`. */
  readonly measured: LiveRecall['measured'];
  readonly plan: string;
  /** Of its queries, where these have other parameters than the vector; the commonest first. */
  readonly plans: LivePlanEvidence['plans'];
}

/** A parameter besides the vector. */
export interface TunedParameter {
  readonly number: number;
  /** Where its values are from: that which was given; the row that is the query, or a random one for a log; other rows; its own table. */
  readonly source: 'given' | 'row' | 'other-rows' | 'table';
  /** What it is compared with, as SQL; null where its value was given. */
  readonly comparedWith: string | null;
  readonly value: string | null;
}

/** What a statement is served by at its best, measured on a copy of the tables that it reads. */
export interface TunedStatement {
  readonly statement: string;
  readonly k: number;
  readonly queries: 'rows' | 'log';
  readonly parameters: readonly TunedParameter[];
  readonly target: number;
  /** Where the change is to be made. */
  readonly place: {
    readonly server: { readonly pgvector: string; readonly versionNumber: number };
    readonly rows: number;
    readonly dimensions: number;
    readonly metric: Metric;
  };
  readonly copied: readonly CopiedTable[];
  /** The statement on the copy before any index on the vectors is there; milliseconds of a query in the middle. */
  readonly without: { readonly medianMs: number; readonly queries: number };
  readonly options: readonly StatementOption[];
  /** The fastest that reaches the target; null: none does. */
  readonly best: StatementOption | null;
}

/**
 * Tunes an application's own statement. The tables that it reads are made again on another server, with their indexes but for
 * those on vectors, the table of the vectors as a random sample where it is larger. There every index is built, and the
 * statement is asked as it is: by its natural plan under each value of the setting that its recall is bought with, and over
 * an exact scan. So what is recommended was measured with its joins, conditions and LIMIT.
 *
 * @throws {PgvtuneError} `usage` for a statement that is no search, or reads what no copy can be made of; `server`
 */
export async function tuneStatement(options: StatementOptions): Promise<TunedStatement> {
  const { live, deadlineMs, reporter, seed } = options;
  // A row that is the query finds itself first.
  const itself = options.log ? 0 : 1;
  const { search, tables, copied, own, server } = await readOnly(live, { deadlineMs }, async () => {
    const vectors = await readLiveTable(live, options.table, options.column);
    const found = await readSearchOf(live, vectors, options.statement, options.values);
    if (found.limit <= itself) throw needsQueries();
    const { pgvector, versionNumber } = await readServerFacts(live);
    candidates(found, { ...options, pgvector });
    const read = await readStatementTables(live, options.statement);
    const session = await options.openOwn();
    // Types and functions are found there as where the tables are.
    await session.query(`SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), false)`, [
      found.path,
    ]);
    const random = createRandom(seed).fork('copy');
    const made = await copyTables(live, session, read, { vectors, rows: options.rows, random, deadlineMs, reporter });
    return { search: found, tables: read, copied: made, own: session, server: { pgvector, versionNumber } };
  });
  const name = tables.find(({ oid }) => oid === search.table.oid)!;
  const without = await timeWithout({ ...options, own }, name, search);
  const { pgvector: ownVersion } = await readServerFacts(own);
  // What only one of them knows can be measured here, or used there, but not both.
  const pgvector = isOlder(server.pgvector, ownVersion) ? server.pgvector : ownVersion;
  const found: StatementOption[] = [];
  const { rows } = copied.find(({ table }) => table === name.label)!;
  const specs = candidates(search, { ...options, rows, pgvector });
  const task = reporter.start({ code: 'tune-statement', data: {} }, specs.length, 'share');
  for (const [done, candidate] of specs.entries()) {
    found.push(...(await optionsOf({ ...options, own }, { search, name, candidate, pgvector })));
    task.update(done + 1);
  }
  task.finish();
  const reached = found.filter((option) => option.reached);
  const best = reached.toSorted((a, b) => quantileOf(a, 0.5) - quantileOf(b, 0.5))[0] ?? null;
  const k = search.limit - itself;
  return {
    statement: search.original,
    k,
    queries: options.log ? 'log' : 'rows',
    parameters: parametersOf(search, options.values),
    target: options.target,
    place: {
      server,
      rows: Math.max(rows, search.table.leaves[0]!.estimatedRows),
      dimensions: search.table.column.dimensions!,
      metric: search.metric,
    },
    copied,
    without,
    options: found,
    best,
  };
}

const SOURCES = { value: 'row', 'further value': 'other-rows', low: 'other-rows', high: 'other-rows' } as const;

const parametersOf = ({ drawn }: SearchOf, values: StatementOptions['values']): readonly TunedParameter[] =>
  [
    ...Array.from(values, ([number, value]) => ({ number, source: 'given' as const, comparedWith: null, value })),
    ...drawn.map(({ number, label, as, isOuter }) => ({
      number,
      source: isOuter ? SOURCES[as] : ('table' as const),
      comparedWith: label,
      value: null,
    })),
  ].sort((a, b) => a.number - b.number);

const needsQueries = (): PgvtuneError =>
  new PgvtuneError('usage', 'The statement asks for one row, and a row of the table finds itself first.', {
    hint: "Give the application's own query vectors: --queries.",
  });

/** Milliseconds; Infinity where nothing was measured, or too little. */
const quantileOf = ({ measured }: Pick<StatementOption, 'measured'>, wanted: number): number =>
  measured?.latencyMs.again.quantiles.find(({ p }) => p === wanted)?.estimate?.value ?? Infinity;

const TIMED_WITHOUT = 20;

/** With the server of the run's own. */
type OnCopy = StatementOptions & { readonly own: Session };

async function timeWithout(
  { own, statement, values, deadlineMs, clock, seed }: OnCopy,
  { quoted }: StatementTable,
  { table }: SearchOf,
): Promise<TunedStatement['without']> {
  const random = createRandom(seed).fork('without');
  const times: number[] = [];
  await readOnly(own, { deadlineMs }, async () => {
    await applySettings(own, PLANNED_ANEW);
    const { text, parameters } = await drawQueries(
      own,
      { table: quoted, column: table.column.name, statement, values },
      { queries: TIMED_WITHOUT, random, deadlineMs },
    );
    const prepared = { name: `pgvtune_${shortHash(text)}`, text };
    for (const one of parameters) {
      const start = clock.now();
      await own.execute(prepared, one, { deadlineMs });
      times.push(clock.now() - start);
    }
  });
  return { medianMs: times.sort((a, b) => a - b)[times.length >> 1]!, queries: times.length };
}

/** An index to build, and what it is searched with; null: pgvtune's own values. */
interface Candidate {
  readonly spec: IndexSpec;
  readonly values: readonly number[] | null;
}

/** Of each method of pgvector, so many, each with another value of its first parameter. */
const CANDIDATES = 2;

/** @throws {PgvtuneError} `usage` for a column that no index takes, or an index that is named and not possible here */
function candidates(
  { table, metric }: SearchOf,
  { rows, pgvector, indexes }: Pick<StatementOptions, 'rows' | 'indexes'> & { readonly pgvector: string },
): readonly Candidate[] {
  const { name, type, baseType, dimensions } = table.column;
  if (dimensions === null) {
    throw new PgvtuneError('usage', `Column ${name} of ${table.label} declares no dimensions.`, {
      hint: 'pgvector indexes a column of vector(n) only.',
    });
  }
  if (baseType === 'sparsevec') {
    throw new PgvtuneError('usage', `Column ${name} of ${table.label} is of type ${type}.`, {
      hint: 'Indexes on sparse vectors are not tuned; pgvtune recall measures one on the table (--sweep).',
    });
  }
  const representation = baseType === 'halfvec' ? 'halfvec' : 'vector';
  const given = indexes?.map(({ spec, values }): Candidate => {
    if (indexKind(spec.method).extension !== 'vector') throw notOfPgvector(spec);
    return { spec: { ...spec, representation }, values: values?.map(Number) ?? null };
  });
  const all = given ?? ownCandidates(rows).map((spec) => ({ spec: { ...spec, representation }, values: null }));
  const problems = all.map(({ spec }) => problemOfSpec(spec, { dimensions, metric, pgvector, rows }));
  const allowed = all.filter((_, i) => problems[i] === null);
  const refused = problems.find((problem) => problem !== null);
  if (refused && (given || allowed.length === 0)) throw refused;
  return allowed;
}

const notOfPgvector = (spec: IndexSpec): PgvtuneError =>
  new PgvtuneError('usage', `${describeSpec(spec)} is no index of pgvector's.`, {
    hint: 'Measure it where it is, over values of a setting: pgvtune recall --sql FILE --sweep …',
  });

const ownCandidates = (rows: number): readonly Pick<IndexSpec, 'method' | 'parameters'>[] =>
  indexKinds
    .filter(({ accessMethod, extension }) => accessMethod !== null && extension === 'vector')
    .flatMap((kind) => {
      const first = kind.parameters[0]!.name;
      const all = kind.candidates(rows);
      return all
        .filter((one, i) => all.findIndex((other) => other[first] === one[first]) === i)
        .slice(0, CANDIDATES)
        .map((parameters) => ({ method: kind.name, parameters: { ...parameters } }));
    });

/** Greatest value of the setting that is tried. */
const MOST = 400;

function sweepOf({ spec: { method, parameters }, values }: Candidate, limit: number): Sweep | null {
  const knob = recallKnob(indexKind(method), parameters);
  if (!knob) return null;
  if (values) return { setting: knob.guc, values };
  const low = method === 'hnsw' ? Math.max(10, limit) : 1;
  const high = Math.min(method === 'hnsw' ? Math.max(MOST, 2 * limit) : Number(parameters['lists']), knob.max);
  const doubled = Array.from({ length: 1 + Math.ceil(Math.log2(high / low)) }, (_, i) => Math.min(high, low * 2 ** i));
  return low < high ? { setting: knob.guc, values: doubled } : null;
}

async function optionsOf(
  options: OnCopy,
  {
    search,
    name,
    candidate,
    pgvector,
  }: { search: SearchOf; name: StatementTable; candidate: Candidate; pgvector: string },
): Promise<readonly StatementOption[]> {
  const { own, clock } = options;
  const { spec } = candidate;
  const swept = sweepOf(candidate, search.limit);
  if (!swept) return [];
  const { column } = search.table;
  const index = ident(indexName(name.label, column.name, spec));
  const create = createIndexSql({
    name: index,
    table: name.quoted,
    column: column.quoted,
    dimensions: column.dimensions!,
    spec,
    metric: search.metric,
  })!;
  const start = clock.now();
  await own.query(create, [], { deadlineMs: Infinity });
  const buildSeconds = (clock.now() - start) / 1000;
  const [size] = await own.query<{ bytes: string }>(`SELECT pg_relation_size($1::regclass) AS bytes`, [
    `${name.schema}.${index}`,
  ]);
  const drop = `DROP INDEX ${name.schema}.${index}`;
  const found: StatementOption[] = [];
  const ways = search.filters && !isOlder(pgvector, '0.8.0') ? [{}, iterativeOf(spec)] : [{}];
  for (const way of ways) {
    const settings = { ...PLANNED_ANEW, ...way };
    const report = await measureLiveRecall({
      session: own,
      table: name.quoted,
      column: column.name,
      statement: options.statement,
      values: options.values,
      k: search.limit,
      queries: options.queries,
      settings,
      sweep: swept,
      log: options.log,
      target: options.target,
      deadlineMs: options.deadlineMs,
      seed: options.seed,
      clock,
      reporter: options.reporter,
    });
    found.push({
      spec,
      create,
      drop,
      buildSeconds,
      bytes: Number(size!.bytes),
      ...chosen(report, settings, { guc: swept.setting, mostP95Ms: options.mostP95Ms }),
    });
  }
  await own.query(drop);
  return found;
}

/** A plan that is kept would be that of other settings. What is recommended has it too. */
const PLANNED_ANEW: Settings = { plan_cache_mode: 'force_custom_plan' };

const iterativeOf = ({ method }: IndexSpec): Settings =>
  method === 'hnsw' ? { 'hnsw.iterative_scan': 'strict_order' } : { 'ivfflat.iterative_scan': 'relaxed_order' };

function chosen(
  { sweep, plan, verdict }: LiveRecall,
  settings: Settings,
  { guc, mostP95Ms = Infinity }: { readonly guc: string; readonly mostP95Ms: number | undefined },
): Pick<StatementOption, 'settings' | 'reached' | 'measured' | 'plan' | 'plans'> {
  const served = sweep?.steps.filter((one) => one.plan.indexes.length > 0) ?? [];
  const lowest = sweep?.lowest ?? null;
  const reaching = lowest === null ? undefined : served.find(({ value }) => value >= lowest);
  const step = reaching ?? served.at(-1);
  if (!step) return { settings, reached: false, measured: null, plan: plan?.text ?? verdict, plans: plan?.plans ?? [] };
  return {
    settings: { ...settings, [guc]: String(step.value) },
    reached: reaching !== undefined && quantileOf(step, 0.95) <= mostP95Ms,
    measured: step.measured,
    plan: step.plan.text,
    plans: step.plan.plans,
  };
}

/** NAMEDATALEN − 1. */
const MOST_CHARACTERS = 63;

const indexName = (label: string, column: string, { method, parameters }: IndexSpec): string =>
  [label.replace(/^.*\./, ''), column, method, ...Object.values(parameters)]
    .join('_')
    .replaceAll('"', '')
    .replaceAll(/\W+/g, '_')
    .toLowerCase()
    .slice(-MOST_CHARACTERS);
