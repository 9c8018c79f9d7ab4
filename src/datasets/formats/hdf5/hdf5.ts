import { once } from 'node:events';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PgvtuneError } from '../../../errors.js';
import type { Metric } from '../../../vocabulary.js';
import { workerEntry } from '../../../worker-entry.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { fileError, placeIn } from '../file-error.js';
import type { FieldOptions, FileFormat } from '../format.js';
import type { Hdf5Answer, Hdf5File, Hdf5Question } from './worker.js';
import { writeHdf5 } from './write.js';
import { inputSize, nameOfFile } from '../input-file.js';

/** HDF5 as in ann-benchmarks: `train`, and if they are there `test` and `neighbors`; attribute `distance`. Or other names. */
export const hdf5: FileFormat = {
  name: 'HDF5',
  extensions: ['.hdf5', '.h5'],
  open: openSource,
  write: writeHdf5,
};

/** A healthy file answers within a second; a damaged one may keep HDF5 going round in circles. */
const LONGEST_SILENCE_MS = 60_000;

async function openSource(path: string, { vectors, queryVectors, truth }: FieldOptions): Promise<DatasetSource> {
  await inputSize(path);
  const roles = {
    ...(vectors === undefined ? {} : { vectors }),
    ...(queryVectors === undefined ? {} : { queryVectors }),
    ...(truth === undefined ? {} : { truth }),
  };
  const thread = startThread({ path, roles });
  try {
    const { contents } = await thread.ask({ ask: 'contents' }, 'contents');
    const { dimensions, rows, queries, distance, bytes } = contents;
    async function* batches(table: 'base' | 'queries', count: number): AsyncGenerator<SourceBatch> {
      for (let start = 0; start < count;) {
        const { vectors } = await thread.ask({ ask: 'vectors', table, start }, 'vectors');
        yield { rows: vectors.length / dimensions, vectors, ids: null, attributes: null, texts: null };
        start += vectors.length / dimensions;
      }
    }
    return {
      name: nameOfFile(path),
      dimensions,
      metric: metricOf(distance),
      ...(distance !== null && metricOf(distance) === null ? { unknownMetric: distance } : {}),
      synthetic: false,
      textColumn: null,
      provenance: { file: basename(path), format: hdf5.name, bytes, distance },
      expectedRows: rows,
      base: () => batches('base', rows),
      queries: () => (queries === 0 ? null : batches('queries', queries)),
      locate: (table) => `${placeIn(path, {})}, the ${table === 'base' ? 'vectors' : 'queries'}`,
      declaredNeighbours: async () => (await thread.ask({ ask: 'neighbours' }, 'neighbours')).neighbours,
      close: () => thread.close(),
    };
  } catch (error) {
    thread.close();
    throw error;
  }
}

/** What files call the metrics. On vectors of length 1, which VIBE calls normalized, cosine and inner product agree. */
const METRICS: Readonly<Record<string, Metric>> = {
  angular: 'cosine',
  cosine: 'cosine',
  normalized: 'cosine',
  euclidean: 'l2',
  l2: 'l2',
  ip: 'ip',
  dot: 'ip',
  inner_product: 'ip',
  manhattan: 'l1',
  l1: 'l1',
  hamming: 'hamming',
  jaccard: 'jaccard',
};

function metricOf(distance: string | null): Metric | null {
  const name = distance?.toLowerCase() ?? '';
  return Object.hasOwn(METRICS, name) ? METRICS[name]! : null;
}

type AnswerOf<Kind> = Extract<Hdf5Answer, { readonly kind: Kind }>;

/** A thread of its own for one file: whatever HDF5 does to itself ends with it. */
function startThread(file: Hdf5File) {
  const { path } = file;
  const worker = new Worker(workerEntry(import.meta.url, './worker.js'), {
    workerData: file,
    stdout: true,
    stderr: true,
  });
  // Waiting for an answer keeps the process alive, a file that nobody closed does not.
  worker.unref();

  return {
    /** One question at a time. @throws {PgvtuneError} `dataset` */
    async ask<Kind extends Hdf5Answer['kind']>(question: Hdf5Question, kind: Kind): Promise<AnswerOf<Kind>> {
      const answered = await answerTo(worker, question, path);
      if (answered.kind === 'failure') throw new PgvtuneError('dataset', answered.message, answered.details);
      if (answered.kind !== kind) throw new TypeError(`Expected ${kind} in reply, got ${answered.kind}.`);
      return answered as AnswerOf<Kind>;
    },
    close(): void {
      void worker.terminate();
    },
  };
}

async function answerTo(worker: Worker, question: Hdf5Question, path: string): Promise<Hdf5Answer> {
  // A thread that has ended does not say so again.
  if (worker.threadId < 0) throw fileError(path, {}, 'was closed, or could not be read before.');
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), LONGEST_SILENCE_MS);
  worker.ref();
  worker.postMessage(question, []);
  try {
    const ended = once(worker, 'exit', { signal: silence.signal }).then(() => {
      throw new Error('the reader ended');
    });
    const [answered] = (await Promise.race([once(worker, 'message', { signal: silence.signal }), ended])) as [
      Hdf5Answer,
    ];
    return answered;
  } catch (error) {
    void worker.terminate();
    const reason = silence.signal.aborted
      ? 'no answer for a minute'
      : error instanceof Error
        ? error.message
        : String(error);
    throw fileError(path, {}, `cannot be read as HDF5 (${reason}).`, {
      hint: 'The file is cut off, damaged or of another format.',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    silence.abort();
    worker.unref();
  }
}
