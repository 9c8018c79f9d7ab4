import { exists } from './exists.js';
import { notExists } from './not-exists.js';
import type { Rewrite } from './rewrite.js';

/** Each is tried by itself, and the cheapest is shown. */
export const REWRITES: readonly Rewrite[] = [exists, notExists];
