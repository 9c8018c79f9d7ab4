import type { SearchSettings } from '../vocabulary.js';
import { isReranked } from '../indexes/index.js';
import { rerankDepth } from '../workloads/index.js';
import type { Candidates, Family } from './space.js';

/**
 * The settings that a value of the recall knob stands for. An index whose rows are sorted anew gives as many of them as
 * its search keeps: with fewer, part of the search was for nothing; how many fewer are enough is looked for last.
 */
export const settingsOf = ({ spec }: Family, { knob }: Candidates, value: number): SearchSettings =>
  isReranked(spec) && knob.name === 'ef_search'
    ? { [knob.name]: value, [rerankDepth.name]: value }
    : { [knob.name]: value };
