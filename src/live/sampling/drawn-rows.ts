import type { Session } from '../../postgres/index.js';
import type { LiveRelation } from '../catalog/relation.js';
import { drawByNumber, readByNumber } from './counted-rows.js';
import { fetchRows, type RowSample, type SampleOptions, sampleRows } from './rows.js';

/** Rows that were drawn, each with the same chance. They hold for the snapshot that they were drawn on. */
export interface DrawnRows {
  readonly rows: number;
  readonly method: RowSample['method'] | 'count';
  /** Rows that meet the condition among those looked at, and those of them without a vector. */
  readonly seen: number;
  readonly nulls: number;
  /** @param select what to read, as SQL, given the alias of the rows */
  read(select: (rows: string) => string, batchRows: number): AsyncIterable<Readonly<Record<string, unknown>>[]>;
}

/** Draws rows by their places where they have some, and by their numbers where they do not. */
export async function drawRelation(
  session: Session,
  relation: LiveRelation,
  options: SampleOptions,
): Promise<DrawnRows> {
  const { table } = relation;
  const { where, deadlineMs } = options;
  if (table === null) {
    const counted = await drawByNumber(session, relation, options);
    const { rows, seen, nulls } = counted;
    return {
      rows,
      method: 'count',
      seen,
      nulls,
      read: (select, batchRows) => readByNumber(session, relation, counted, { where, select, batchRows, deadlineMs }),
    };
  }
  const { positions, ...sample } = await sampleRows(session, table, options);
  // Neighbouring rows are read together.
  positions.sort();
  return {
    ...sample,
    rows: positions.length,
    async *read(select, batchRows) {
      for (let first = 0; first < positions.length; first += batchRows) {
        yield await fetchRows(session, table, positions.subarray(first, first + batchRows), select, { deadlineMs });
      }
    },
  };
}
