/** From pgvector's CHANGELOG.md. */
const DEFECTS = [
  {
    code: 'parallel-build-overflow',
    from: '0.6.0',
    fixedIn: '0.8.2',
    text: 'A parallel HNSW build can overflow a buffer (CVE-2026-3172).',
  },
  {
    code: 'vacuum-corruption',
    from: '0.5.0',
    fixedIn: '0.8.3',
    text: 'Vacuum can corrupt an HNSW index.',
  },
  {
    code: 'vacuum-insert-errors',
    from: '0.5.0',
    fixedIn: '0.8.4',
    text: 'Inserting while an HNSW index is vacuumed can fail, and vacuum can leave its graph unrepaired.',
  },
] as const;

export type DefectCode = (typeof DEFECTS)[number]['code'];

/** A defect of some versions of the extension that changes what one may do with them. */
export interface Defect {
  readonly code: DefectCode;
  /** First version that has it. */
  readonly from: string;
  /** First version that has it no longer. */
  readonly fixedIn: string;
  readonly text: string;
}

/** The known defects of a version such as `0.8.0`; none for versions newer than this list. */
export const defectsOf = (version: string): readonly Defect[] =>
  DEFECTS.filter(({ from, fixedIn }) => !isOlder(version, from) && isOlder(version, fixedIn));

/** True when dotted version `a` is older than `b`. */
export const isOlder = (a: string, b: string): boolean => a.localeCompare(b, 'en', { numeric: true }) < 0;
