import { choiceOf, type QueryChoice } from '../../knob.js';
import { minMax, zScore } from '../normalisation.js';
import { normalised } from './normalised.js';
import { letsTextIn } from './strategy.js';

const normalisation: QueryChoice<'min-max' | 'z-score'> = {
  kind: 'choice',
  name: 'normalisation',
  values: ['min-max', 'z-score'],
  default: 'min-max',
};

/** The weighted sum of scores that were made comparable within each leg's candidates. */
export const normalisedSum = normalised({
  name: 'normalised-sum',
  ownKnobs: [normalisation],
  shutsTextOut: letsTextIn,
  normalisation: (settings) => ({ 'min-max': minMax, 'z-score': zScore })[choiceOf(normalisation, settings)],
});
