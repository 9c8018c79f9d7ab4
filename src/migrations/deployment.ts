import type { BuildSeconds, BuildSettings, BuildTimeInput } from '../indexes/index.js';

/** Size of a live table. */
export interface DeployedTable {
  readonly rows: number;
  /** With indexes and TOAST. */
  readonly bytes: number;
  /** Of the table alone. */
  readonly heapBytes: number;
}

/** What is known of the database that migrations are deployed to. */
export interface Deployment {
  /** Its tables, by name; absent: no server was asked. */
  readonly tables?: ReadonlyMap<string, DeployedTable>;
  /** Rows of every table that no server knows. */
  readonly rows?: number;
  readonly settings?: BuildSettings;
  /** Times of builds on its machine; absent: those of the model. */
  readonly buildSeconds?: (input: BuildTimeInput) => BuildSeconds | null;
}
