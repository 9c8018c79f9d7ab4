import type { RunTexts } from '../run-texts.js';

/** The words that stand in for a figure. */
export const figures: RunTexts['figures'] = {
  exact: '1 (точно)',
  needs: (queries) => `нужно запросов: ${queries}`,
};
