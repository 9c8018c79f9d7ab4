import { nodesIn } from '../nodes.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** A common table expression that is computed as a whole, and has no index: because it says so, or is used twice. */
export const materializedCte: Obstacle = {
  code: 'materialized-cte',
  find: ({ search: { root, crossed } }) => {
    const uses = [...nodesIn(root)].flatMap((node) => ('RangeVar' in node ? [node.RangeVar.relname] : []));
    for (const { cte } of crossed) {
      if (!cte || cte.ctematerialized === 'CTEMaterializeNever') continue;
      const isTwice = uses.filter((name) => name === cte.ctename).length > 1;
      if (cte.ctematerialized !== 'CTEMaterializeAlways' && !isTwice) continue;
      cte.ctematerialized = 'CTEMaterializeNever';
      return { code: 'materialized-cte', data: { cte: cte.ctename ?? '' }, remedy: rewritten(true) };
    }
    return null;
  },
};
