import { z } from 'zod';
import { latencyQuantile, shownRecall } from '../../analysis/index.js';
import { canonicalJson } from '../../canonical-json.js';
import { describeSettings, describeSpec, rowsOfIndex } from '../../indexes/index.js';
import type { BuildRecord, PointRecord } from '../../results/index.js';
import { type Candidate, isDefaultBuild, predictedTableBytes, spreadOfBuilds, toCandidates } from '../../tune/index.js';
import { type Target, targetSchema } from '../../vocabulary.js';
import { filterName, optionTitle } from '../tune/filtered/names.js';
import { describeBuild, type RunView, testedConfidence, tuneAnswer } from '../tune/run-view.js';

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
  /** `confirm`: measured interleaved; such points are recommended. */
  readonly isConclusion: boolean;
  /**
   * Mean recall that the queries show with {@link PageData.confidence}, of any build where several were measured; null for
   * a point that `tune` would not recommend, whatever the target.
   */
  readonly shownRecall: number | null;
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
  /** One-sided, of the recall of each index. */
  readonly confidence: number;
  readonly minimise: Target['minimise'];
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
  const answer = tuneAnswer(run);
  const cold = new Set(answer?.cold);
  const known = [...run.points.values()].filter(
    ({ key, fromRun, request }) => fromRun === undefined && request.among === undefined && !cold.has(key),
  );
  const conclusions = known.filter(({ request }) => request.purpose === 'confirm');
  const candidates = new Map(
    toCandidates(conclusions, run.builds, known).map((candidate) => [candidate.point.key, candidate]),
  );
  const confidence = answer ? testedConfidence(answer) : askedConfidence(manifest.config);
  const shown = shownRecalls([...candidates.values()], { builds, confidence });
  let samples = 0;
  const points = known.flatMap((point): PagePoint[] => {
    const build = builds.findIndex(({ key }) => key === point.request.build);
    if (build === -1 || !point.measured) return [];
    const candidate = candidates.get(point.key);
    const latencies = candidate ? point.measured.samples.latencyMs : '';
    samples += latencies.length;
    return [
      {
        name: describeSpec(builds[build]!.request.spec),
        settings: describeSettings(point.request.settings),
        build,
        record: slim(
          { ...point, measured: candidate?.measured ?? point.measured },
          samples <= MOST_SAMPLES ? latencies : '',
        ),
        isConclusion: candidate !== undefined,
        shownRecall: shown.get(point.key) ?? null,
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
    confidence,
    minimise: manifest.target?.minimise ?? 'p95',
    tableBytes: predictedTableBytes({ rows, dimensions, metric: manifest.metric }),
    recommended: answer?.recommendation?.point ?? null,
    points,
    builds: builds.map((record) => ({
      name: describeBuild(run, record),
      record: { ...record, notices: [], findings: [], settings: {} },
      isDefault:
        record.request.spec.method !== 'none' &&
        isDefaultBuild(record.request.spec, rowsOfIndex({ rows, layout: manifest.layout })),
    })),
    filters: filtersOf(run),
  };
}

const configSchema = z.object({
  target: z.object({ confidence: targetSchema.shape.confidence }).prefault({}),
});

const askedConfidence = (config: unknown): number => configSchema.parse(config).target.confidence;

/**
 * By key of the point, the recall that each candidate shows. Where an index was built several times, it is that of any
 * build, and a setting that one build alone was measured with shows none. Of the same setting the last point counts.
 */
function shownRecalls(
  candidates: readonly Candidate[],
  { builds, confidence }: { readonly builds: readonly BuildRecord[]; readonly confidence: number },
): ReadonlyMap<string, number> {
  const settingOf = ({ build, point }: Candidate): string => canonicalJson([build.key, point.request.settings]);
  const last = [...new Map(candidates.map((candidate) => [settingOf(candidate), candidate])).values()];
  return new Map(
    last.flatMap((candidate) => {
      const { build, point, measured } = candidate;
      if (build.request.repeat > 0) return [];
      if (build.request.spec.method === 'none') return [[point.key, 1]];
      const own = shownRecall(measured, confidence);
      const others = builds.filter((other) => other.key !== build.key && isSameSpec(other, build));
      if (others.length === 0) return [[point.key, own]];
      const twins = last.filter(
        (other) =>
          others.some(({ key }) => key === other.build.key) &&
          canonicalJson(other.point.request.settings) === canonicalJson(point.request.settings),
      );
      if (twins.length === 0) return [];
      const { shown } = spreadOfBuilds([measured, ...twins.map((twin) => twin.measured)], confidence);
      return [[point.key, Math.min(own, shown)]];
    }),
  );
}

/** But for the number of the build. */
const isSameSpec = ({ request: one }: BuildRecord, { request: other }: BuildRecord): boolean =>
  canonicalJson({ ...one, repeat: 0 }) === canonicalJson({ ...other, repeat: 0 });

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
  return (tuneAnswer(run)?.filtered ?? []).flatMap(({ filters }) =>
    filters.flatMap((filter) =>
      filter.options.map((option, position): PageStrategy => {
        const measured = option.point === null ? null : run.workloadPoints.get(option.point)?.measured;
        const p50 = measured && latencyQuantile(measured, 0.5)?.estimate?.value;
        return {
          filter: filterName(run, filter),
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
