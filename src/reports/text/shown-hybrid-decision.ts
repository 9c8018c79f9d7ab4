import type { Ranking } from '../../results/index.js';

/** What was measured of an option, ready to be read. */
interface ShownQuality {
  readonly name: string;
  readonly ndcg: string;
  readonly p50: string;
}

export interface JudgedDecision {
  readonly rankedBy: Ranking;
  readonly best: ShownQuality;
  /** What was measured to have the highest nDCG; null when that is the best itself. */
  readonly highest: (ShownQuality & { readonly difference: string }) | null;
  readonly judged: number;
  /** Of the highest nDCG, as a percentage, that is not shown to be kept; null when it is. */
  readonly notShownToKeep: { readonly share: string; readonly queriesNeeded: number } | null;
  /** Each leg alone that was measured, against the highest. */
  readonly legs: readonly { readonly name: string; readonly difference: string }[];
  readonly betterUnmeasured: readonly {
    readonly name: string;
    readonly ndcg: string;
    /** Of the best, with as many digits as it takes to see which is better. */
    readonly ofBest: string;
    readonly why: string;
  }[];
}

/** A decision with the names and figures that it speaks of. */
export type ShownHybridDecision =
  | { readonly code: 'nothing-reaches'; readonly data: object }
  | {
      readonly code: 'not-judged';
      readonly data: { readonly rankedBy: Ranking; readonly p50: string; readonly quicker: readonly string[] };
    }
  | { readonly code: 'one-leg'; readonly data: JudgedDecision }
  | { readonly code: 'fusion'; readonly data: JudgedDecision };
