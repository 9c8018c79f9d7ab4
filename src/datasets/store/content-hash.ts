import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { shortHash } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import { readJson, writeJson } from './file-system.js';
import { inputSize } from '../formats/input-file.js';
import { digestPath } from './layout.js';

const digestSchema = z.object({ path: z.string(), bytes: z.number(), modifiedMs: z.number(), sha256: z.string() });

/**
 * SHA-256 of a file. It is read only when the store has not seen it with this path, size and time of change.
 *
 * @throws {PgvtuneError} `interrupted` after an abort, `dataset` when the file cannot be read or changed in the meantime
 */
export async function contentHash(store: string, path: string, signal?: AbortSignal): Promise<string> {
  const absolute = resolve(path);
  await inputSize(path);
  const remembered = digestPath(store, shortHash(absolute));
  const { size: bytes, mtimeMs: modifiedMs } = await stat(absolute);
  const known = await readJson(remembered, digestSchema);
  if (known?.path === absolute && known.bytes === bytes && known.modifiedMs === modifiedMs) return known.sha256;

  const sha256 = await fileHash(path, signal);
  const after = await stat(absolute);
  if (after.size !== bytes || after.mtimeMs !== modifiedMs) {
    throw new PgvtuneError('dataset', `${path}: the file changed while it was read.`, {
      hint: 'Wait until it is complete.',
    });
  }
  await writeJson(remembered, { path: absolute, bytes, modifiedMs, sha256 });
  return sha256;
}

/** SHA-256 of a file, read to its end. @throws {PgvtuneError} `interrupted` after an abort */
export async function fileHash(path: string, signal?: AbortSignal, onRead?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (signal?.aborted) throw new PgvtuneError('interrupted', `Reading ${path} was interrupted.`);
    hash.update(chunk as Uint8Array);
    onRead?.((chunk as Uint8Array).length);
  }
  return hash.digest('hex');
}
