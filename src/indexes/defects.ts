import type { DefectCode } from '../vocabulary.js';

/** A defect of some versions of the extension that changes what one may do with them. */
export interface Defect {
  readonly code: DefectCode;
  /** First version that has it. */
  readonly from: string;
  /** First version without it. */
  readonly fixedIn: string;
}

/** From pgvector's CHANGELOG.md. */
const DEFECTS: readonly Defect[] = [
  { code: 'parallel-build-overflow', from: '0.6.0', fixedIn: '0.8.2' },
  { code: 'vacuum-corruption', from: '0.5.0', fixedIn: '0.8.3' },
  { code: 'vacuum-insert-errors', from: '0.5.0', fixedIn: '0.8.4' },
];

/** The known defects of a version such as `0.8.0`; none for versions newer than this list. */
export const defectsOf = (version: string): readonly Defect[] =>
  DEFECTS.filter(({ from, fixedIn }) => !isOlder(version, from) && isOlder(version, fixedIn));

/** True when dotted version `a` is older than `b`. */
export const isOlder = (a: string, b: string): boolean => a.localeCompare(b, 'en', { numeric: true }) < 0;
