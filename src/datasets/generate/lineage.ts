import type { GenerateSpec } from '../../config/index.js';
import type { Clusters } from './clusters.js';
import { type RowRandom, STREAM } from './row-random.js';

/** What a row's vector is. Copies are made of an earlier row. */
export type RowKind = 'ordinary' | 'copy' | 'near copy' | 'outlier';

/** A document of a cluster, of which the rows are pieces. */
export interface Document {
  /** Its first row; for the document of a query, of which the base may have no row, a number above all rows. */
  readonly number: number;
  /** Uniform in [0, 1): its place in the order of {@link Clusters.at}. */
  readonly address: number;
  readonly cluster: number;
}

/** Who descends from whom: rows from documents, copies from rows. */
export interface Lineage {
  kindOf(row: number): RowKind;
  /** The earlier row that a copy was made of; it may be a copy itself. */
  sourceOf(row: number): number;
  /** The document of a base row; for a copy, that of the row it was made of. */
  documentOfRow(row: number): Document;
  documentOfQuery(query: number): Document;
  /** Of a query out of distribution, which lies between two documents, the other one; null for all other queries. */
  otherDocumentOfQuery(query: number): Document | null;
}

/** Documents that belong to queries alone are numbered down from here, far above all rows. */
const LAST_DOCUMENT = 2 ** 32 - 1;

/** Tells the descent of any row from its number, in an expected time of `rows_per_document` draws. */
export function createLineage(spec: GenerateSpec, clusters: Clusters, random: RowRandom): Lineage {
  const document = (number: number): Document => {
    random.seek(STREAM.document, number);
    const address = random.uniform();
    return { number, address, cluster: clusters.at(address) };
  };
  // A row begins a document with probability 1 / mean length: document lengths are geometric.
  const begins = (): boolean => random.uniform() * spec.rows_per_document < 1;
  // The answer for the row before, which is nearly always asked first, shortens the way back.
  let known = { row: 0, first: 0 };
  const firstRowOf = (row: number): number => {
    for (let first = row; first > 0; first--) {
      if (first === known.row) return known.first;
      random.seek(STREAM.boundary, first);
      if (begins()) return first;
    }
    return 0;
  };
  const ownDocument = (row: number): Document => {
    known = { row, first: firstRowOf(row) };
    return document(known.first);
  };

  const kindOf = (row: number): RowKind => {
    random.seek(STREAM.kind, row);
    const drawn = random.uniform();
    if (row > 0 && drawn < spec.duplicates) return 'copy';
    if (row > 0 && drawn < spec.duplicates + spec.near_duplicates) return 'near copy';
    return drawn >= 1 - spec.outliers ? 'outlier' : 'ordinary';
  };
  // Any earlier row, copies included: what was copied often is copied more often (H. A. Simon's model, 1955).
  const sourceOf = (row: number): number => {
    random.seek(STREAM.source, row);
    return random.int(row);
  };

  // As if the query were one more row: it begins a document as often as rows do, or else continues one of the base.
  const documentOfQuery = (query: number): Document => {
    random.seek(STREAM.queryDocument, query);
    return begins() ? document(LAST_DOCUMENT - query) : ownDocument(random.int(spec.rows));
  };

  return {
    kindOf,
    sourceOf,
    documentOfRow(row) {
      let source = row;
      for (let kind = kindOf(row); kind === 'copy' || kind === 'near copy'; kind = kindOf(source)) {
        source = sourceOf(source);
      }
      return ownDocument(source);
    },
    documentOfQuery,
    // The other half comes from half of the data away, in the order of addresses.
    otherDocumentOfQuery(query) {
      random.seek(STREAM.otherDocument, query);
      if (random.uniform() >= spec.out_of_distribution) return null;
      const address = (documentOfQuery(query).address + 0.5) % 1;
      return { number: LAST_DOCUMENT - spec.queries - query, address, cluster: clusters.at(address) };
    },
  };
}
