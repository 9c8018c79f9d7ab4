import type { SearchSettings } from '../../vocabulary.js';
import { textDepth, vectorDepth } from './knobs.js';
import type { Legs } from './leg.js';
import type { Side } from './question.js';
import type { HybridStrategy } from './strategies/strategy.js';

/**
 * What a strategy would have returned had one leg been cut off at smaller depths, from a single run of deep legs: the
 * rankings for each depth, in the order given. The other leg keeps the depth of the settings.
 *
 * @returns row numbers, best first, for each depth
 */
export const rankingsByDepth = (
  strategy: HybridStrategy,
  legs: Legs,
  options: {
    readonly side: Side;
    readonly depths: readonly number[];
    readonly settings: SearchSettings;
    readonly k: number;
  },
): readonly (readonly number[])[] =>
  options.depths.map((depth) => {
    const knob = options.side === 'vector' ? vectorDepth : textDepth;
    const settings = { ...options.settings, [knob.name]: depth };
    return strategy.fuse(legs, settings, options.k).map(({ id }) => id);
  });
