/**
 * The confidence of each of several statements, so that all of them hold together with `confidence`, however they depend
 * on each other (Bonferroni).
 *
 * @param confidence in (0, 1)
 */
export const confidenceOfEach = (confidence: number, statements: number): number =>
  1 - (1 - confidence) / Math.max(1, statements);
