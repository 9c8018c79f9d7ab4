import type { IndexSpec } from '../../../vocabulary.js';
import type { QueryKnob } from '../../knob.js';
import { rerankDepth } from '../../rerank.js';
import type { HybridQuestion } from '../question.js';
import { textLeg } from '../text-legs/registry.js';

/** Knobs of the text leg that a question names. */
export const textKnobs = ({ text }: HybridQuestion): readonly QueryKnob[] => textLeg(text.method).knobs;

/** Knobs of a vector leg on an index of this spec. */
export const vectorKnobs = ({ representation }: IndexSpec): readonly QueryKnob[] =>
  representation === 'vector' ? [] : [rerankDepth];
