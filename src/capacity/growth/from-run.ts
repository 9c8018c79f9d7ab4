import { latencyQuantile, sortOutLoads } from '../../analysis/index.js';
import type {
  BuildRecord,
  CapacityAnswer,
  JournalRecord,
  Measured,
  PointRecord,
  RunFiles,
} from '../../results/index.js';
import { majorVersion } from '../../indexes/index.js';
import { parseBytes } from '../../units.js';
import type { LoadPoint } from '../pool/scalability.js';
import type { GrowthPoint } from './laws.js';
import { pageReadMs } from './memory.js';
import type { GrowthFacts } from './plan.js';

/** What a finished run of `capacity` measured, as facts; null for an unfinished run, and for one without a size. */
export function growthFacts({ manifest, records }: Pick<RunFiles, 'manifest' | 'records'>): GrowthFacts | null {
  const answer = ofType(records, 'answer').at(-1)?.answer;
  const { server, client, dataset, target } = manifest;
  if (answer?.kind !== 'capacity' || target === null) return null;
  const builds = new Map(ofType(records, 'build').map((record) => [record.key, record]));
  const measured = new Map(ofType(records, 'point').map((record) => [record.key, record]));
  const points = answer.sizes.flatMap((size) =>
    growthPoint(size, builds.get(size.build), measured.get(size.point ?? '')),
  );
  if (points.length === 0) return null;
  // The machine of the client is the server's where the server was started for the run.
  const isHere = server.kind === 'local' || server.kind === 'embedded';
  return {
    points,
    spec: answer.spec,
    dimensions: dataset.dimensions,
    target,
    server: {
      pgVersion: majorVersion(server.versionNumber),
      pgvector: server.pgvector,
      maintenanceWorkMemBytes:
        bytesOf(builds.get(answer.sizes.at(-1)!.build)?.settings['maintenance_work_mem']) ?? 64 * 1024 ** 2,
      maxParallelMaintenanceWorkers: Number(server.settings['max_parallel_maintenance_workers'] ?? 2),
      sharedBuffersBytes: bytesOf(server.settings['shared_buffers']),
      memoryBytes: isHere ? client.memoryBytes : null,
      cores: isHere ? client.cores : null,
    },
    loads: loadsOf(records),
    readMs: readMsOf(answer, measured),
  };
}

const ofType = <T extends JournalRecord['type']>(records: readonly JournalRecord[], type: T) =>
  records.filter((record): record is Extract<JournalRecord, { type: T }> => record.type === type);

const bytesOf = (text: string | undefined): number | null => (text === undefined ? null : parseBytes(text));

const quantileMs = (measured: Measured | null, p: number): number | null =>
  latencyQuantile(measured, p)?.estimate?.value ?? null;

function growthPoint(
  { rows, knob, isLowest }: CapacityAnswer['sizes'][number],
  build: BuildRecord | undefined,
  point: PointRecord | undefined,
): readonly GrowthPoint[] {
  if (!build || build.status === 'failed') return [];
  const measured = point?.measured ?? null;
  return [
    {
      rows,
      buildSeconds: build.seconds,
      spilled: build.findings.some(({ code }) => code === 'hnsw-build-spilled'),
      indexBytes: build.index?.bytes ?? 0,
      knob,
      isLowest,
      buffers: measured && measured.buffers.mean.value,
      p50Ms: quantileMs(measured, 0.5),
      p95Ms: quantileMs(measured, 0.95),
      floorMs: measured?.clientFloorMs ?? 0,
    },
  ];
}

/** Without loads that were disturbed, and measured once more. */
const loadsOf = (records: readonly JournalRecord[]): readonly LoadPoint[] =>
  sortOutLoads(ofType(records, 'throughput')).counting.flatMap(({ request: { mode }, measured }) =>
    mode.kind === 'closed' && measured
      ? [{ clients: mode.concurrency, ratePerSecond: measured.ratePerSecond.value }]
      : [],
  );

function readMsOf({ cold, sizes }: CapacityAnswer, points: ReadonlyMap<string, PointRecord>): number | null {
  const [coldly, warmly] = [cold, sizes.at(-1)?.point].map((key) => points.get(key ?? '')?.measured);
  if (!coldly || !warmly) return null;
  const [coldMs, warmMs] = [quantileMs(coldly, 0.5), quantileMs(warmly, 0.5)];
  return coldMs === null || warmMs === null ? null : pageReadMs(warmMs, coldMs, coldly.buffers.meanRead);
}
