import { PgvtuneError } from '../errors.js';
import { findExtension, unlessForbidden } from './extensions.js';
import type { Session } from './session.js';

/** What follows the header of a page (`PageHeaderData` in PostgreSQL's `bufpage.h`). */
const PAGE_HEADER_BYTES = 24;
/** `HNSW_MAGIC_NUMBER` in pgvector's `hnsw.h`, `IVFFLAT_MAGIC_NUMBER` in `ivfflat.h`. */
const HNSW_MAGIC = 0xa953a953;
const IVFFLAT_MAGIC = 0x14ff1a7;

/**
 * The parameters that an index was really built with, from its first page: `ALTER INDEX … SET (m = …)` changes what the
 * catalog says, and no graph. Null where the extension pageinspect is missing or the role may not use it.
 *
 * @param index quoted and qualified
 */
export async function readMetapage(session: Session, index: string): Promise<Readonly<Record<string, number>> | null> {
  const schema = await findExtension(session, 'pageinspect', { create: false });
  if (schema === null) return null;
  const rows = await unlessForbidden(
    session.query<{ page: string }>(`SELECT encode(${schema}.get_raw_page($1, 0), 'hex') AS page`, [index]),
  );
  return rows?.[0] ? parseMetapage(Buffer.from(rows[0].page, 'hex')) : null;
}

/**
 * `HnswMetaPageData` in pgvector's `hnsw.h` and `IvfflatMetaPageData` in `ivfflat.h`, little-endian.
 *
 * @throws {PgvtuneError} `server` when it is neither's first page
 */
export function parseMetapage(page: Buffer): Readonly<Record<string, number>> {
  const content = page.subarray(PAGE_HEADER_BYTES);
  switch (content.readUInt32LE(0)) {
    case HNSW_MAGIC:
      return { m: content.readUInt16LE(12), ef_construction: content.readUInt16LE(14) };
    case IVFFLAT_MAGIC:
      return { lists: content.readUInt16LE(10) };
    default:
      throw new PgvtuneError('server', 'Expected the first page of an HNSW or IVFFlat index, got something else.', {
        hint: 'Run REINDEX, or drop the index.',
      });
  }
}
