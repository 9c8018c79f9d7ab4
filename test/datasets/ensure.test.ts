import { copyFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureDataset, listDatasets } from '../../src/datasets/index.js';
import { baseVectors, queryVectors, temporaryFolder } from './support.js';

const folder = temporaryFolder();
let stores = 0;
const newStore = (): string => join(folder, `store-${stores++}`);
const lines = (vectors: readonly (readonly number[])[]): string =>
  vectors.map((vector) => `${JSON.stringify({ embedding: vector })}\n`).join('');
const vectors = Array.from({ length: 30 }, (_, i) => [i + 1, 1]);

/** Ensures, and tells whether anything was read for it. */
async function ensured(store: string, path: string, options = {}) {
  let imported = false;
  const dataset = await ensureDataset(store, path, { ...options, onProgress: () => (imported = true) });
  return { imported, dataset, hash: dataset.manifest.hash };
}

describe('ensureDataset', () => {
  it('reads a file once, as long as its content stays the same', async () => {
    const store = newStore();
    const path = join(folder, 'docs.jsonl');
    writeFileSync(path, lines(vectors));
    const first = await ensured(store, path);
    expect(first.imported).toBe(true);
    expect(first.dataset.manifest).toMatchObject({
      name: 'docs',
      source: { file: 'docs.jsonl', sha256: [expect.any(String)] },
    });
    expect((await ensured(store, path)).imported).toBe(false);

    utimesSync(path, 1, 1);
    expect(await ensured(store, path)).toMatchObject({ imported: false, hash: first.hash });

    const moved = join(folder, 'moved.jsonl');
    copyFileSync(path, moved);
    const copy = await ensured(store, moved);
    expect(copy).toMatchObject({ imported: false, hash: first.hash });
    expect(copy.dataset.manifest.name).toBe('moved');
    expect((await listDatasets(store)).map(({ names }) => names)).toEqual([['docs', 'moved']]);

    writeFileSync(path, lines(vectors.toReversed()));
    const changed = await ensured(store, path);
    expect(changed.imported).toBe(true);
    expect(changed.hash).not.toBe(first.hash);
  });

  it('reads the same bytes anew where they mean something else', async () => {
    const store = newStore();
    const bytes = Buffer.from(Int32Array.of(3, 2, 1, 2, 3, 4, 5, 6).buffer);
    const [floats, integers] = ['.fbin', '.ibin'].map((end) => join(folder, `same${end}`)) as [string, string];
    for (const path of [floats, integers]) writeFileSync(path, bytes);
    await ensureDataset(store, floats, { metric: 'l2' });
    const read = await ensureDataset(store, integers, { metric: 'l2' });
    expect([...(await baseVectors(read)), ...queryVectors(read)].flat().toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  it('reads it again for other options', async () => {
    const store = newStore();
    const path = join(folder, 'options.jsonl');
    const queriesFile = join(folder, 'queries.jsonl');
    writeFileSync(path, lines(vectors));
    writeFileSync(queriesFile, lines([[0.5, 0.5]]));
    const hashes = [];
    for (const options of [{}, { metric: 'cosine' }, { queries: 5 }, { seed: 2 }, { queriesFile }]) {
      const read = await ensured(store, path, options);
      expect(read.imported).toBe(true);
      hashes.push(read.hash);
      expect((await ensured(store, path, options)).imported).toBe(false);
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(queryVectors((await ensured(store, path, { queriesFile })).dataset)).toEqual([[0.5, 0.5]]);
  });

  it('imports again what was deleted or damaged', async () => {
    const store = newStore();
    const path = join(folder, 'deleted.jsonl');
    writeFileSync(path, lines(vectors));
    const { hash } = await ensured(store, path);
    rmSync(join(store, 'objects', hash, 'rows.ndjson'));
    expect(await ensured(store, path)).toMatchObject({ imported: true, hash });
    rmSync(join(store, 'objects', hash), { recursive: true });
    const again = await ensured(store, path);
    expect(again).toMatchObject({ imported: true, hash });
    expect(await baseVectors(again.dataset)).toHaveLength(27);
  });

  it('opens by name what is no file', async () => {
    const store = newStore();
    const path = join(folder, 'named.jsonl');
    writeFileSync(path, lines(vectors));
    const { hash } = await ensured(store, path, { name: 'my-docs' });
    expect((await ensured(store, 'my-docs')).hash).toBe(hash);
    expect((await ensured(store, hash.slice(0, 12))).hash).toBe(hash);
    await expect(ensureDataset(store, 'absent')).rejects.toThrow('There is no dataset "absent"');
    await expect(ensureDataset(store, 'absent.fbin')).rejects.toThrow('neither a file absent.fbin nor a dataset');
  });

  it('remembers nothing about a file that was refused', async () => {
    const store = newStore();
    const path = join(folder, 'refused.jsonl');
    writeFileSync(path, lines([[1, 2], [3]]));
    for (let i = 0; i < 2; i++) await expect(ensureDataset(store, path)).rejects.toMatchObject({ code: 'dataset' });
    expect(readdirSync(store)).not.toContain('sources');
    expect(await listDatasets(store)).toEqual([]);
  });
});
