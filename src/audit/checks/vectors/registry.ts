import type { FindingOf } from '../../../findings.js';
import { btreeOnVector } from './btree-on-vector.js';
import { duplicateVectors } from './duplicate-vectors.js';
import { foreignAccessMethod } from './foreign-access-method.js';
import { hnswBesideIvfflat } from './hnsw-beside-ivfflat.js';
import { hnswBloat } from './hnsw-bloat.js';
import { hnswBuildSpills } from './hnsw-build-spills.js';
import { hnswPageWaste } from './hnsw-page-waste.js';
import { ivfflatBloat } from './ivfflat-bloat.js';
import { ivfflatLists } from './ivfflat-lists.js';
import { ivfflatProbes } from './ivfflat-probes.js';
import { lowRecall } from './low-recall.js';
import { nullVectors } from './null-vectors.js';
import { operatorClassMismatch } from './operator-class-mismatch.js';
import { pgvectorDefect } from './pgvector-defect.js';
import { pgvectorOutdated } from './pgvector-outdated.js';
import { tooManyDimensions } from './too-many-dimensions.js';
import { truncatedVectorScans } from './truncated-vector-scans.js';
import { unindexableOrder } from './unindexable-order.js';
import { unnormalizedInnerProduct } from './unnormalized-inner-product.js';
import { untunedVectorIndex } from './untuned-vector-index.js';
import { vectorIndexExceedsCache } from './vector-index-exceeds-cache.js';
import { vectorWithoutDimensions } from './vector-without-dimensions.js';
import { vectorsWithoutIndex } from './vectors-without-index.js';
import { zeroVectors } from './zero-vectors.js';

/** Columns and indexes of pgvector. */
export const vectorChecks = [
  operatorClassMismatch,
  truncatedVectorScans,
  unindexableOrder,
  lowRecall,
  untunedVectorIndex,
  hnswBloat,
  ivfflatBloat,
  pgvectorDefect,
  vectorWithoutDimensions,
  btreeOnVector,
  ivfflatLists,
  ivfflatProbes,
  vectorIndexExceedsCache,
  tooManyDimensions,
  vectorsWithoutIndex,
  hnswBuildSpills,
  pgvectorOutdated,
  hnswBesideIvfflat,
  hnswPageWaste,
  zeroVectors,
  unnormalizedInnerProduct,
  duplicateVectors,
  nullVectors,
  foreignAccessMethod,
] as const;

export type VectorFinding = FindingOf<(typeof vectorChecks)[number]>;
