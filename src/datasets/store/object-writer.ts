import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { toChecksummedJson } from '../../checksummed-json.js';
import type { DeclaredNeighbours } from './dataset.js';
import { filesIn, syncFolder } from './file-system.js';
import type { DatasetManifest } from './manifest.js';
import { objectHash } from './object-hash.js';
import { damageOf } from './open.js';
import { createRowWriter, type SourceRow } from './row-file.js';
import { OBJECT_FILES, objectFolder, objectsFolder, unfinishedFolder } from './layout.js';
import { createVectorWriter } from './vector-file.js';

/** One vector after another, with what the source says about it. */
export interface TableWriter {
  readonly rows: number;
  append(vector: Float32Array, row: SourceRow): Promise<void>;
}

/** A dataset being written, out of everybody's sight until it is complete. */
export interface ObjectWriter {
  readonly base: TableWriter;
  readonly queries: TableWriter;
  /** Makes it an object of the store, unless there is an equal one. Gives its manifest. */
  commit(
    describe: Omit<DatasetManifest, 'version' | 'hash' | 'rows' | 'dimensions' | 'queries'>,
    declared: DeclaredNeighbours | null,
  ): Promise<DatasetManifest>;
  /** Removes whatever was not committed. */
  dispose(): Promise<void>;
}

export async function createObjectWriter(store: string, dimensions: number): Promise<ObjectWriter> {
  await mkdir(unfinishedFolder(store), { recursive: true });
  await mkdir(objectsFolder(store), { recursive: true });
  await removeOrphans(store);
  // mkdtemp would keep it from everybody else, and a store may be a team's.
  const folder = join(unfinishedFolder(store), `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder);
  const file = (name: keyof typeof OBJECT_FILES): string => join(folder, OBJECT_FILES[name]);
  const base = await createTableWriter(file('base'), file('rows'), dimensions);
  const queries = await createTableWriter(file('queries'), file('queryRows'), dimensions);

  return {
    base,
    queries,
    async commit(described, declared) {
      const [baseDigests, queryDigests] = await Promise.all([base.finish(), queries.finish()]);
      const claims =
        declared &&
        (await writeSynced(
          file('declared'),
          new Uint8Array(declared.rows.buffer, declared.rows.byteOffset, declared.rows.byteLength),
        ));
      const manifest: DatasetManifest = {
        version: 1,
        ...described,
        hash: objectHash({ ...described, dimensions }, { base: baseDigests, queries: queryDigests, declared: claims }),
        rows: base.rows,
        dimensions,
        queries: queries.rows,
      };
      await mkdir(file('cache'));
      await writeSynced(file('manifest'), Buffer.from(toChecksummedJson(manifest)));
      await syncFolder(folder);
      await publish(store, folder, manifest.hash);
      return manifest;
    },
    async dispose() {
      await base.close();
      await queries.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createTableWriter(vectorPath: string, rowPath: string, dimensions: number) {
  const vectors = await createVectorWriter(vectorPath, dimensions);
  const rows = await createRowWriter(rowPath);
  return {
    get rows() {
      return vectors.rows;
    },
    async append(vector: Float32Array, row: SourceRow) {
      await vectors.append(vector);
      await rows.append(row);
    },
    finish: () => Promise.all([vectors.finish(), rows.finish()]),
    async close() {
      await vectors.close();
      await rows.close();
    },
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<string> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return createHash('sha256').update(bytes).digest('hex');
}

/** Renames a complete folder into place. An equal object that is there already stays; a damaged one is replaced. */
async function publish(store: string, folder: string, hash: string): Promise<void> {
  const target = objectFolder(store, hash);
  if (await exists(target)) {
    if ((await damageOf(target)) === null) return;
    await rm(target, { recursive: true, force: true });
  }
  try {
    await rename(folder, target);
    await syncFolder(objectsFolder(store));
  } catch (error) {
    // Another process may have been faster with the same data.
    if (!(await exists(target))) throw error;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Removes what killed imports of this machine left behind. */
async function removeOrphans(store: string): Promise<void> {
  for (const name of await filesIn(unfinishedFolder(store))) {
    const [, host, pid] = /^(.*)-(\d+)-[^-]*$/.exec(name) ?? [];
    if (host === hostname() && !isRunning(Number(pid))) {
      await rm(join(unfinishedFolder(store), name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
