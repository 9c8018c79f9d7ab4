import { numberOf } from '../../knob.js';
import { rrfK } from '../knobs.js';
import { reciprocalRank } from '../normalisation.js';
import { normalised } from './normalised.js';

/** w/(k + rank in the vector leg) + (1 − w)/(k + rank in the text leg); at w = ½ the formula of its paper, see {@link rrfK}. */
export const rrf = normalised({
  name: 'rrf',
  title: 'reciprocal rank fusion',
  ownKnobs: [rrfK],
  normalisation: (settings) => reciprocalRank(numberOf(rrfK, settings)),
});
