import { PgvtuneError } from '../../errors.js';
import type { Clock } from '../../measure/index.js';
import { applySettings, readOnly, readServerFacts, type Session, type Settings } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import type { FoundObstacle, SearchObstacle, SearchRemedy } from '../../results/index.js';
import {
  findSearch,
  type KnownRelation,
  limitParameters,
  loadGrammar,
  type Mended,
  mendSearch,
  readSelect,
  type SearchedTable,
  writeSelect,
} from '../../statements/index.js';
import { ownSearchPath } from '../catalog/find-table.js';
import { readLiveTable } from '../catalog/table.js';
import { readDimensions } from '../sampling/dimensions.js';
import { answerObstacles } from './answer-obstacles.js';
import { type Application, literalsOf, lookAt, type LookedAt, lookIfValid, prepare, undone } from './application.js';
import { measureStatement } from './measure.js';
import { parameterTypes, valuesOf } from './parameters.js';
import { type Candidate, plannerSteps, quotedIndexes } from './planner-obstacles.js';
import { refuseVolatile, volatileAmong } from '../statement/side-effects.js';
import { readRelations, relationText } from './relations.js';
import type { ChangedStatement, ExplainedPlan, SearchExplanation } from './report.js';

export interface ExplainOptions {
  readonly session: Session;
  /** One SELECT that orders by a distance; parameters as `$1`. */
  readonly sql: string;
  /** Values of parameters by their numbers, as text. */
  readonly given: ReadonlyMap<number, string>;
  /** Number of query vectors to measure the changed statement with; null: it is only planned. */
  readonly measure: number | null;
  /** What one statement may take. */
  readonly deadlineMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/**
 * Says what keeps an index on the vectors out of an application's statement, and what to change. Everything happens in one
 * read-only transaction; but for `measure` nothing of the statement is executed. Where the changed statement is planned with the
 * index, each obstacle in the text was in the way: with that one left in, the index is not used.
 *
 * @throws {PgvtuneError} `usage` for a statement that is no search, a table or a parameter that cannot be meant, a volatile
 *   function to measure; `server`, `interrupted`
 */
export async function explainStatement(options: ExplainOptions): Promise<SearchExplanation> {
  const { session, sql, given, measure, deadlineMs } = options;
  await loadGrammar();
  const root = readSelect(sql);
  return readOnly(session, { deadlineMs }, async () => {
    const facts = await readServerFacts(session);
    // What applications' names mean, and after it the extension's schema, which a role may have forgotten.
    await applySettings(session, { search_path: await ownSearchPath(session) });
    const volatile = await volatileAmong(session, root);
    if (measure !== null) refuseVolatile(volatile, 'The statement');
    const relations = await readRelations(session, root);
    const search = findSearch(root, relations);
    const { relation } = search;
    const live = await readLiveTable(
      session,
      relationText({ schema: relation.schemaname ?? null, name: relation.relname ?? '' }),
      search.column,
    );
    const quoted = await quotedIndexes({ session, table: live });
    const dimensions =
      live.column.dimensions ?? (await readDimensions(session, { from: live.quoted, column: live.column }, deadlineMs));
    const table: SearchedTable = {
      ...live,
      pgvector: facts.pgvector,
      column: { ...live.column, dimensions },
      indexes: live.indexes.map(
        ({ table: leaf, name, method, opclass, operator, expression, operandType, ...index }) => {
          const { isExpression, predicate, valid } = index;
          const own = quoted.get(name) ?? name;
          return {
            table: leaf,
            name,
            quoted: own,
            method,
            opclass,
            operator,
            expression,
            operandType,
            isExpression,
            predicate,
            valid,
          };
        },
      ),
    };
    const types = await undone(session, async () => parameterTypes(session, await prepare(session, writeSelect(root))));
    const random = createRandom(options.seed).fork('explain');
    const values = await valuesOf({ session, search, relations, table: live, types, given, random, deadlineMs });
    const app: Application = {
      session,
      table: live,
      types,
      values: new Map(values.map(({ number, text }) => [number, text])),
      literals: literalsOf(values.map(({ text }) => text)),
    };

    const original: Candidate = { root, settings: {}, look: await lookAt(app, writeSelect(root)) };
    const diagnosis = await diagnose({
      app,
      relations,
      table,
      volatile: volatile.map(({ name }) => name),
      original,
    });
    const { final, obstacles } = await completeAnswer(app, relations, diagnosis);
    const changed = changedStatement(original, final, obstacles);
    const verdict = verdictOf(original.look, final, obstacles);
    const measured =
      measure === null || !final.look.usesIndex
        ? null
        : await measureStatement(app, {
            ...options,
            queries: measure,
            relations,
            original: root,
            final,
            sameRows: changed?.sameRows ?? true,
            random,
          });
    return {
      server: { version: facts.version, pgvector: facts.pgvector },
      statement: sql.trim(),
      table: live.label,
      column: live.column.name,
      operator: search.distance.operator,
      parameters: values.map(({ text: _text, ...parameter }) => parameter),
      indexes: table.indexes,
      plan: shown(original.look),
      obstacles,
      changed,
      measured,
      verdict,
    };
  });
}

interface Diagnosis {
  readonly final: Candidate;
  readonly obstacles: readonly FoundObstacle[];
}

interface Case {
  readonly app: Application;
  readonly relations: readonly KnownRelation[];
  readonly table: SearchedTable;
  readonly volatile: readonly string[];
  readonly original: Candidate;
}

/** First what the text and the indexes say; where that is not all, what the planner does when one thing is changed at a time. */
async function diagnose(given: Case): Promise<Diagnosis> {
  const { app, relations, original } = given;
  if (original.look.usesIndex) return genericPlan(given, { final: original, obstacles: [] });
  if (original.look.planCacheMode === 'force_generic_plan') {
    const custom = await lookAt(app, writeSelect(original.root), CUSTOM);
    if (custom.usesIndex) return forParameters(original, custom, []);
  }
  const { mended, look } = await necessary(given);
  const final: Candidate = { root: mended.root, settings: {}, look };
  const waitsForAnIndex = mended.found.some(
    ({ remedy }) => remedy.kind === 'create-index' || remedy.kind === 'reindex',
  );
  const isStuck = mended.found.some(({ remedy }) => remedy.kind === 'none');
  if (look.usesIndex || waitsForAnIndex || isStuck) return genericPlan(given, { final, obstacles: mended.found });
  const steps = await plannerSteps(app, relations, final);
  return genericPlan(given, {
    final: steps.at(-1) ?? final,
    obstacles: [...mended.found, ...steps.map(({ found }) => found)],
  });
}

/** Obstacles without one of which the index would not be used; where it is not used at all, those that were found. */
async function necessary(given: Case): Promise<{ readonly mended: Mended; readonly look: LookedAt }> {
  const { app, original } = given;
  const without = async (except: readonly SearchObstacle['code'][]): Promise<{ mended: Mended; look: LookedAt }> => {
    const mended = mendSearch(original.root, { ...given, except });
    const look = await lookIfValid(app, mended.sql);
    return look ? { mended, look } : { mended: notRewritten(original.root, mended), look: original.look };
  };
  let best = await without([]);
  if (!best.look.usesIndex) return best;
  const spared: SearchObstacle['code'][] = [];
  for (const { code } of best.mended.found) {
    const next = await without([...spared, code]);
    if (!next.look.usesIndex) continue;
    spared.push(code);
    best = next;
  }
  return best;
}

/** What was found, without a rewriting that the server would refuse. */
const notRewritten = (root: Candidate['root'], { found }: Mended): Mended => ({
  root,
  sql: writeSelect(root),
  found: found.map((obstacle) =>
    obstacle.remedy.kind === 'rewrite' ? { ...obstacle, remedy: { kind: 'none' as const } } : obstacle,
  ),
});

/** From the sixth execution of a prepared statement on, the server may plan it without regard to its parameters. */
async function genericPlan({ app }: Case, { final, obstacles }: Diagnosis): Promise<Diagnosis> {
  const { look, root, settings } = final;
  if (!look.usesIndex || app.types.length === 0 || look.genericUsesIndex) return { final, obstacles };
  const isTaken = look.planCacheMode === 'force_generic_plan' || look.genericCost <= look.totalCost * 1.01;
  if (!isTaken) return { final, obstacles };
  return forParameters(final, await lookAt(app, writeSelect(root), { ...settings, ...CUSTOM }), obstacles);
}

const CUSTOM: Settings = { plan_cache_mode: 'force_custom_plan' };

function forParameters(before: Candidate, custom: LookedAt, obstacles: readonly FoundObstacle[]): Diagnosis {
  const { root, settings, look } = before;
  const data = {
    mode: look.planCacheMode,
    custom: custom.text,
    generic: look.genericText,
    limit: limitParameters(root).limit.length > 0,
  };
  return {
    final: { root, settings: { ...settings, ...CUSTOM }, look: custom },
    obstacles: [...obstacles, { code: 'generic-plan', data, remedy: { kind: 'setting', settings: CUSTOM } }],
  };
}

/** Adds what loses rows of the answer once the index is used, and its settings. */
async function completeAnswer(
  app: Application,
  relations: readonly KnownRelation[],
  { final, obstacles }: Diagnosis,
): Promise<Diagnosis> {
  if (!final.look.usesIndex) return { final, obstacles };
  const found = await answerObstacles(app, final, findSearch(final.root, relations));
  if (found.length === 0) return { final, obstacles };
  const settings = found.reduce<Settings>(
    (all, { remedy }) => (remedy.kind === 'setting' ? { ...all, ...remedy.settings } : all),
    final.settings,
  );
  const look = await lookAt(app, writeSelect(final.root), settings);
  if (look.usesIndex) return { final: { ...final, settings, look }, obstacles: [...obstacles, ...found] };
  const data = { plan: look.text, cost: look.totalCost, indexCost: final.look.totalCost };
  const lost: FoundObstacle = { code: 'settings-cost-index', data, remedy: { kind: 'none' } };
  return { final, obstacles: [...obstacles, ...found, lost] };
}

function changedStatement(
  original: Candidate,
  final: Candidate,
  obstacles: readonly FoundObstacle[],
): ChangedStatement | null {
  const isRewritten = obstacles.some(({ remedy }) => remedy.kind === 'rewrite');
  if (!isRewritten && Object.keys(final.settings).length === 0) return null;
  return {
    sql: writeSelect(isRewritten ? final.root : original.root),
    isRewritten,
    settings: final.settings,
    sameRows: obstacles.every(({ remedy }) => remedy.kind !== 'rewrite' || remedy.sameRows),
    plan: shown(final.look),
  };
}

const shown = ({ usesIndex, text, totalCost, explain }: LookedAt): ExplainedPlan => ({
  usesIndex,
  text,
  totalCost,
  explain,
});

function verdictOf(
  before: LookedAt,
  { look: after, settings }: Candidate,
  obstacles: readonly FoundObstacle[],
): SearchExplanation['verdict'] {
  const kinds = obstacles.map(({ remedy }) => remedy.kind);
  if (after.usesIndex) {
    if (before.usesIndex && obstacles.length === 0) return 'index used';
    const isDone = obstacles.every(({ remedy }) => remedy.kind === 'rewrite' || isInForce(remedy, settings));
    return isDone ? 'mended' : 'rows missing';
  }
  if (kinds.some((kind) => kind === 'create-index' || kind === 'reindex' || kind === 'analyze')) return 'change needed';
  const last = obstacles.at(-1);
  return last?.code === 'small-table' || last?.code === 'cheaper-filter' ? 'exact is right' : 'not mended';
}

/** Whether a remedy is among the settings of a statement. */
export const isInForce = (remedy: SearchRemedy, settings: Settings): boolean =>
  remedy.kind === 'setting' && Object.entries(remedy.settings).every(([name, value]) => settings[name] === value);

/** `3=text` → the value of `$3`. @throws {PgvtuneError} `usage` */
export function parseParameter(text: string): readonly [number: number, value: string] {
  const [, number, value] = /^\$?(\d+)=(.*)$/s.exec(text) ?? [];
  if (number === undefined || value === undefined) {
    throw new PgvtuneError('usage', `Expected the number of a parameter and its value, got "${text}".`, {
      hint: "Write --param '1=[0.1, 0.2]' --param 2=10.",
    });
  }
  return [Number(number), value];
}
