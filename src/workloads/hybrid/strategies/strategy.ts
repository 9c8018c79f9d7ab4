import type { HybridLimit } from '../../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../../vocabulary.js';
import type { QueryKnob } from '../../knob.js';
import type { Legs, Scored } from '../leg.js';
import type { Asked, HybridQuestion, Side } from '../question.js';

/**
 * What becomes of the index of a side while the strategy is measured. `required`: it is visible and must appear in the
 * plan. `allowed`: it is visible and the planner may use it. `unusable`: it is visible, and that no plan uses it is
 * what the point shows. `hidden`: it must be out of sight.
 */
export type IndexUse = 'required' | 'allowed' | 'unusable' | 'hidden';

/** What a configuration and the records call a strategy; how people call it is a matter of the report. */
export type HybridStrategyName =
  | 'vector-only'
  | 'text-only'
  | 'rrf'
  | 'normalised-sum'
  | 'weighted-sum'
  | 'vector-then-text'
  | 'text-filter'
  | 'match-then-sort'
  | 'mixed-order';

/**
 * A way to answer from vectors and text at once, as data and pure functions. A new strategy is one file and one line in
 * `registry.ts`.
 */
export interface HybridStrategy {
  readonly name: HybridStrategyName;
  /** The sides whose part of the query is asked. */
  readonly sides: readonly Side[];
  /** Why it cannot serve the question; null when it can. */
  readonly limit: (question: HybridQuestion) => HybridLimit | null;
  readonly indexes: (question: HybridQuestion, settings: SearchSettings) => Readonly<Record<Side, IndexUse>>;
  /** What the statement can be tuned by, beside the knobs of the index. */
  readonly knobs: (question: HybridQuestion, spec: IndexSpec) => readonly QueryKnob[];
  /** Whether no text can bring a row in that is not among the vector leg's first k: it only orders them. */
  readonly shutsTextOut: (question: HybridQuestion, settings: SearchSettings) => boolean;
  /** How far down its fusion looks into the vector leg's ranking, in rows; null: to its end. */
  readonly vectorReach: (question: HybridQuestion, settings: SearchSettings) => number | null;
  /** The statement; the first column of its k rows is the row's number. */
  readonly sql: (asked: Asked) => string;
  /**
   * What the statement would return if its legs were these: its exact answer when they are exact, its own answer when
   * they are its own. Legs that go deeper than the strategy's depths are cut off there.
   */
  readonly fuse: (legs: Legs, settings: SearchSettings, k: number) => readonly Scored[];
}

/** Most strategies serve every question. */
export const noLimit = (): null => null;

/** Most let rows of both legs in. */
export const letsTextIn = (): boolean => false;
