import type { run } from './en/run.js';

/** Everything that the reports of a run say in one language. The compiler misses no text of another. */
export type RunTexts = typeof run;
