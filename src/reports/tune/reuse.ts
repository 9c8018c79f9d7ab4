import { formatCount } from '../../units.js';
import type { RunView } from './run-view.js';

/** What of a run was not done in it, in one sentence; empty when everything was. */
export function reuseSentence({ points, builds }: RunView): string {
  const known = [...points.values()].flatMap(({ fromRun }) => fromRun ?? []);
  const spared = [...builds.values()].filter(({ fromRun }) => fromRun !== undefined);
  if (known.length === 0) return '';
  const runs = [...new Set(known)].join(', ');
  const unbuilt =
    spared.length > 0
      ? `, and ${spared.length === 1 ? 'an index' : `${formatCount(spared.length)} indexes`} on some of the rows ${spared.length === 1 ? 'was' : 'were'} not built again`
      : '';
  return `${formatCount(known.length)} points that chose where to look are of earlier runs (${runs})${unbuilt}; everything that is concluded from was measured in this one.`;
}
