/*
 * Makes the data directory that the embedded server starts with. Without it each start runs initdb in WebAssembly first, which
 * takes more processor time than all the rest of the start.
 */
import { writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create();
const archive = await database.dumpDataDir('gzip');
await database.close();
writeFileSync('dist/postgres/servers/embedded-cluster.tar.gz', Buffer.from(await archive.arrayBuffer()));
