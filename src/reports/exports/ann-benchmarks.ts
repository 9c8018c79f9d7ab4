import type { File as Hdf5File } from 'h5wasm';
import { shortHash } from '../../canonical-json.js';
import { decodeFloat32, decodeUint16 } from '../../analysis/index.js';
import { describeRepresentation } from '../../indexes/index.js';
import type { RunManifest } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { viewRun } from '../tune/run-view.js';
import type { ExportFormat, FolderFile } from './format.js';
import { type PlainPoint, plainPoints, pointName } from './plain-points.js';

/** Our metrics in ann-benchmarks' words (`ann_benchmarks/distance.py`); it has none for the others. */
const DISTANCES: Readonly<Partial<Record<Metric, string>>> = { cosine: 'angular', l2: 'euclidean' };

/** Metrics that ann-benchmarks computes from the distances of the rows returned, and the places where it keeps them. */
const EPSILONS = ['eps0.01', 'eps0.1'];

const ID_DIGITS = 8;

/**
 * Results as ann-benchmarks keeps them (`ann_benchmarks/results.py`), for its folder `results`: one HDF5 file for each
 * point, at `<dataset>/<k>/<algorithm>/<settings>.hdf5`.
 *
 * Journals hold how many exact neighbours each query found, not which rows it returned. So `neighbors` is left out, which
 * ann-benchmarks does not read; `distances`, which it wants to be there, are NaN; and the recall stands where it keeps a
 * recall once computed. What it would compute from the distances alone is NaN there as well.
 */
export const annBenchmarksResults: ExportFormat<readonly FolderFile[]> = async (files) => {
  const { default: h5wasm } = await import('h5wasm');
  const { FS } = await h5wasm.ready;
  const { manifest } = files;
  const toFile = (one: PlainPoint) => {
    const name = pointName(one);
    const unfinished = 'result.hdf5';
    const file = new h5wasm.File(unfinished, 'w');
    try {
      fill(file, manifest, one, name);
    } finally {
      file.close();
    }
    const content = FS.readFile(unfinished);
    FS.unlink(unfinished);
    const id = shortHash(one.point.key).slice(0, ID_DIGITS);
    const folders = [manifest.dataset.name, String(one.point.request.workload.k), algorithmOf(one)].map(asFileName);
    return { path: [...folders, `${asFileName(name)}_${id}.hdf5`].join('/'), content };
  };
  return plainPoints(viewRun(files)).map(toFile);
};

function fill(file: Hdf5File, manifest: RunManifest, one: PlainPoint, name: string): void {
  const { build, measured } = one;
  const { k } = one.point.request.workload;
  const times = decodeFloat32(measured.samples.latencyMs).map((ms) => ms / 1000);
  const hits = decodeUint16(measured.samples.hits);
  const returned = decodeUint16(measured.samples.returned);
  const recall = spread(hits);

  const real = (name: string, value: number): void => file.create_attribute(name, value, null, '<d');
  const whole = (name: string, value: number): void => file.create_attribute(name, value, null, '<i');
  file.create_attribute('algo', algorithmOf(one));
  file.create_attribute('dataset', manifest.dataset.name);
  file.create_attribute('name', name);
  file.create_attribute('distance', DISTANCES[manifest.metric] ?? manifest.metric);
  whole('count', k);
  // One query at a time; all round trips count as one run, whose mean is what ann-benchmarks makes queries per second of.
  whole('batch_mode', 0);
  whole('expect_extra', 0);
  whole('run_count', 1);
  real('best_search_time', measured.latencyMs.mean / 1000);
  real('candidates', spread(returned).mean);
  real('build_time', build.seconds);
  real('index_size', (build.index?.bytes ?? 0) / 1024);

  file.create_dataset({ name: 'times', data: Float32Array.from(times), shape: [times.length], dtype: '<f' });
  file.create_dataset({
    name: 'distances',
    data: new Float32Array(hits.length * k).fill(Number.NaN),
    shape: [hits.length, k],
    dtype: '<f',
    chunks: [hits.length, k],
    compression: 'gzip',
  });

  const metrics = file.create_group('metrics');
  metrics.create_attribute('rel', Number.NaN, null, '<d');
  const knn = metrics.create_group('knn');
  knn.create_attribute('mean', recall.mean / k, null, '<d');
  knn.create_attribute('std', recall.deviation / k, null, '<d');
  knn.create_dataset({ name: 'recalls', data: Float64Array.from(hits), shape: [hits.length], dtype: '<d' });
  for (const epsilon of EPSILONS) {
    const group = metrics.create_group(epsilon);
    group.create_attribute('mean', Number.NaN, null, '<d');
    group.create_attribute('std', Number.NaN, null, '<d');
  }
}

/** ann-benchmarks draws one curve an algorithm. */
const algorithmOf = ({ build: { request } }: PlainPoint): string => {
  const { method, representation } = request.spec;
  return ['pgvector', method, ...(representation === 'vector' ? [] : [describeRepresentation(request.spec)])].join('-');
};

/** Mean, and standard deviation as numpy's `std` has it. */
function spread(values: ArrayLike<number>): { readonly mean: number; readonly deviation: number } {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, deviation: Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) };
}

const asFileName = (text: string): string => text.replaceAll(/[^\w.()-]+/g, '_');
