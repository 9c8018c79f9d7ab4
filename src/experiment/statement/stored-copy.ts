import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip, constants } from 'node:zlib';
import { PgvtuneError } from '../../errors.js';
import type { LoggedQuery, StatementTable } from '../../live/index.js';
import { makeFolder, writeAtomically } from '../../results/index.js';

/*
 * results/<run>/tables/
 *   tables.json    definitions of the tables that a statement reads
 *   queries.json   executions of the statement, where a server's log says them
 *   <n>.ndjson.gz  the rows of one of them, a line a row: its values as text
 */

const TABLES = 'tables.json';
const QUERIES = 'queries.json';
const fileOf = (folder: string, n: number): string => join(folder, `${n}.ndjson.gz`);

/** Values as text, in the order of the table's columns. */
export type CopiedRow = readonly (string | null)[];

/** A copy of tables that is being written. */
export interface CopyWriter {
  /** @returns the number of rows */
  table(definition: StatementTable, batches: AsyncIterable<readonly CopiedRow[]>): Promise<number>;
  /** @returns the hash of all that was written */
  finish(executions: readonly LoggedQuery[] | undefined): string;
}

/** @param folder made anew */
export function writeCopy(folder: string): CopyWriter {
  makeFolder(folder);
  const hash = createHash('sha256');
  const definitions: StatementTable[] = [];
  return {
    async table(definition, batches) {
      const gzip = createGzip({ level: constants.Z_BEST_SPEED });
      // Rows of somebody's tables: nobody else on this machine is to read them.
      const written = finished(gzip.pipe(createWriteStream(fileOf(folder, definitions.length), { mode: 0o600 })));
      written.catch(() => gzip.destroy());
      definitions.push(definition);
      let rows = 0;
      for await (const batch of batches) {
        const lines = batch.map((row) => `${JSON.stringify(row)}\n`).join('');
        hash.update(lines);
        rows += batch.length;
        if (!gzip.write(lines)) await Promise.race([once(gzip, 'drain'), written]);
      }
      gzip.end();
      await written;
      return rows;
    },
    finish(executions) {
      const text = JSON.stringify(definitions);
      writeAtomically(join(folder, TABLES), text);
      hash.update(text);
      if (executions) {
        const queries = JSON.stringify(executions.map(({ label, values }) => ({ label, values: [...values] })));
        writeFileSync(join(folder, QUERIES), queries, { mode: 0o600 });
        hash.update(queries);
      }
      return hash.digest('hex');
    },
  };
}

export interface StoredCopy {
  readonly tables: readonly StatementTable[];
  /** Undefined where the queries are others. */
  readonly executions: readonly LoggedQuery[] | undefined;
  /** Rows of a table, by its place. */
  rows(n: number): AsyncGenerator<readonly CopiedRow[]>;
  /** Of all rows that were read; once all tables were. */
  hash(): string;
}

const BATCH_ROWS = 2000;

/** @throws {PgvtuneError} `dataset` where it is not there any more */
export function openCopy(folder: string): StoredCopy {
  const path = join(folder, TABLES);
  if (!existsSync(path)) {
    throw new PgvtuneError('dataset', `The copy of the tables is gone: there is no ${path}.`, {
      hint: 'Restore it, or start a new run.',
    });
  }
  const text = readFileSync(path, 'utf8');
  const queries = existsSync(join(folder, QUERIES)) ? readFileSync(join(folder, QUERIES), 'utf8') : null;
  const hash = createHash('sha256');
  return {
    tables: JSON.parse(text) as StatementTable[],
    executions:
      queries === null
        ? undefined
        : (JSON.parse(queries) as { label: string; values: [number, string][] }[]).map(({ label, values }) => ({
            label,
            values: new Map(values),
          })),
    async *rows(n) {
      const lines = createInterface({ input: createReadStream(fileOf(folder, n)).pipe(createGunzip()) });
      let batch: CopiedRow[] = [];
      for await (const line of lines) {
        hash.update(`${line}\n`);
        batch.push(JSON.parse(line) as CopiedRow);
        if (batch.length < BATCH_ROWS) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
    hash: () =>
      hash
        .copy()
        .update(text)
        .update(queries ?? '')
        .digest('hex'),
  };
}
