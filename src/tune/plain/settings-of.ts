import { isReranked } from '../../indexes/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { rerankDepth } from '../../workloads/index.js';
import type { Candidates, Family } from './space.js';

/**
 * The settings that a value of the recall knob stands for. An index whose rows are sorted anew gives as many of them as
 * its search keeps: with fewer, part of the search was for nothing. Where the search keeps all that it finds, as many more
 * are sorted as it looks into more lists.
 *
 * So of the two knobs only this diagonal is searched. A graph of bits that keeps 233 candidates and sorts 58 of them came
 * to a recall of 0.801 on the grid `copies-28`, for 4,225 buffers; one that keeps and sorts 61 to 0.802, for 1,455.
 */
export function settingsOf({ spec }: Family, { knob, k }: Candidates, value: number): SearchSettings {
  if (!isReranked(spec)) return { [knob.name]: value };
  const depth = knob.name === 'ef_search' ? value : Math.min(rerankDepth.max, Math.max(rerankDepth.default, k * value));
  return { [knob.name]: value, [rerankDepth.name]: depth };
}
