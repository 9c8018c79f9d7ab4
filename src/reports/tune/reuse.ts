import { formatCount } from '../../units.js';
import type { RunView } from './run-view.js';

/** What a run took from earlier ones, in one sentence; empty where it took nothing. */
export function reuseSentence({ points, builds }: RunView): string {
  const known = [...points.values()].flatMap(({ fromRun }) => fromRun ?? []);
  const spared = [...builds.values()].filter(({ fromRun }) => fromRun !== undefined);
  if (known.length === 0) return '';
  const runs = [...new Set(known)].join(', ');
  const unbuilt =
    spared.length > 0
      ? `, and ${spared.length === 1 ? 'one index on a subset of the rows was' : `${formatCount(spared.length)} indexes on subsets of the rows were`} not built again`
      : '';
  return `${formatCount(known.length)} points of earlier runs (${runs}) guided the search${unbuilt}; the recommendation rests on measurements of this run alone.`;
}
