import type { Choice } from '../../results/index.js';
import type { Candidate } from '../common/constraints.js';

/** A candidate as an answer names it. */
export const toChoice = ({ build, point, shownBy }: Candidate): Choice => ({
  spec: build.request.spec,
  settings: point.request.settings,
  build: build.key,
  point: point.key,
  ...(shownBy ? { shownBy: shownBy.key } : {}),
});
