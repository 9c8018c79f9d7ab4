import type { PlainStep } from '../../progress.js';
import { at, type Search } from '../../results/index.js';

/** A search as a step of plain queries, for those who watch it. */
export const step = <Answer>(name: PlainStep, search: Search<Answer>): Search<Answer> =>
  at({ code: 'plain', data: { step: name } }, search);
