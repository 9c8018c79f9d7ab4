import {
  encodeFloat32,
  encodeUint16,
  estimateMean,
  estimateQuantiles,
  histogramOf,
  summariseLatency,
  summariseRecall,
} from '../../analysis/index.js';
import type { DatasetSource } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { indexKinds } from '../../indexes/index.js';
import { type Clock, measureClientFloor } from '../../measure/index.js';
import {
  applySettings,
  checkPredicate,
  encodeVector,
  loadLibrariesOf,
  parseVectorText,
  readOnly,
  readServerFacts,
  readSettings,
  type Session,
  type Settings,
} from '../../postgres/index.js';
import { type LiveTable, readLiveTable } from '../catalog/table.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import { formatBytes } from '../../units.js';
import { compareAll, type Comparison } from './compare.js';
import { liveRecallFindings } from './findings.js';
import { drawFromLog, drawRows } from './queries.js';
import { type LiveQuestion, liveQuestion } from './question.js';
import type { LiveMeasured, LivePlanEvidence, LiveRecall } from './report.js';
import { BLOCK_QUERIES, type LiveMeasurement, lookAtPlan, type TimedIndex, timeIndex } from './run.js';

export interface LiveRecallOptions {
  readonly session: Session;
  /** As in SQL, see `readLiveTable`. */
  readonly table: string;
  readonly column?: string | undefined;
  /** Name of an index, where the column has several kinds. */
  readonly index?: string | undefined;
  readonly k: number;
  readonly queries: number;
  /** A condition in SQL that answers, and rows taken as queries, have to meet. */
  readonly where?: string | undefined;
  /** Settings for the index's side by their full names. */
  readonly settings: Settings;
  /** The application's own query vectors; absent: rows of the table are the queries, each looking for the others. */
  readonly log?: DatasetSource | undefined;
  /** Mean recall to be shown. */
  readonly target?: number | undefined;
  /** What one statement may take. */
  readonly deadlineMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** How many of the worst queries are named. */
const WORST = 5;

/**
 * Asks a live table's index for the nearest rows, asks the table itself, and compares. Reads only: every transaction is
 * read-only and short, takes no lock beyond that of reading, and its statements have a deadline.
 *
 * First the index alone is timed, in blocks; then, on one snapshot for each query, its answer is compared with an exact
 * scan. So the scans do not disturb the times, and no snapshot is held for long. What goes on around the times is watched;
 * when the server was started again meanwhile they are void, and no scan follows.
 *
 * @throws {PgvtuneError} `usage` for a table, column, condition or setting that cannot be meant; `dataset` when it holds
 *   no vectors to ask for; `server`, also when a deadline passed or the plan changed; `interrupted`
 */
export async function measureLiveRecall(options: LiveRecallOptions): Promise<LiveRecall> {
  const { session, k, log, deadlineMs, clock, reporter } = options;
  const { facts, standby, table, where, question, drawn, settings } = await readOnly(
    session,
    { deadlineMs },
    async () => {
      await refuseSettings(session, options.settings);
      const facts = await readServerFacts(session);
      const [state] = await session.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
      const table = await readLiveTable(session, options.table, options.column);
      const where = options.where === undefined ? null : await checkPredicate(session, table.quoted, options.where);
      // A row finds itself first: it is asked for, and left out.
      const question = liveQuestion(table, { index: options.index, limit: log ? k : k + 1, where });
      const draw = { queries: options.queries, where, random: createRandom(options.seed).fork('queries'), deadlineMs };
      const drawn =
        question &&
        (await (log ? drawFromLog(session, table, question, log, draw) : drawRows(session, table, question, draw)));
      const settings = await settingsInForce(session, options.settings, question);
      return { facts, standby: state?.standby ?? false, table, where, question, drawn, settings };
    },
  );

  const conclude = (
    plan: LivePlanEvidence | null,
    timed: Pick<LiveRecall, 'conditions' | 'measured'> = { conditions: null, measured: null },
  ): LiveRecall => {
    const report = {
      server: { version: facts.version, pgvector: facts.pgvector, standby },
      table: describeTable(table),
      asked: {
        k,
        where,
        settings,
        queries: log ? ('log' as const) : ('rows of the table' as const),
        sql: question?.approximate.text ?? null,
        exactSql: question?.exact.text ?? null,
        exactOf: question?.exactOf ?? null,
        metric: question?.metric ?? null,
      },
      indexes: table.indexes.map(
        ({ table: _table, qualifiedOperator: _operator, operandType: _type, ...index }) => index,
      ),
      plan,
      ...timed,
    };
    return { ...report, findings: liveRecallFindings(report), verdict: verdictOf(timed, options.target) };
  };
  if (!question || !drawn) return conclude(null);

  const { queries, ...vectors } = drawn;
  const run: LiveMeasurement = {
    session,
    table,
    question,
    queries,
    k,
    settings: options.settings,
    deadlineMs,
    clock,
    reporter,
  };
  const natural = await lookAtPlan(run);
  if (natural.indexes.length === 0) return conclude({ ...natural, checks: 1, cache: null });

  const nullVector = new Float32Array(parseVectorText(queries[0]!.operand).length);
  // Before the times, which would be those of a client that has just begun.
  const clientFloorMs = await readOnly(session, { deadlineMs }, () =>
    measureClientFloor(session, encodeVector(nullVector), k),
  );
  const timed = await timeIndex(run, natural);
  const { conditions } = timed;
  const plan = { ...natural, checks: 1 + timed.checks, cache: timed.planCache };
  if (conditions.server.interrupted) return conclude(plan, { conditions, measured: null });
  const bytes = formatBytes(table.leaves.reduce((sum, leaf) => sum + leaf.bytes, 0));
  reporter.note(
    `The exact side now reads the table (${bytes}) once for each of ${queries.length} queries, on one connection.`,
  );
  const compared = await compareAll(run, natural);
  return conclude(
    { ...plan, checks: plan.checks + compared.queries.length },
    { conditions, measured: { ...summarise(timed, compared), clock: clock.name, clientFloorMs, vectors } },
  );
}

/** Settings that the run itself depends on. */
const RESERVED =
  /^(statement_timeout|lock_timeout|idle_|transaction_|default_transaction_|search_path$|role$|session_authorization$)/;

/**
 * A misspelt name of an extension's setting would be accepted by older servers, and change nothing.
 *
 * @throws {PgvtuneError} `usage`
 */
async function refuseSettings(session: Session, settings: Settings): Promise<void> {
  const names = Object.keys(settings);
  const reserved = names.find((name) => RESERVED.test(name.toLowerCase()));
  if (reserved) {
    throw new PgvtuneError('usage', `${reserved} cannot be set here: the measurement depends on it.`, {
      hint: 'Set what the index is searched with, such as hnsw.ef_search.',
    });
  }
  const prefixes = names.flatMap((name) => /^(\w+)\./.exec(name.toLowerCase())?.[1] ?? []);
  let unknown = await unknownSetting(session, names);
  if (unknown !== undefined && prefixes.length > 0) {
    await loadLibrariesOf(session, prefixes);
    unknown = await unknownSetting(session, names);
  }
  if (unknown === undefined) return;
  const knobs = indexKinds.flatMap((kind) => kind.knobs.map(({ guc }) => guc)).join(', ');
  throw new PgvtuneError('usage', `The server has no setting ${unknown}.`, {
    hint: `Indexes are searched with ${knobs}.`,
  });
}

async function unknownSetting(session: Session, names: readonly string[]): Promise<string | undefined> {
  const known = await session.query<{ name: string }>(
    'SELECT lower(name) AS name FROM pg_settings WHERE lower(name) = ANY ($1::text[])',
    [names.map((name) => name.toLowerCase())],
  );
  return names.find((name) => !known.some((other) => other.name === name.toLowerCase()));
}

/** No such value (22…), not for this role (42501), or not while the server runs (55P02). */
const REFUSED = /^(22...|42501|55P02)$/;

/**
 * Sets what is wanted, and reads it back with everything else that decides how the index is searched.
 *
 * @throws {PgvtuneError} `usage` for a value that the server refuses, `server` for one that does not take
 */
async function settingsInForce(session: Session, wanted: Settings, question: LiveQuestion | null): Promise<Settings> {
  const got = await applySettings(session, wanted).catch((error: unknown) => {
    const { sqlstate, cause } = error instanceof PgvtuneError ? error : {};
    if (sqlstate === undefined || !REFUSED.test(sqlstate)) throw error;
    const why = cause instanceof Error ? cause.message : String(error);
    throw new PgvtuneError('usage', `The server refuses a setting: ${why}.`, { sqlstate, cause: error });
  });
  // Settings with units read back otherwise than they were written; those of indexes have none.
  const gucs = new Set(indexKinds.flatMap((kind) => kind.knobs.map(({ guc }) => guc)));
  const stubborn = Object.keys(wanted).find((name) => gucs.has(name) && got[name] !== wanted[name]);
  if (stubborn !== undefined) {
    throw new PgvtuneError(
      'server',
      `${stubborn} was set to ${wanted[stubborn]} and reads back as ${got[stubborn] ?? 'unknown'}.`,
      { hint: 'Connect to the server itself: something in between does not pass settings on.' },
    );
  }
  const method = question?.indexes[0]?.method;
  const knobs = indexKinds.find(({ accessMethod }) => accessMethod === method)?.knobs ?? [];
  return readSettings(session, [...new Set([...Object.keys(wanted), ...knobs.map(({ guc }) => guc), 'work_mem'])]);
}

function describeTable({ label, column, leaves }: LiveTable): LiveRecall['table'] {
  const sum = (of: (leaf: LiveTable['leaves'][number]) => number): number =>
    leaves.reduce((total, leaf) => total + of(leaf), 0);
  const [live, dead] = [sum(({ liveRows }) => liveRows), sum(({ deadRows }) => deadRows)];
  return {
    name: label,
    column: column.name,
    type: column.type,
    rows: leaves.every(({ estimatedRows }) => estimatedRows >= 0) ? sum(({ estimatedRows }) => estimatedRows) : null,
    bytes: sum(({ bytes }) => bytes),
    deadShare: dead === 0 ? 0 : dead / (live + dead),
  };
}

function summarise(
  timed: TimedIndex,
  { queries, vanished, exactPlan }: Comparison,
): Omit<LiveMeasured, 'clock' | 'clientFloorMs' | 'vectors'> {
  const answers = {
    hits: queries.map(({ hits }) => hits),
    strictHits: queries.map(({ strictHits }) => strictHits),
    returned: queries.map(({ returned }) => returned),
    expected: queries.map(({ expected }) => expected),
    distanceRatios: queries.map(({ distanceRatio }) => distanceRatio),
  };
  const told = queries.flatMap(({ duplicate }) => (duplicate === null ? [] : [duplicate]));
  const buffers = timed.buffersHit.map((hit, i) => hit + timed.buffersRead[i]!);
  const latency = (times: Float64Array) => ({
    ...summariseLatency(times, { blockSize: BLOCK_QUERIES, queries: queries.length }),
    histogram: histogramOf(times),
  });
  return {
    ...summariseRecall(answers),
    mostReturned: Math.max(...queries.map(({ answered }) => answered)),
    latencyMs: { first: latency(timed.first), again: latency(timed.again) },
    serverMs: {
      n: timed.serverMs.length,
      median: estimateQuantiles(timed.serverMs, [0.5])[0]?.estimate ?? null,
    },
    buffers: {
      mean: estimateMean(buffers),
      meanRead: timed.buffersRead.reduce((sum, read) => sum + read, 0) / buffers.length,
      queries: buffers.length,
    },
    rowsRemoved: estimateMean(timed.rowsRemoved),
    exactPlan,
    duplicateShare: told.length === 0 ? null : told.filter(Boolean).length / told.length,
    vanished,
    worst: queries
      .filter(({ expected }) => expected > 0)
      .map(({ label, hits, expected, returned }) => ({ query: label, recall: hits / expected, returned }))
      .filter(({ recall }) => recall < 1)
      .sort((a, b) => a.recall - b.recall)
      .slice(0, WORST),
    samples: {
      blockQueries: BLOCK_QUERIES,
      firstMs: encodeFloat32(timed.first),
      againMs: encodeFloat32(timed.again),
      hits: encodeUint16(answers.hits),
      strictHits: encodeUint16(answers.strictHits),
      returned: encodeUint16(answers.returned),
    },
  };
}

function verdictOf(
  { conditions, measured }: Pick<LiveRecall, 'conditions' | 'measured'>,
  target: number | undefined,
): LiveRecall['verdict'] {
  if (!measured) return conditions ? 'void' : 'no index used';
  if (target === undefined) return 'measured';
  const { low, high } = measured.recall.mean;
  if ((low ?? 0) >= target) return 'reached';
  return (high ?? 1) < target ? 'not reached' : 'inconclusive';
}
