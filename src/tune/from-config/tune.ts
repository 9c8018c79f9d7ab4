import { type Config, expandIndexes, layoutOf, type NamedIndex, storedAs } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import {
  describeSpec,
  indexKind,
  recallKnob,
  rowsOfIndex,
  serverLimits,
  usualRepresentations,
} from '../../indexes/index.js';
import type { TuneAnswer } from '../../results/index.js';
import type { ServedShape, Shape, Situation } from '../../workloads/index.js';
import { checkQueries, defaultFamilies, type Family, namedFamilies, type Space } from '../plain/space.js';
import { rulesOfThumb } from '../plain/rules-of-thumb.js';
import { tuneWorkloads } from '../tune-workloads.js';
import { filteredSpaces } from './filtered.js';
import { hybridSpaces } from './hybrid.js';
import { refuseLayout, refuseShards } from './layout.js';
import { checkLoads, loadPlan } from './loads.js';
import type { ConfiguredSearch } from './search.js';
import { targetOf } from './target.js';

/** What `tune` does with a configuration: every workload that it names, on the indexes that it names or on the usual ones. */
export const tuneFromConfig = (config: Config): ConfiguredSearch<TuneAnswer> => ({
  check(shape) {
    if (config.workloads.some((workload) => !('plain' in workload))) refuseLayout(config);
    refuseShards(config);
    checkRowsBudget(config);
    // Hybrid queries are often as few as people judged: what those show is said of them.
    if (config.workloads.some((workload) => !('hybrid' in workload))) checkQueries(config.target, shape.recallQueries);
    familiesOf(config, shape);
    checkLoads(config, shape);
  },
  search(situation) {
    const families = familiesOf(config, situation);
    return tuneWorkloads({
      target: targetOf(config),
      plain: config.workloads.some((workload) => 'plain' in workload) ? plainSpace(config, situation, families) : null,
      filtered: filteredSpaces(config, situation, families.toServeFilters),
      hybrid: hybridSpaces(config, situation, families.toServeFilters),
      budgetSeconds: config.budget === undefined ? null : config.budget / 1000,
      begun: situation.begun,
    });
  },
});

/** @throws {PgvtuneError} `usage` where a budget of rows is given for queries that it does not work for */
function checkRowsBudget({ rows_budget: budget, workloads }: Config): void {
  if (budget === undefined || workloads.every((workload) => 'plain' in workload)) return;
  throw new PgvtuneError('usage', 'rows_budget works for plain queries alone.', {
    hint: 'Leave it out: indexes for filtered and hybrid queries are measured on all rows. Or tune plain queries alone.',
  });
}

interface Families {
  /** What plain queries choose from, pgvector's default index among them. */
  readonly all: readonly Family[];
  /** Those of them that filtered and hybrid queries choose from: the ones that the user named, if any. */
  readonly toServeFilters: readonly Family[];
  readonly areNamed: boolean;
}

function familiesOf(config: Config, shape: Shape | ServedShape): Families {
  const situation = { ...shape, rows: rowsOfIndex({ ...shape, layout: layoutOf(config) }) };
  const named = expandIndexes(config)?.map(familyOf);
  if (named) return { all: namedFamilies(situation, named), toServeFilters: named, areNamed: true };
  const all = defaultFamilies(
    situation,
    storedAs(config) ?? usualRepresentations(situation.dimensions, situation.metric),
  );
  return { all, toServeFilters: all, areNamed: false };
}

/** @throws {PgvtuneError} `usage` for an index of which no number decides the recall alone */
function familyOf({ spec, values }: NamedIndex): Family {
  const numbers = values?.flatMap((value) => (typeof value === 'number' ? [value] : [])) ?? null;
  if (recallKnob(indexKind(spec.method), spec.parameters) && numbers?.length === values?.length) {
    return { spec, knobValues: numbers };
  }
  throw new PgvtuneError(
    'usage',
    `No single number decides the recall of ${describeSpec(spec)}, so tune cannot search it.`,
    {
      hint: 'Name lists of one level, or measure it with pgvtune bench.',
    },
  );
}

function plainSpace(config: Config, situation: Situation, { all, areNamed }: Families): Space {
  const { rows, dimensions, metric, queries, recallQueries, coldBytes, sessions } = situation;
  const layout = layoutOf(config);
  return {
    families: all,
    // A rule of thumb is an index on all rows.
    rulesOfThumb:
      areNamed || config.rows_budget !== undefined
        ? []
        : rulesOfThumb({ ...situation, rows: rowsOfIndex({ rows, layout }) }),
    workload: { kind: 'plain', k: config.k },
    target: targetOf(config),
    rows,
    layout,
    rowsBudget: config.rows_budget ?? null,
    dimensions,
    metric,
    queries: recallQueries,
    timed: queries,
    server: serverLimits(situation),
    repeats: config.measure.repeats,
    cache: config.measure.cache,
    coldBytes,
    loads: loadPlan(config, { sessions, isAsked: false }),
  };
}
