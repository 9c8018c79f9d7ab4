import { type Config, expandIndexes } from '../../config/index.js';
import { indexKind, type SpecContext, validateSpec } from '../../indexes/index.js';
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
      knob: 'ef_search' as const,
      values: DEFAULT_EF_SEARCH,
    },
  ];
  return named.map(({ spec, knob, values }) => {
    validateSpec(spec, context);
    return {
      spec,
      settings: (values ?? defaultValues(knob, spec.parameters['lists'])).map((value) => ({ [knob]: value })),
    };
  });
}

/** Doublings from one list up to a quarter of them; beyond, the planner prefers the table. */
function defaultValues(knob: string, lists = 1): readonly number[] {
  if (knob === 'ef_search') return DEFAULT_EF_SEARCH;
  const values: number[] = [];
  for (let probes = 1; probes <= Math.max(1, lists / 4); probes *= 2) values.push(probes);
  return values;
}
