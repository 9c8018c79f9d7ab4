import type { DefectCode } from '../vocabulary.js';

/** A defect of some versions of the extension that changes what one may do with them. */
export interface Defect {
  readonly code: DefectCode;
  /** The kind of index that it concerns. */
  readonly method: 'hnsw' | 'ivfflat';
  /** First version that has it. */
  readonly from: string;
  /** First version without it. */
  readonly fixedIn: string;
}

/**
 * Complete up to pgvector 0.8.7 for versions since 0.5.0, from its CHANGELOG.md: what corrupts, crashes, errs or takes more
 * memory than is allowed. Numbers are those of its issues. The most severe first.
 */
const DEFECTS: readonly Defect[] = [
  // CVE-2026-3172, #959
  { code: 'parallel-build-overflow', method: 'hnsw', from: '0.6.0', fixedIn: '0.8.2' },
  { code: 'vacuum-corruption', method: 'hnsw', from: '0.5.0', fixedIn: '0.8.3' },
  // #1036
  { code: 'ivfflat-build-overflow', method: 'ivfflat', from: '0.1.0', fixedIn: '0.8.7' },
  // CVE-2026-18022, #1006
  { code: 'ivfflat-overflow-32-bit', method: 'ivfflat', from: '0.1.0', fixedIn: '0.8.6' },
  { code: 'vacuum-insert-errors', method: 'hnsw', from: '0.5.0', fixedIn: '0.8.4' },
  { code: 'parallel-build-locking', method: 'hnsw', from: '0.6.0', fixedIn: '0.7.4' },
  { code: 'ivfflat-build-memory', method: 'ivfflat', from: '0.1.0', fixedIn: '0.8.4' },
  // #995
  { code: 'ivfflat-empty-table-memory', method: 'ivfflat', from: '0.8.4', fixedIn: '0.8.5' },
  { code: 'ivfflat-nested-loop-memory', method: 'ivfflat', from: '0.1.0', fixedIn: '0.8.6' },
];

/**
 * The known defects of a version such as `0.8.0`; none for versions newer than this list.
 *
 * @param method those of one kind of index; undefined: all
 */
export const defectsOf = (version: string, method?: string): readonly Defect[] =>
  DEFECTS.filter(
    (defect) =>
      (method === undefined || defect.method === method) &&
      !isOlder(version, defect.from) &&
      isOlder(version, defect.fixedIn),
  );

/** True when dotted version `a` is older than `b`. */
export const isOlder = (a: string, b: string): boolean => a.localeCompare(b, 'en', { numeric: true }) < 0;
