import { summariseLatency, summariseRecall } from '../../analysis/index.js';
import { canonicalJson } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import type { Clock } from '../../measure/index.js';
import { applySettings, literal, type Settings } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import type { Random } from '../../random.js';
import {
  findSearch,
  type KnownRelation,
  type VectorSearch,
  withQueryParameter,
  writeSelect,
} from '../../statements/index.js';
import { GENTLE, NO_INDEX_SCAN } from '../statement/exact-settings.js';
import { type Application, execution, lookAt, prepare, undone } from './application.js';
import { drawVectors, vectorParameterOf } from './parameters.js';
import type { Candidate } from './planner-obstacles.js';
import type { MeasuredStatement } from './report.js';

const EXACT: Settings = { ...GENTLE, ...NO_INDEX_SCAN };

export interface MeasureOptions {
  readonly queries: number;
  readonly relations: readonly KnownRelation[];
  readonly original: VectorSearch['root'];
  readonly final: Candidate;
  readonly sameRows: boolean;
  readonly random: Random;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/**
 * Executes the changed statement, and after each execution the statement whose rows are right, over an exact scan. A query
 * vector that is a parameter, or a constant, is replaced by vectors of random rows; one that the statement computes is asked
 * for as it is.
 *
 * @throws {PgvtuneError} `server` when the exact side would be served by the index
 */
export async function measureStatement(app: Application, options: MeasureOptions): Promise<MeasuredStatement> {
  const { session, table } = app;
  const { relations, final, sameRows, clock, reporter, deadlineMs } = options;
  const exactRoot = sameRows ? options.original : final.root;
  const added = app.types.length + 1;
  const search = findSearch(structuredClone(options.original), relations);
  const own = vectorParameterOf({ search, types: app.types, table });
  const asked = own === null ? withQueryParameter(final.root, search, added) : final.root;
  const exact = own === null ? withQueryParameter(exactRoot, search, added) : exactRoot;
  const position = own ?? (asked && exact ? added : null);
  const [finalRoot, rightRoot] = [asked ?? final.root, exact ?? exactRoot];
  const types = position === added ? [...app.types, table.column.type] : app.types;
  const vectors =
    position === null
      ? [null]
      : await drawVectors({ session, table, random: options.random, deadlineMs }, options.queries);
  const literals = (vector: string | null): readonly string[] => {
    const all = [...app.literals];
    if (vector !== null && position !== null) all[position - 1] = literal(vector);
    return all;
  };

  const measuredApp: Application = { ...app, types, literals: literals(vectors[0]!) };
  const [changedSql, exactSql] = [writeSelect(finalRoot), writeSelect(rightRoot)];
  const { usesIndex } = await lookAt(measuredApp, changedSql, final.settings);
  const exactLook = await lookAt(measuredApp, exactSql, EXACT);
  if (!usesIndex || exactLook.usesIndex) {
    throw new PgvtuneError('server', 'The statement to measure is not planned as the statement was.', {
      hint: 'Leave --measure out, and measure the index with pgvtune recall.',
    });
  }

  const execute = async (sql: string, settings: Settings, vector: string | null): Promise<Answer> =>
    undone(session, async () => {
      await applySettings(session, { ...settings, plan_cache_mode: 'force_custom_plan' });
      const name = await prepare(session, sql, types);
      const text = execution(name, literals(vector));
      const start = clock.now();
      const rows = await session.query(text, [], { deadlineMs });
      return { ms: clock.now() - start, rows: rows.map((row) => canonicalJson(JSON.parse(JSON.stringify(row)))) };
    });

  const task = reporter.start({ code: 'measure-statement', data: {} }, vectors.length, 'queries');
  const pairs: { readonly changed: Answer; readonly exact: Answer }[] = [];
  try {
    // The first execution of each fills caches that the others find full.
    await execute(changedSql, final.settings, vectors[0]!);
    for (const vector of vectors) {
      const changed = await execute(changedSql, final.settings, vector);
      pairs.push({ changed, exact: await execute(exactSql, EXACT, vector) });
      task.update(pairs.length);
    }
  } finally {
    task.finish();
  }
  const hits = pairs.map(({ changed, exact }) => common(changed.rows, exact.rows));
  const latency = (of: (pair: (typeof pairs)[number]) => Answer) =>
    summariseLatency(
      pairs.map((pair) => of(pair).ms),
      { blockSize: 1, queries: pairs.length },
    );
  return {
    ...summariseRecall({
      hits,
      strictHits: hits,
      returned: pairs.map(({ changed }) => changed.rows.length),
      expected: pairs.map(({ exact }) => exact.rows.length),
      distanceRatios: pairs.map(() => null),
    }),
    latencyMs: { changed: latency(({ changed }) => changed), exact: latency(({ exact }) => exact) },
    exactOf: sameRows ? 'statement' : 'changed statement',
  };
}

interface Answer {
  readonly ms: number;
  readonly rows: readonly string[];
}

/** How many rows both answers hold, each as often as it stands in both. */
function common(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const row of b) left.set(row, (left.get(row) ?? 0) + 1);
  return a.filter((row) => {
    const count = left.get(row) ?? 0;
    if (count > 0) left.set(row, count - 1);
    return count > 0;
  }).length;
}
