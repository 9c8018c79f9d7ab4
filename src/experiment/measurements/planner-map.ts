import {
  COST_MODEL_SINCE,
  gucs,
  indexKind,
  isOlder,
  orderByExpression,
  orderByOperators,
  parametersOf,
  planStretches,
  predictPlan,
  queryParameter,
  recallKnob,
} from '../../indexes/index.js';
import { plannerSettings, type WantedScan } from '../../measure/index.js';
import {
  applySettings,
  explainQuery,
  type PlanNode,
  type PlannerFacts,
  readPlannerFacts,
  type Session,
  walkPlan,
} from '../../postgres/index.js';
import { type BuildRecord, keyOf, type PlannerMapRecord, type PlannerMapRequest } from '../../results/index.js';
import { vectorArgument } from '../../workloads/index.js';
import { encodeArgument, wantedScan } from '../points/arm.js';
import type { Bench } from './handler.js';

type Axis = PlannerMapRecord['axes'][number];
type Stretch = Axis['measured'][number];

/** LIMITs that are looked at, up to the rows of the table. */
const MOST_LIMIT = 10_000;
/** A filter's selectivity is counted in hundredths of a percent. */
const EVERY_ROW = 10_000;

/** One query whose plan is asked for. */
interface Question {
  readonly settings: PlannerMapRequest['settings'];
  readonly k: number;
  /** In 1/{@link EVERY_ROW} of the rows; absent: there is no filter. */
  readonly selectivity?: number;
}

/**
 * Where the planner leaves the index of a build, as its recall knob grows, as the LIMIT does, and as a filter lets fewer
 * rows pass: predicted by the cost model for every value, and confirmed by EXPLAIN where a change is predicted or found.
 * Nothing is executed; rival indexes are out of sight, that of the filter's own column among them.
 */
export async function measurePlannerMap(context: Bench, request: PlannerMapRequest): Promise<PlannerMapRecord> {
  const { session } = context;
  const build = await context.indexes.require(request.build);
  const { table } = await context.verifiedTable(await context.subsetTable(build.request.rows));
  const query = context.queries.vector(0);
  const { spec } = build.request;
  const kind = indexKind(spec.method);
  const knob = recallKnob(kind, spec.parameters);
  const index = build.index?.name;
  if (!knob || index === undefined) throw new TypeError(`${build.key} has no index for a planner to leave.`);
  const startedAt = context.now().toISOString();

  return session.rolledBack(async () => {
    const rivals = table.indexes.filter((name) => name !== index);
    if (rivals.length > 0) await session.query(`DROP INDEX ${rivals.map((name) => table.quote(name)).join(', ')}`);
    const facts = await readPlannerFacts(session, table.quote(table.name), table.quote(index));
    const predict = predictor(facts, build);
    const order = orderByExpression({
      spec,
      metric: context.metric,
      column: 'embedding',
      dimensions: query.length,
      query: queryParameter(context.metric, query.length),
    });
    const explain = async ({ settings, k, selectivity }: Question): Promise<Stretch['plan']> => {
      await applySettings(session, gucs(spec.method, settings));
      // Ids count from 0 without a gap, and the planner's histogram of them is a straight line.
      const filter = selectivity === undefined ? '' : ` WHERE id < ${rowsPassing(facts, selectivity)}`;
      const text = `SELECT id FROM ${table.quote(table.name)}${filter} ORDER BY ${order} LIMIT ${k}`;
      return planOf(
        await explainQuery(session, text, [encodeArgument(vectorArgument(context.metric, query))]),
        wantedScan(table.name, context.layout, build),
      );
    };
    // The model is of one index over the table.
    const predictable =
      kind.model !== null && table.stored.length === 1 && !isOlder(context.pgvector, COST_MODEL_SINCE);
    const map = async (
      axis: Pick<Axis, 'name' | 'at'>,
      range: { readonly from: number; readonly to: number },
      ask: (value: number) => Question,
    ): Promise<Axis> => {
      const predicted = predictable ? [...planStretches(range, (value) => predict(ask(value)))] : null;
      const expected = (predicted ?? []).slice(1).map(({ from }) => from);
      const confirmed = await confirmStretches(range, expected, (value) => explain(ask(value)));
      return { ...axis, predicted, measured: [...confirmed.stretches], explains: confirmed.looks };
    };

    const { k } = request;
    // What belongs to the statement, such as a re-ranking depth, is no setting of the index.
    const known = Object.entries(request.settings).filter(([name]) => kind.knobs.some((other) => other.name === name));
    const settings = Object.fromEntries(known);
    const at = Number(settings[knob.name] ?? knob.default);
    const axes = [
      await map({ name: knob.name, at }, { from: knob.min, to: knob.max }, (value) => ({
        settings: { ...settings, [knob.name]: value },
        k,
      })),
      await map({ name: 'LIMIT', at: k }, { from: 1, to: Math.max(k, Math.min(MOST_LIMIT, facts.rows)) }, (value) => ({
        settings,
        k: value,
      })),
    ];
    await dropConstraints(session, table.quote(table.name));
    axes.push(
      await map({ name: 'selectivity', at: EVERY_ROW }, { from: 1, to: EVERY_ROW }, (selectivity) => ({
        settings,
        k,
        selectivity,
      })),
    );
    return {
      type: 'planner-map',
      key: keyOf('planner-map', request),
      request,
      startedAt,
      table: { rows: facts.rows, heapPages: facts.heapPages, indexPages: facts.indexPages },
      axes,
    };
  });
}

const rowsPassing = ({ rows }: PlannerFacts, selectivity: number): number =>
  Math.max(1, Math.round((rows * selectivity) / EVERY_ROW));

/** Primary key and others: their indexes would serve the filter. Undone with the transaction. */
async function dropConstraints(session: Session, table: string): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `SELECT quote_ident(conname) AS name FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u')`,
    [table],
  );
  for (const { name } of rows) await session.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
}

function predictor(facts: PlannerFacts, { request: { spec } }: BuildRecord) {
  const kind = indexKind(spec.method);
  const { rows, heapPages, indexPages } = facts;
  const costs = plannerSettings(facts.settings);
  const table = { rows, heapPages, indexPages, costs };
  return ({ settings, k, selectivity }: Question): Exclude<Stretch['plan'], 'other'> => {
    const scan = kind.model?.scanCost?.({ ...table, parameters: parametersOf(kind, spec), settings });
    if (!scan) throw new TypeError(`${kind.title} has no cost model.`);
    const filter =
      selectivity === undefined ? {} : { selectivity: rowsPassing(facts, selectivity) / rows, filterOperators: 1 };
    return predictPlan(scan, { ...table, ...filter, k, orderByOperators: orderByOperators(spec.representation) }).plan;
  };
}

function planOf(plan: PlanNode, { parts }: WantedScan): Stretch['plan'] {
  const nodes = [...walkPlan(plan)];
  const scans = parts
    .filter(({ isEmpty }) => !isEmpty)
    .map((part) => ({ part, scan: nodes.find(({ relation }) => relation === part.table) }));
  if (scans.every(({ part, scan }) => scan?.index === part.index)) return 'index';
  if (scans.some(({ scan }) => scan?.type !== 'Seq Scan')) return 'other';
  return nodes.some(({ type }) => type.startsWith('Gather')) ? 'parallel sequential' : 'sequential';
}

/**
 * Finds the stretches of a range over which an answer stays the same, by few looks: on both sides of every change that
 * is expected, at doublings in between, and by bisection wherever two neighbouring looks differ. A change and its
 * reversal between two looks that agree are not seen.
 *
 * @param expected values at which a new stretch is expected to begin
 */
export async function confirmStretches<Plan extends string>(
  range: { readonly from: number; readonly to: number },
  expected: readonly number[],
  planAt: (value: number) => Promise<Plan>,
): Promise<{ readonly stretches: readonly { from: number; to: number; plan: Plan }[]; readonly looks: number }> {
  const seen = new Map<number, Plan>();
  const look = async (value: number): Promise<Plan> => {
    const plan = seen.get(value) ?? (await planAt(value));
    seen.set(value, plan);
    return plan;
  };
  const doublings: number[] = [];
  for (let value = range.from; value < range.to; value = Math.max(value + 1, value * 2)) doublings.push(value);
  const landmarks = [...doublings, range.to, ...expected.flatMap((value) => [value - 1, value])]
    .filter((value) => value >= range.from && value <= range.to)
    .sort((a, b) => a - b);

  let [previous] = landmarks;
  for (const landmark of landmarks) {
    const plan = await look(landmark);
    // Each bisection ends at one change; beyond it there may be another.
    while ((await look(previous!)) !== plan) {
      let [low, high] = [previous!, landmark];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((await look(middle)) === seen.get(previous!)) low = middle;
        else high = middle;
      }
      previous = high;
    }
    previous = landmark;
  }

  const stretches: { from: number; to: number; plan: Plan }[] = [];
  for (const [value, plan] of [...seen].sort(([a], [b]) => a - b)) {
    const last = stretches.at(-1);
    if (last?.plan === plan) last.to = value;
    else stretches.push({ from: value, to: value, plan });
  }
  return { stretches, looks: seen.size };
}
