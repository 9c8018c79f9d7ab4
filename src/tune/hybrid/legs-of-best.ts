import {
  askTogether,
  type HybridAnswer,
  keyOf,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import { hybridStrategy, type Side } from '../../workloads/index.js';
import { SEARCH_QUERIES } from './explore.js';
import type { Explored } from './explored.js';
import { settingsOf } from './settings.js';
import { EXACT } from './space.js';
import { DEPTH_KNOBS } from './variants.js';

/**
 * Measures each leg of the recommendation alone, as deep as it is asked.
 *
 * @param confirmed what was measured beside the recommendation: a leg that is among it is not asked again
 */
export function* legsOfBest(
  { best, options }: HybridAnswer,
  { explored, confirmed }: { readonly explored: readonly Explored[]; readonly confirmed: readonly PointRecord[] },
): Search<HybridAnswer['legs']> {
  const none = { vector: null, text: null };
  const chosen = best === null ? undefined : explored[best];
  const option = best === null ? undefined : options[best];
  if (!chosen?.final || !option || chosen.strategy.sides.length < 2) return none;
  const { question } = chosen;
  const { final } = chosen;
  const vectorBuild = option.spec.method === EXACT.method ? undefined : final.build;
  const others = final.beside ?? [];
  const [textBuild, ...ofFilter] = vectorBuild === undefined ? [final.build, ...others] : others;
  const leg = (side: Side, build: string | undefined): readonly { side: Side; request: PointRequest }[] => {
    const depth = final.settings[DEPTH_KNOBS[side]];
    if (build === undefined || typeof depth !== 'number') return [];
    const alone = hybridStrategy(`${side}-only`);
    const spec = side === 'vector' ? option.spec : EXACT;
    const { beside: _, ...rest } = final;
    const filter = question.filter ? { filter: question.filter.filter } : {};
    const workload = { kind: 'hybrid', k: depth, text: question.text, strategy: alone.name, ...filter } as const;
    const settings = settingsOf(alone, { question, spec, settings: final.settings });
    return [
      {
        side,
        request: {
          ...rest,
          build,
          ...(ofFilter.length > 0 ? { beside: ofFilter } : {}),
          workload,
          settings,
          queries: Math.min(SEARCH_QUERIES, final.queries),
        },
      },
    ];
  };
  const legs = [...leg('vector', vectorBuild), ...leg('text', textBuild)];
  const keys = new Map(legs.map(({ side, request }) => [side, keyOf('point', request)]));
  const unknown = legs.filter(({ side }) => !confirmed.some(({ key }) => key === keys.get(side)));
  yield* askTogether(
    'point',
    unknown.map(({ request }) => request),
  );
  return { vector: keys.get('vector') ?? null, text: keys.get('text') ?? null };
}
