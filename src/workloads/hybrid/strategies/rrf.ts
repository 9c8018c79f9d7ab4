import { numberOf } from '../../knob.js';
import { rrfK, vectorDepth, vectorWeight } from '../knobs.js';
import { reciprocalRank } from '../normalisation.js';
import { normalised } from './normalised.js';

/** w/(k + rank in the vector leg) + (1 − w)/(k + rank in the text leg); at w = ½ the formula of its paper, see {@link rrfK}. */
export const rrf = normalised({
  name: 'rrf',
  ownKnobs: [rrfK],
  // The first row of the text leg, next in the vector leg or not in it, against the last that the vector leg brings in.
  shutsTextOut: ({ k }, settings) => {
    const [weight, constant] = [numberOf(vectorWeight, settings), numberOf(rrfK, settings)];
    const depth = numberOf(vectorDepth, settings);
    const besideText = depth > k ? weight / (constant + k + 1) : 0;
    return depth >= k && besideText + (1 - weight) / (constant + 1) < weight / (constant + k);
  },
  normalisation: (settings) => reciprocalRank(numberOf(rrfK, settings)),
});
