import { crc32 } from 'node:zlib';
import { canonicalJson } from './canonical-json.js';
import { PgvtuneError } from './errors.js';
import { isTooDeep, MOST_LEVELS } from './nesting.js';

const MEMBER = 'checksum';

const checksumOf = (content: object): string => crc32(canonicalJson(content)).toString(16).padStart(8, '0');

/** An object as indented JSON for people, with a checksum (CRC-32 of its canonical JSON) as last member. */
export function toChecksummedJson(content: object): string {
  return `${JSON.stringify({ ...content, [MEMBER]: checksumOf(content) }, null, 2)}\n`;
}

/** Reads JSON that this program wrote. @throws {PgvtuneError} `dataset` when it is no JSON; names `path` */
export function parseJson(text: string, path: string): unknown {
  if (isTooDeep(text)) throw damaged(path, `is nested deeper than ${MOST_LEVELS} levels`);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged(path, 'is not JSON', cause);
  }
}

/**
 * The content of what {@link toChecksummedJson} wrote, without its checksum.
 *
 * @throws {PgvtuneError} `dataset` when it is not what was written; names `path`
 */
export function verifyChecksum(parsed: unknown, path: string): object {
  if (typeof parsed !== 'object' || parsed === null || !(MEMBER in parsed)) throw damaged(path, 'has no checksum');
  const { [MEMBER]: checksum, ...content } = parsed;
  if (checksum !== checksumOf(content)) throw damaged(path, 'does not match its checksum');
  return content;
}

const damaged = (path: string, how: string, cause?: unknown): PgvtuneError =>
  new PgvtuneError('dataset', `${path} ${how}.`, {
    hint: 'The file was damaged or edited. Restore it, or start anew.',
    cause,
  });
