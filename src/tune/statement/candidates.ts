import { type NamedIndex, sparseNotTuned } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { describeSpec, indexKind, indexKinds, isOlder, problemOfSpec, recallKnob } from '../../indexes/index.js';
import type { StatementSubject, StatementWithIndexRequest } from '../../results/index.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';

/** What indexes are looked for with. */
export interface StatementSpace {
  /** Which rows were copied decides nothing here. */
  readonly subject: Omit<StatementSubject, 'copied'>;
  readonly metric: Metric;
  /** Rows of the table of the vectors that an index is built on. */
  readonly rows: number;
  /** The older of the versions where the table is, and where it is measured: what only one of them knows cannot be recommended. */
  readonly pgvector: string;
  /** Indexes to compare; null: some of each method of pgvector. */
  readonly indexes: readonly NamedIndex[] | null;
}

/** An index to build, and what it is searched with; null: pgvtune's own values. */
interface Candidate {
  readonly spec: IndexSpec;
  readonly values: readonly number[] | null;
}

/** Of each method of pgvector, so many, each with another value of its first parameter. */
const CANDIDATES = 2;
/** Greatest value of the setting that is tried. */
const MOST = 400;
/** A plan that is kept would be that of other settings. What is recommended has it too. */
const PLANNED_ANEW = { plan_cache_mode: 'force_custom_plan' };

/**
 * For each index, the ways to search it: those are measured together, on one build.
 *
 * @throws {PgvtuneError} `usage` for a column that no index takes, or an index that is named and not possible here
 */
export function statementRequests(
  space: StatementSpace,
  queries: number,
): readonly (readonly StatementWithIndexRequest[])[] {
  const { subject, pgvector } = space;
  return candidates(space).flatMap((candidate) => {
    const sweep = sweepOf(candidate, subject.limit);
    if (!sweep) return [];
    const { spec } = candidate;
    const ways = subject.filters && !isOlder(pgvector, '0.8.0') ? [{}, iterativeOf(spec)] : [{}];
    return [ways.map((way) => ({ spec, settings: { ...PLANNED_ANEW, ...way }, sweep, queries }))];
  });
}

function candidates({ subject, metric, rows, pgvector, indexes }: StatementSpace): readonly Candidate[] {
  const { table, column } = subject;
  const { dimensions } = column;
  if (dimensions === null) {
    throw new PgvtuneError('usage', `Column ${column.name} of ${table.label} declares no dimensions.`, {
      hint: 'pgvector indexes a column of vector(n) only.',
    });
  }
  if (column.baseType === 'sparsevec') {
    throw sparseNotTuned(`Column ${column.name} of ${table.label} is of type ${column.type}.`);
  }
  const representation = column.baseType === 'halfvec' ? 'halfvec' : 'vector';
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

function sweepOf(
  { spec: { method, parameters }, values }: Candidate,
  limit: number,
): StatementWithIndexRequest['sweep'] | null {
  const knob = recallKnob(indexKind(method), parameters);
  if (!knob) return null;
  if (values) return { setting: knob.guc, values: [...values] };
  const low = method === 'hnsw' ? Math.max(10, limit) : 1;
  const high = Math.min(method === 'hnsw' ? Math.max(MOST, 2 * limit) : Number(parameters['lists']), knob.max);
  const doubled = Array.from({ length: 1 + Math.ceil(Math.log2(high / low)) }, (_, i) => Math.min(high, low * 2 ** i));
  return low < high ? { setting: knob.guc, values: doubled } : null;
}

const iterativeOf = ({ method }: IndexSpec): Readonly<Record<string, string>> =>
  method === 'hnsw' ? { 'hnsw.iterative_scan': 'strict_order' } : { 'ivfflat.iterative_scan': 'relaxed_order' };
