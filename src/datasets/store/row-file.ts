import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parseJson } from '../../checksummed-json.js';
import { PgvtuneError } from '../../errors.js';
import type { RowData } from './dataset.js';
import { readLines } from '../formats/text/lines.js';

/** What the source says about a row; what it does not say is null. */
export interface SourceRow {
  readonly id: string | number | null;
  readonly text: string | null;
  readonly attributes: Readonly<Record<string, unknown>> | null;
}

const BUFFER_CHARACTERS = 1024 * 1024;

/** Writes one JSON object a line, hashing on the way. */
export interface RowWriter {
  append(row: SourceRow): Promise<void>;
  /** Waits until the disk has it. Gives the SHA-256 of the file. */
  finish(): Promise<string>;
  close(): Promise<void>;
}

export async function createRowWriter(path: string): Promise<RowWriter> {
  const handle = await open(path, 'wx');
  const hash = createHash('sha256');
  let lines: string[] = [];
  let characters = 0;

  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(lines.join(''));
    hash.update(bytes);
    await handle.writeFile(bytes);
    lines = [];
    characters = 0;
  };
  return {
    async append({ id, text, attributes }) {
      const line = `${JSON.stringify({ id: id ?? undefined, text: text ?? undefined, attributes: attributes ?? undefined })}\n`;
      lines.push(line);
      characters += line.length;
      if (characters >= BUFFER_CHARACTERS) await flush();
    },
    async finish() {
      await flush();
      await handle.sync();
      return hash.digest('hex');
    },
    close: () => handle.close(),
  };
}

/** The rows in order. A row without an id of its own has its number. */
export async function* readRows(path: string): AsyncGenerator<RowData> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  const onTooLong = ({ number }: { readonly number: number }): Error =>
    new PgvtuneError('dataset', `${path}: line ${number} is too long.`, {
      hint: 'The file was damaged; import it again.',
    });
  for await (const { bytes, number } of readLines(stream, onTooLong)) {
    const row = parseJson(Buffer.from(bytes).toString(), `${path}, line ${number}`) as Partial<RowData>;
    yield { id: row.id ?? number - 1, text: row.text ?? null, attributes: row.attributes ?? {} };
  }
}
