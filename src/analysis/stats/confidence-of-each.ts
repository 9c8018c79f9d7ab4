/**
 * The confidence of each of several statements, so that all of them hold together with `confidence`, however they depend
 * on each other (Bonferroni).
 *
 * @param confidence in (0, 1)
 */
export const confidenceOfEach = (confidence: number, statements: number): number =>
  1 - (1 - confidence) / Math.max(1, statements);

/** The confidence that several statements hold together, each of which holds with `confidence`; at least 0 (Bonferroni). */
export const jointConfidence = (confidence: number, statements: number): number =>
  Math.max(0, 1 - Math.max(1, statements) * (1 - confidence));
