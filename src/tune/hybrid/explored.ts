import type { HybridObstacle, HybridOption, PointRequest } from '../../results/index.js';
import type { HybridQuestion, HybridStrategy } from '../../workloads/index.js';
import { EXACT } from './space.js';

/** What became of a strategy before all were measured side by side. */
export interface Explored {
  readonly question: HybridQuestion;
  readonly strategy: HybridStrategy;
  readonly option: HybridOption;
  /** Asked again, in the final comparison; null: there is nothing to compare. */
  readonly final: PointRequest | null;
  readonly medianMs: number;
}

/** A strategy that is not looked at. */
export const unexplored = (
  question: HybridQuestion,
  strategy: HybridStrategy,
  outcome: HybridOption['outcome'],
  why: HybridObstacle | null,
): Explored => ({
  question,
  strategy,
  option: {
    strategy: strategy.name,
    text: question.text,
    spec: EXACT,
    isControl: isControl(strategy),
    outcome,
    why,
    settings: {},
    builds: [],
    point: null,
    againstHighest: null,
  },
  final: null,
  medianMs: Infinity,
});

/** One leg alone: what every fusion has to beat. */
export const isControl = ({ sides }: HybridStrategy): boolean => sides.length === 1;
