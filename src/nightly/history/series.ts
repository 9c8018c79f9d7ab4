import { latencyQuantile } from '../../analysis/index.js';
import { canonicalJson } from '../../canonical-json.js';
import type { JournalRecord, RunFiles } from '../../results/index.js';
import type { IndexSpec, SearchSettings, Workload } from '../../vocabulary.js';
import { seriesOf, type SeriesPoint } from '../compare/series.js';

export type TrendFigure = 'recall' | 'buffers' | 'p50' | 'p95' | 'index-bytes';

/** One figure of one setting over the nights. */
export interface Trend {
  /** Equal for equal measurements: of the data, the server and what was asked, and not of names. */
  readonly key: string;
  readonly figure: TrendFigure;
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
  readonly workload: Workload;
  /** Content hash of the data. */
  readonly dataset: string;
  /** In the order of the nights; a night that did not measure it is missing. */
  readonly nights: readonly Night[];
}

export interface Night {
  readonly run: string;
  readonly startedAt: string;
  readonly value: number;
}

/**
 * The series of all runs, oldest night first. Another dataset, metric, layout, server version or processor is another series: its
 * figures mean something else.
 */
export function trendsOf(runs: readonly RunFiles[]): readonly Trend[] {
  const trends = new Map<string, { trend: Omit<Trend, 'nights'>; nights: Night[] }>();
  const inOrder = runs.toSorted((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? -1 : 1));
  for (const { manifest, records } of inOrder) {
    const { dataset, metric, layout, server, client } = manifest;
    const ground = [dataset.hash, metric, server.label, server.version, server.pgvector, client.cpu, layout ?? null];
    for (const { figure, key, points, of } of figuresOf(records)) {
      const series = canonicalJson([figure, key, ground]);
      const known = trends.get(series) ?? {
        trend: { key: series, figure, ...of, dataset: dataset.hash },
        nights: [],
      };
      known.nights.push({ run: manifest.run, startedAt: manifest.startedAt, value: meanOf(points, figure) });
      trends.set(series, known);
    }
  }
  return [...trends.values()].map(({ trend, nights }) => ({ ...trend, nights }));
}

const FIGURES: readonly TrendFigure[] = ['recall', 'buffers', 'p50', 'p95', 'index-bytes'];

function* figuresOf(records: readonly JournalRecord[]): Generator<{
  readonly figure: TrendFigure;
  readonly key: string;
  readonly points: readonly SeriesPoint[];
  readonly of: Pick<Trend, 'spec' | 'settings' | 'workload'>;
}> {
  for (const series of seriesOf(records).values()) {
    for (const [settingsKey, { settings, points }] of series.bySettings) {
      // Points that were looked at while searching are measured some nights and not others.
      const concluding = points.filter(({ point }) => point.request.purpose === 'confirm');
      for (const figure of FIGURES) {
        const known = concluding.filter((point) => Number.isFinite(valueOf(point, figure)));
        if (known.length === 0) continue;
        const of = { spec: series.build.request.spec, settings, workload: series.workload };
        yield { figure, key: `${series.key} ${settingsKey}`, points: known, of };
      }
    }
  }
}

const meanOf = (points: readonly SeriesPoint[], figure: TrendFigure): number =>
  points.reduce((sum, point) => sum + valueOf(point, figure), 0) / points.length;

function valueOf({ build, measured }: SeriesPoint, figure: TrendFigure): number {
  const quantile = (p: number): number => latencyQuantile(measured, p)?.estimate?.value ?? Number.NaN;
  switch (figure) {
    case 'recall':
      return measured.recall.mean.value;
    case 'buffers':
      return measured.buffers.mean.value;
    case 'p50':
      return quantile(0.5);
    case 'p95':
      return quantile(0.95);
    case 'index-bytes':
      return build.index?.bytes ?? Number.NaN;
  }
}
