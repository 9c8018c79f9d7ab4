import type { DefectCode } from '../../../vocabulary.js';

/** What a known defect of pgvector does, and what to do about it. */
export const knownDefects: { readonly [Code in DefectCode]: (fixedIn: string) => string } = {
  'parallel-build-overflow': (fixedIn) =>
    `a parallel HNSW build can write past the end of a buffer (CVE-2026-3172). Upgrade to ${fixedIn} or later; until then, build with max_parallel_maintenance_workers = 0.`,
  'vacuum-corruption': (fixedIn) =>
    `VACUUM can corrupt an HNSW index. Upgrade to ${fixedIn} or later, then REINDEX the HNSW indexes.`,
  'vacuum-insert-errors': (fixedIn) =>
    `an INSERT while VACUUM processes an HNSW index can fail, and VACUUM can leave the graph unrepaired. Upgrade to ${fixedIn} or later, then REINDEX the HNSW indexes.`,
  'parallel-build-locking': (fixedIn) =>
    `a parallel HNSW build takes its locks in a way that can fail. Upgrade to ${fixedIn} or later; until then, build with max_parallel_maintenance_workers = 0.`,
  'ivfflat-build-overflow': (fixedIn) =>
    `an IVFFlat build can write past the end of a buffer (pgvector#1036). Upgrade to ${fixedIn} or later; until then, build IVFFlat indexes only on data that you trust.`,
  'ivfflat-overflow-32-bit': (fixedIn) =>
    `an IVFFlat build on a 32-bit system can overflow (CVE-2026-18022). It does not concern 64-bit systems. Upgrade to ${fixedIn} or later.`,
  'ivfflat-build-memory': (fixedIn) =>
    `an IVFFlat build can take more memory than maintenance_work_mem. Upgrade to ${fixedIn} or later; until then, keep memory free beyond it.`,
  'ivfflat-empty-table-memory': (fixedIn) =>
    `an IVFFlat build on an empty or small table asks for the memory of a large one (pgvector#995). Upgrade to ${fixedIn} or later, or build after loading.`,
  'ivfflat-nested-loop-memory': (fixedIn) =>
    `an IVFFlat scan inside a nested loop keeps its memory until the query ends. Upgrade to ${fixedIn} or later, or avoid joins that repeat the search.`,
};
