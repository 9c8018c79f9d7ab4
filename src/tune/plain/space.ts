import { shortHash } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import {
  indexKind,
  indexKinds,
  mostOf,
  type NumberKnob,
  partsOf,
  problemOfSpec,
  recallKnob,
  type ServerLimits,
  type SpecContext,
  validateSpec,
} from '../../indexes/index.js';
import type {
  CacheState,
  IndexParameters,
  IndexSpec,
  Layout,
  Metric,
  Stored,
  Target,
  Workload,
} from '../../vocabulary.js';
import type { Budget } from '../common/budget.js';
import type { RecallTarget } from '../common/constraints.js';
import type { LoadPlan } from '../common/loads.js';
import { leastQueries } from './split.js';

/** An index to consider, and the values that its recall knob may take. */
export interface Family {
  readonly spec: IndexSpec;
  /** Ascending. Null: any value that the method allows. */
  readonly knobValues: readonly number[] | null;
  /** Nobody named it: others are compared with it, but where nothing meets the target it is not called the nearest. */
  readonly isControlOnly?: true;
}

/** What a search may choose from, and for which question. */
export interface Space {
  readonly families: readonly Family[];
  readonly workload: Workload;
  readonly target: Target;
  /** Rows of the table. */
  readonly rows: number;
  /** What the table is made of; absent: it is one. */
  readonly layout?: Layout | undefined;
  /** Rows that indexes are compared on before one is built on all of them; null: several may be built on all. */
  readonly rowsBudget: number | null;
  /** Queries that may show a recall. */
  readonly queries: number;
  /** Queries that times are measured with, the first of them. */
  readonly timed: number;
  /** Builds of the recommendation, to see how much they differ. */
  readonly repeats: number;
  /** State of the caches at every point. */
  readonly cache: CacheState;
  /** Table and index up to this size can be evicted from the caches before a query in reasonable time; 0: none. */
  readonly coldBytes: number;
  /** Load to put on the recommendation; null: none. */
  readonly loads: LoadPlan | null;
  /** Indexes that are built only to be compared with, beside pgvector's default. */
  readonly rulesOfThumb: readonly IndexSpec[];
  /** The time that there is; absent: as long as it takes. */
  readonly budget?: Budget | undefined;
  /** Dimensions of a vector. */
  readonly dimensions: number;
  readonly metric: Metric;
  /** Limits of the server that the indexes are built on; null where there is none, as for a recorded grid. */
  readonly server: ServerLimits | null;
}

/**
 * The indexes that `tune` chooses from when nobody names any: what each method of pgvector has to offer, its defaults first.
 * What dimensions, metric or version do not allow is left out.
 *
 * @param context with the rows that an index holds
 * @param representations the first is the one that the others are compared with
 * @throws {PgvtuneError} `usage` when nothing is left
 */
export function defaultFamilies(
  context: SpecContext & { readonly rows: number },
  representations: readonly Stored[],
): readonly Family[] {
  const kinds = indexKinds.filter(({ accessMethod, extension }) => accessMethod !== null && extension === 'vector');
  const specs = kinds.flatMap(({ name: method, candidates }) =>
    representations.flatMap((stored) =>
      candidates(context.rows).map((parameters): IndexSpec => ({ method, ...stored, parameters: { ...parameters } })),
    ),
  );
  const allowed = distinctSpecs(specs).filter((spec) => isAllowed(spec, context));
  const [first] = specs;
  if (allowed.length === 0 && first) throw problemOfSpec(first, context) ?? new TypeError('No index to look at.');
  return allowed.map((spec) => ({ spec, knobValues: null }));
}

/**
 * The indexes that a configuration names, and pgvector's default index where it is allowed: every recommendation is
 * compared with it.
 *
 * @throws {PgvtuneError} `usage` for a spec that dimensions, metric or version do not allow
 */
export function namedFamilies(context: SpecContext, families: readonly Family[]): readonly Family[] {
  for (const { spec } of families) validateSpec(spec, context);
  const parameters = { ...indexKind('hnsw').startingPoints(context.rows ?? 1)[0]?.parameters };
  const control: Family = {
    spec: { method: 'hnsw', representation: 'vector', parameters },
    knobValues: null,
    isControlOnly: true,
  };
  const named = families.some(({ spec }) => shortHash(spec) === shortHash(control.spec));
  return named || problemOfSpec(control.spec, context) ? families : [control, ...families];
}

/** Whether a spec is what pgvector builds when no parameter is given. @param rows that the index holds */
export function isDefaultBuild(spec: IndexSpec, rows: number): boolean {
  const [usual] = indexKind(spec.method).startingPoints(rows);
  return (
    usual !== undefined &&
    indexKind(spec.method).accessMethod !== null &&
    spec.representation === 'vector' &&
    hasParameters(spec, usual.parameters)
  );
}

/** Whether these build parameters are those of an index; it may have others. */
export const hasParameters = ({ parameters }: IndexSpec, these: IndexParameters): boolean =>
  Object.entries(these).every(([name, value]) => parameters[name] === value);

/** Whether dimensions, metric and version allow an index. */
export const isAllowed = (spec: IndexSpec, context: SpecContext): boolean => problemOfSpec(spec, context) === null;

const distinctSpecs = (specs: readonly IndexSpec[]): readonly IndexSpec[] => [
  ...new Map(specs.map((spec) => [shortHash(spec), spec])).values(),
];

/**
 * Refuses a recall that this many queries cannot show, however good the index is.
 *
 * @throws {PgvtuneError} `usage`
 */
export function checkQueries(target: RecallTarget, queries: number): void {
  const { recall } = target;
  const needed = leastQueries(target);
  if (queries >= needed) return;
  // With too few queries no recall can be shown: to aim lower would not help.
  const lower = LOWER_TARGETS.find((aim) => leastQueries({ ...target, recall: aim }) <= queries);
  throw new PgvtuneError(
    'usage',
    needed === Infinity
      ? `A recall of ${recall} cannot be shown by any number of queries.`
      : `A recall of ${recall} cannot be shown with ${queries} queries: several indexes are tested, and even perfect answers would need ${needed}.`,
    {
      hint:
        lower === undefined
          ? 'Give more queries (measure.queries, --queries).'
          : `Give more queries (measure.queries, --queries), or aim at a recall of ${lower} or less.`,
    },
  );
}

const LOWER_TARGETS = [0.999, 0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.5];

/** Values that a knob may take, ascending. */
export interface Candidates {
  readonly knob: NumberKnob;
  /** Rows that a query asks for. */
  readonly k: number;
  readonly values: readonly number[];
}

/** How far two neighbouring candidates lie apart: settings closer than this cannot be told apart by their cost. */
const RATIO = 1.05;

/**
 * The values of a family's recall knob, from the least that can return k rows to the most the method allows, in steps
 * of 5 % or 1; undefined for methods without such a knob (the exact scan). Each part of a table returns as many rows.
 */
export function candidatesOf(family: Family, k: number, layout?: Layout): Candidates | undefined {
  const kind = indexKind(family.spec.method);
  const knob = recallKnob(kind, family.spec.parameters);
  if (!knob) return undefined;
  const canReturn = (value: number): boolean => partsOf(layout) * kind.mostRows({ [knob.name]: value }) >= k;
  const most = mostOf(knob, family.spec.parameters);
  const values = family.knobValues ?? steps(knob, most);
  return { knob, k, values: values.filter((value) => value <= most && canReturn(value)) };
}

function steps({ min, step }: NumberKnob, max: number): readonly number[] {
  if (step !== undefined) {
    return Array.from({ length: Math.floor(max / step) }, (_, i) => Number(((i + 1) * step).toPrecision(12)));
  }
  const values: number[] = [];
  for (let value = Math.max(1, min); value <= max; value = Math.max(value + 1, Math.round(value * RATIO)))
    values.push(value);
  if (values.at(-1) !== max) values.push(max);
  return values;
}
