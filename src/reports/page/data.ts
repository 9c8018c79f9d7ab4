import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { BuildRecord, PointRecord } from '../../results/index.js';
import { isDefaultBuild, predictedTableBytes } from '../../tune/index.js';
import type { Target } from '../../vocabulary.js';
import { filterName, optionTitle } from '../tune/filtered/names.js';
import { describeBuild, type RunView } from '../tune/run-view.js';

/*
 * What the page shows and computes with: records without what it has no use for. It travels as JSON inside of the page.
 */

/** A point with the names that the reader sees. */
export interface PagePoint {
  readonly name: string;
  readonly settings: string;
  /** Index into {@link PageData.builds}. */
  readonly build: number;
  readonly record: PointRecord;
  /** `confirm`: measured side by side; such points are recommended. */
  readonly isConclusion: boolean;
  readonly isDisturbed: boolean;
}

export interface PageBuild {
  readonly name: string;
  readonly record: BuildRecord;
  readonly isDefault: boolean;
}

/** One strategy on one filter. */
export interface PageStrategy {
  readonly filter: string;
  readonly strategy: string;
  readonly outcome: string;
  readonly recall: number | null;
  readonly p50Ms: number | null;
  readonly isBest: boolean;
}

export interface PageData {
  readonly run: string;
  readonly dataset: string;
  readonly rows: number;
  readonly server: string;
  readonly k: number;
  readonly target: Target | null;
  /** Of the table without its indexes. */
  readonly tableBytes: number;
  /** Key of the recommended point; null when there is none. */
  readonly recommended: string | null;
  readonly points: readonly PagePoint[];
  readonly builds: readonly PageBuild[];
  readonly filters: readonly PageStrategy[];
}

/** Raw latencies beyond so many characters are left out; such points are compared by their intervals. */
const MOST_SAMPLES = 600_000;

export function pageData(run: RunView): PageData {
  const { manifest } = run;
  const { rows, dimensions } = manifest.dataset;
  const builds = [...run.builds.values()].filter(({ request }) => request.rows === undefined);
  const cold = new Set(run.answer?.kind === 'tune' ? run.answer.cold : []);
  let samples = 0;
  const points = [...run.points.values()].flatMap((point): PagePoint[] => {
    const build = builds.findIndex(({ key }) => key === point.request.build);
    if (build === -1 || !point.measured || point.fromRun !== undefined || cold.has(point.key)) return [];
    const isConclusion = point.request.purpose === 'confirm';
    const latencies = isConclusion ? point.measured.samples.latencyMs : '';
    samples += latencies.length;
    return [
      {
        name: describeSpec(builds[build]!.request.spec),
        settings: describeSettings(point.request.settings),
        build,
        record: slim(point, samples <= MOST_SAMPLES ? latencies : ''),
        isConclusion,
        isDisturbed: point.findings.some(({ severity }) => severity === 'high' || severity === 'medium'),
      },
    ];
  });
  return {
    run: manifest.run,
    dataset: manifest.dataset.name,
    rows,
    server: `${manifest.server.label}, PostgreSQL ${manifest.server.version}, pgvector ${manifest.server.pgvector}`,
    k: points[0]?.record.request.workload.k ?? 10,
    target: manifest.target,
    tableBytes: predictedTableBytes({ rows, dimensions }),
    recommended: (run.answer?.kind === 'tune' ? run.answer.recommendation?.point : null) ?? null,
    points,
    builds: builds.map((record) => ({
      name: describeBuild(run, record),
      record: { ...record, notices: [], findings: [], settings: {} },
      isDefault: record.request.spec.method !== 'none' && isDefaultBuild(record.request.spec, rows),
    })),
    filters: filtersOf(run),
  };
}

/** A point without what the page has no use for. */
function slim(point: PointRecord, latencyMs: string): PointRecord {
  const measured = point.measured!;
  return {
    ...point,
    findings: [],
    measured: {
      ...measured,
      settingsReadBack: {},
      samples: {
        blockQueries: measured.samples.blockQueries,
        latencyMs,
        hits: '',
        strictHits: '',
        expected: '',
        returned: '',
      },
    },
  };
}

function filtersOf(run: RunView): readonly PageStrategy[] {
  const answers = run.answer?.kind === 'tune' ? (run.answer.filtered ?? []) : [];
  return answers.flatMap(({ filters }) =>
    filters.flatMap((filter) =>
      filter.options.map((option, position): PageStrategy => {
        const measured = option.point === null ? null : run.workloadPoints.get(option.point)?.measured;
        const p50 = measured?.latencyMs.quantiles.find(({ p }) => p === 0.5)?.estimate?.value;
        return {
          filter: filterName(filter),
          strategy: optionTitle(run, option),
          outcome: option.outcome,
          recall: measured?.recall.mean.value ?? null,
          p50Ms: p50 ?? null,
          isBest: filter.best === position,
        };
      }),
    ),
  );
}
