import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pageinspect } from '@electric-sql/pglite/contrib/pageinspect';
import { pg_buffercache } from '@electric-sql/pglite/contrib/pg_buffercache';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/*
 * PGlite in a process of its own: its WebAssembly would block the event loop that takes the times.
 * Argument: the folder of the Unix socket.
 */

/** Made by `npm run build`; without it the start takes longer. */
const CLUSTER = new URL('embedded-cluster.tar.gz', import.meta.url);

const database = await PGlite.create({
  extensions: { vector, pageinspect, pg_buffercache, pg_trgm, pg_textsearch },
  ...(existsSync(CLUSTER) ? { loadDataDir: new Blob([readFileSync(CLUSTER)]) } : {}),
});
const server = new PGLiteSocketServer({
  db: database,
  path: join(process.argv[2] ?? '', '.s.PGSQL.5432'),
  // One client at a time is served; a second place lets it come back before its last goodbye has been heard.
  maxConnections: 2,
});
await server.start();
