import type { FusionChoice, FusionsRequest, Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import type { HybridStrategy } from '../../workloads/index.js';
import type { RankedFusions } from './ranked.js';

/** A strategy with its settings, without those of an index. */
export interface Fusion {
  readonly strategy: HybridStrategy;
  readonly settings: SearchSettings;
}

/** What is asked of fusions beside themselves. */
export type RankOptions = Partial<Pick<FusionsRequest, 'k' | 'textScore' | 'describesText' | 'rerankTo'>>;

/** Exact answers of fusions, in their order. */
export type Rank = (fusions: readonly Fusion[], options?: RankOptions) => Search<RankedFusions>;

/** What a fusion is set to, and why. */
export type Chosen = Pick<FusionChoice, 'settings' | 'base' | 'variants' | 'gain' | 'choicesByFold'>;
export type Choice = Chosen & { readonly strategy: HybridStrategy };
