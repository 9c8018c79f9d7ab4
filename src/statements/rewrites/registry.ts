import { exists } from './exists.js';
import { noDistinct } from './no-distinct.js';
import { notExists } from './not-exists.js';
import type { Rewrite } from './rewrite.js';
import { semiJoin } from './semi-join.js';
import { unionAll } from './union-all.js';

/** Each is tried by itself, and the cheapest is shown. */
export const REWRITES: readonly Rewrite[] = [exists, notExists, unionAll, semiJoin, noDistinct];
