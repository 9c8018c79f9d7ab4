import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatasetSource, openSource } from '../src/datasets/index.js';
import { PgvtuneError } from '../src/errors.js';
import { createRandom } from '../src/random.js';
import { mutate } from './mutate.js';
import { type SeedFile, seedFiles } from './seeds.js';

export interface ReaderFuzzing {
  /** For the files; they are removed one by one. */
  readonly folder: string;
  readonly seed: number;
  readonly inputs: number;
  /** No input is begun after so much time. */
  readonly mostMs: number;
}

export interface FuzzedReaders {
  /** By the end of the file's name. */
  readonly counts: ReadonlyMap<string, { read: number; refused: number }>;
  /** What should not have happened, with the number of the input: the same seed makes the same inputs. */
  readonly wrong: readonly string[];
}

/** No small file takes longer, however busy the machine. */
const LONGEST_MS = 120_000;
/** HDF5 starts a thread for each file, which takes as long as hundreds of other files. */
const HDF5_SHARE = 0.002;
/** Inputs under way at once: most of their time is waiting for threads and the file system. */
const LANES = 16;

export async function fuzzReaders({ folder, seed, inputs, mostMs }: ReaderFuzzing): Promise<FuzzedReaders> {
  const random = createRandom(`readers ${seed}`);
  const files = await seedFiles(folder);
  const quick = files.filter(({ end }) => end !== '.hdf5');
  const slow = files.filter(({ end }) => end === '.hdf5');
  const counts = new Map(files.map(({ end }) => [end, { read: 0, refused: 0 }]));
  const wrong: string[] = [];
  const last = performance.now() + mostMs;
  let begun = 0;
  // A lane draws its input and takes its number without a pause between, so a seed makes the same inputs in any order of ends.
  const lane = async (): Promise<void> => {
    while (begun < inputs && performance.now() < last) {
      const input = begun++;
      const among = slow.length > 0 && random.next() < HDF5_SHARE ? slow : quick;
      const file: SeedFile = among[random.int(among.length)]!;
      const path = join(folder, `input-${input}${file.end}`);
      writeFileSync(path, mutate(file.bytes, random));
      try {
        counts.get(file.end)![await inTime(outcomeOf(path))]++;
      } catch (error) {
        wrong.push(
          `input ${input} (${file.end}): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      } finally {
        rmSync(path);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { counts, wrong };
}

async function outcomeOf(path: string): Promise<'read' | 'refused'> {
  try {
    const source = await openSource(path);
    try {
      await readAll(source);
    } finally {
      source.close();
    }
    return 'read';
  } catch (error) {
    if (error instanceof PgvtuneError && error.code === 'dataset' && error.message.includes(path)) return 'refused';
    throw error;
  }
}

async function readAll(source: DatasetSource): Promise<void> {
  for (const batches of [source.base(), source.queries()]) {
    for await (const { rows, vectors } of batches ?? []) {
      if (vectors.length !== rows * source.dimensions) throw new Error(`${vectors.length} numbers for ${rows} rows`);
    }
  }
  await source.declaredNeighbours();
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
