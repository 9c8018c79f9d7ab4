import { type Config, expandIndexes } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import {
  describeSpec,
  indexKind,
  mostOf,
  numberOf,
  recallKnob,
  type SpecContext,
  validateSpec,
} from '../../indexes/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import type { GridRow } from '../grid.js';

/** Doublings of ef_search around its default: what `bench` measures when no values are named. */
const DEFAULT_EF_SEARCH = [10, 20, 40, 80, 160, 320];

/**
 * What `bench` measures: every combination that the configuration names, or pgvector's default index.
 *
 * @throws {PgvtuneError} `usage` for an index that dimensions, metric or version do not allow
 */
export function gridRows(config: Config, context: SpecContext): readonly GridRow[] {
  const named = expandIndexes(config) ?? [
    {
      spec: {
        method: 'hnsw',
        representation: 'vector' as const,
        parameters: { ...indexKind('hnsw').startingPoints(1)[0]?.parameters },
      },
      knob: 'ef_search',
      values: DEFAULT_EF_SEARCH,
    },
  ];
  return named.map(({ spec, knob, values }) => {
    validateSpec(spec, context);
    if (values === null && !recallKnob(indexKind(spec.method), spec.parameters)) {
      throw new PgvtuneError('usage', `${describeSpec(spec)} is searched by several numbers, and none are named.`, {
        hint: 'Name them in its entry of indexes, in quotes.',
      });
    }
    return { spec, settings: (values ?? defaultValues(spec)).map((value) => ({ [knob]: value })) };
  });
}

/** Around the default; of lists doublings up to a quarter of them: beyond, the planner prefers the table. */
function defaultValues(spec: IndexSpec): readonly number[] {
  const kind = indexKind(spec.method);
  if (spec.method === 'hnsw') return DEFAULT_EF_SEARCH;
  const knob = recallKnob(kind, spec.parameters);
  if (!knob) return [];
  const values: number[] = [];
  if (kind.model === null) {
    const doublings = [1 / 4, 1 / 2, 1, 2, 4, 8].map((factor) => factor * knob.default);
    const allowed = doublings.map((value) => (knob.integer ? Math.round(value) : Number(value.toPrecision(3))));
    return [...new Set(allowed.filter((value) => value >= knob.min && value <= mostOf(knob, spec.parameters)))];
  }
  const lists = numberOf(spec.parameters, 'lists', 1);
  for (let probes = 1; probes <= Math.max(1, lists / 4); probes *= 2) values.push(probes);
  return values;
}
