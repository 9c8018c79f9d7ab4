import { findings, type RecordedFinding } from '../../results/index.js';

/** What is known of a dataset that makes recall mean less, or more, than it seems. */
export interface DataFacts {
  readonly rows: number;
  readonly queries: number;
  /** Queries whose vector is also that of a row. */
  readonly queriesInBase: number;
  /** Rows whose vector is that of an earlier row. */
  readonly duplicateRows: number;
  /** Of the queries that were asked, the share with rows that tie with the k-th neighbour and are beyond it. */
  readonly tiedShare: number;
}

/** A larger share of duplicates or ties is worth a warning. */
const SHARE = 0.01;

export const dataFindings = ({
  rows,
  queries,
  queriesInBase,
  duplicateRows,
  tiedShare,
}: DataFacts): readonly RecordedFinding[] => [
  ...(queriesInBase > 0 ? [findings.queriesInBase.of({ inBase: queriesInBase, queries })] : []),
  ...(duplicateRows > SHARE * rows ? [findings.duplicates.of({ share: duplicateRows / rows })] : []),
  ...(tiedShare > SHARE ? [findings.ties.of({ share: tiedShare })] : []),
];
