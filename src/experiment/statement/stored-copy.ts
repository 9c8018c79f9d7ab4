import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip, constants } from 'node:zlib';
import { PgvtuneError } from '../../errors.js';
import type { StatementTable } from '../../live/index.js';
import { makeFolder, writeAtomically } from '../../results/index.js';

/*
 * results/<run>/tables/
 *   tables.json    definitions of the tables that a statement reads
 *   <n>.ndjson.gz  the rows of one of them, a line a row: its values as text
 */

const TABLES = 'tables.json';
const fileOf = (folder: string, n: number): string => join(folder, `${n}.ndjson.gz`);

/** Values as text, in the order of the table's columns. */
export type CopiedRow = readonly (string | null)[];

/** A copy of tables that is being written. */
export interface CopyWriter {
  /** @returns the number of rows */
  table(definition: StatementTable, batches: AsyncIterable<readonly CopiedRow[]>): Promise<number>;
  /** @returns the hash of all that was written */
  finish(): string;
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
    finish() {
      const text = JSON.stringify(definitions);
      writeAtomically(join(folder, TABLES), text);
      return hash.update(text).digest('hex');
    },
  };
}

export interface StoredCopy {
  readonly tables: readonly StatementTable[];
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
  const hash = createHash('sha256');
  return {
    tables: JSON.parse(text) as StatementTable[],
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
    hash: () => hash.copy().update(text).digest('hex'),
  };
}
