import type { FindingOf } from '../../../findings.js';
import { btreeBloat } from './btree-bloat.js';
import { duplicateIndex } from './duplicate-index.js';
import { indexVariants } from './index-variants.js';
import { invalidIndex } from './invalid-index.js';
import { manyIndexes } from './many-indexes.js';
import { mostlyNullIndex } from './mostly-null-index.js';
import { neededThoughUnused } from './needed-though-unused.js';
import { rarelyUsedIndex } from './rarely-used-index.js';
import { redundantIndex } from './redundant-index.js';
import { sequentialScans } from './sequential-scans.js';
import { workloadIndex } from './workload-index.js';
import { unindexedForeignKey } from './unindexed-foreign-key.js';
import { unusedIndex } from './unused-index.js';

/** What is wrong with indexes, and which are missing. */
export const indexChecks = [
  invalidIndex,
  unindexedForeignKey,
  workloadIndex,
  duplicateIndex,
  redundantIndex,
  unusedIndex,
  neededThoughUnused,
  rarelyUsedIndex,
  indexVariants,
  mostlyNullIndex,
  sequentialScans,
  btreeBloat,
  manyIndexes,
] as const;

export type IndexFinding = FindingOf<(typeof indexChecks)[number]>;
