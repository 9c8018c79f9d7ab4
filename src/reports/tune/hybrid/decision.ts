import type { HybridAnswer, HybridDecision } from '../../../results/index.js';
import { formatApart, formatFixed, formatPercent } from '../../../units.js';
import type { ShownHybridDecision } from '../../text/shown-hybrid-decision.js';
import { textOf } from '../../text/index.js';
import { type RunView } from '../run-view.js';
import { quantileMsText } from '../../text/figures.js';
import { differenceText, obstacleText, optionName, pointOfOption } from './names.js';

/** Why the recommendation for hybrid queries, in words. */
export const hybridDecisionText = (run: RunView, answer: HybridAnswer): string =>
  textOf(run.texts.hybrid.decisions, shown(run, answer, answer.decision));

/** The decision with the names and figures that it speaks of. */
function shown(run: RunView, answer: HybridAnswer, decision: HybridDecision): ShownHybridDecision {
  const { options, best, rankedBy = 'p50' } = answer;
  const name = (position: number): string => optionName(run, options[position]!, options);
  const p50 = (position: number | null): string => {
    const measured = position === null ? null : pointOfOption(run, options[position]!)?.measured;
    return measured ? quantileMsText(run, measured, 0.5) : '?';
  };
  switch (decision.code) {
    case 'nothing-reaches':
      return { code: decision.code, data: {} };
    case 'not-judged':
      return {
        code: decision.code,
        data: { rankedBy, p50: p50(best), quicker: [...new Set(decision.data.quicker.map(name))] },
      };
    case 'one-leg':
    case 'fusion': {
      const { highest, queriesNeeded, betterUnmeasured } = decision.data;
      const quality = (position: number) => ({
        name: name(position),
        ndcg: ndcgText(run, answer, position),
        p50: p50(position),
      });
      const position = best ?? highest;
      const difference = options[position]!.againstHighest;
      return {
        code: decision.code,
        data: {
          rankedBy,
          best: quality(position),
          highest: difference && { ...quality(highest), difference: differenceText(difference) },
          judged: answer.judged ?? 0,
          notShownToKeep: queriesNeeded === null ? null : { share: formatPercent(answer.recall, 0), queriesNeeded },
          legs: options.flatMap((option, i) =>
            // One that is worse than another may not be shown to be worse than the highest.
            option.isControl && option.againstHighest?.verdict === 'worse'
              ? [{ name: name(i), difference: differenceText(option.againstHighest) }]
              : [],
          ),
          betterUnmeasured: betterUnmeasured.map(({ option, ndcg }) => {
            const best = ndcgOf(run, answer, position);
            const [own, ofBest] = best === undefined ? [ndcg.toFixed(3), '?'] : formatApart(formatFixed, ndcg, best);
            return { name: name(option), ndcg: own, ofBest, why: obstacleText(run, options[option]!.why) };
          }),
        },
      };
    }
  }
}

const ndcgOf = (run: RunView, { options }: HybridAnswer, position: number): number | undefined =>
  pointOfOption(run, options[position]!)?.measured?.ranking?.judged?.ndcg.value;

const ndcgText = (run: RunView, answer: HybridAnswer, position: number): string =>
  ndcgOf(run, answer, position)?.toFixed(3) ?? '?';
