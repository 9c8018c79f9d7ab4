import type { DefectCode } from '../../../vocabulary.js';

/** What a known defect of pgvector does, and what to do about it. */
export const knownDefects: { readonly [Code in DefectCode]: (fixedIn: string) => string } = {
  'parallel-build-overflow': (fixedIn) =>
    `a parallel HNSW build can write past the end of a buffer (CVE-2026-3172). Upgrade to ${fixedIn} or later; until then, build with max_parallel_maintenance_workers = 0.`,
  'vacuum-corruption': (fixedIn) =>
    `VACUUM can corrupt an HNSW index. Upgrade to ${fixedIn} or later, then REINDEX the HNSW indexes.`,
  'vacuum-insert-errors': (fixedIn) =>
    `an INSERT while VACUUM processes an HNSW index can fail, and VACUUM can leave the graph unrepaired. Upgrade to ${fixedIn} or later, then REINDEX the HNSW indexes.`,
};
