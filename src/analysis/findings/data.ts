import type { Finding } from '../../results/index.js';
import { formatPercent } from '../../units.js';

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

export function dataFindings(facts: DataFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const warn = (code: string, text: string): void => void findings.push({ code, severity: 'warning', text });
  if (facts.queriesInBase > 0) {
    warn(
      'queries-in-base',
      `${facts.queriesInBase} of the dataset's ${facts.queries} queries are rows of the table: they find themselves, which flatters recall.`,
    );
  }
  if (facts.duplicateRows > SHARE * facts.rows) {
    warn('duplicates', `${formatPercent(facts.duplicateRows / facts.rows)} of the rows repeat the vector of another.`);
  }
  if (facts.tiedShare > SHARE) {
    warn(
      'ties',
      `For ${formatPercent(facts.tiedShare)} of the queries several rows tie for the last place: which of them come back is arbitrary. Recall counts any of them; strict recall does not.`,
    );
  }
  return findings;
}
