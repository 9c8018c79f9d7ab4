export { TIE_TOLERANCE, tieLimit, type Truth } from './truth.js';
export { exactTruth, type TruthOptions } from './exact-truth.js';
export { declaredNote } from './declared-note.js';
export { distance } from './distance.js';
export { judge, type Judgement } from './judge.js';
export { hasRow, rowBitmap, type RowFilter } from './row-filter.js';
export { halfPrecision, roundToHalf } from './half-precision.js';
export { sparseTruth, type SparseMatrix } from './sparse.js';
export { nearestOfGroups, pageOf, within } from './returned.js';
