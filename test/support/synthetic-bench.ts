import {
  type Ask,
  type BuildRecord,
  type BuildRequest,
  type FusionsRecord,
  type FusionsRequest,
  type Judged,
  keyOf,
  type KindName,
  type PlansRecord,
  type PlansRequest,
  type PointRecord,
  type PointRequest,
  type Reason,
  type RecordedFinding,
  type Reply,
  type RequestOf,
  type ThroughputRecord,
  type ThroughputRequest,
} from '../../src/results/index.js';
import { encodeFloat32, encodeInt32 } from '../../src/analysis/index.js';
import type { IndexSpec, SearchSettings } from '../../src/vocabulary.js';
import {
  buildRecord,
  builtIndex,
  failedBuild,
  fusionsRecord,
  measured,
  plannerMapRecord,
  plansRecord,
  pointRecord,
  voidPoint,
  writesRecord,
} from './records.js';
import { exponential, syntheticLoad, type SyntheticService } from './synthetic-load.js';

/** What a made-up server answers for an index and a value of its knob. */
export interface SyntheticFigures {
  readonly recall: number;
  readonly medianMs: number;
  readonly buffers?: number;
  /** Why the point is void, if it is. */
  readonly voidBecause?: Reason;
}

/** The answers to queries 0 … queries − 1. */
export interface SyntheticFusion {
  readonly queries: number;
  readonly ranking: (query: number) => readonly number[];
  /** Null where nobody judged. */
  readonly ndcg: ((query: number) => number) | null;
}

export interface SyntheticServer {
  /** @param repeat which of several builds of the specification it is */
  figures(spec: IndexSpec, knob: number, request: PointRequest, repeat?: number): SyntheticFigures;
  indexBytes?(spec: IndexSpec): number;
  /** How it bears load; absent: every query takes its time, as far as an exponential distribution allows. */
  service?(spec: IndexSpec): SyntheticService;
  /** What exact legs come to under a fusion; absent: there are no texts. */
  fusion?(strategy: string, settings: SearchSettings, textScore?: FusionsRequest['textScore']): SyntheticFusion;
  /** Why a build fails, if it does. */
  buildFails?(spec: IndexSpec): Reason | undefined;
  /** @param rows of a subset; absent: all */
  buildSeconds?(spec: IndexSpec, rows?: number): number;
  /** Told of every build. */
  onBuild?(build: BuildRecord): void;
  /** What a build says. */
  buildFindings?(spec: IndexSpec): readonly RecordedFinding[];
  /** What every point says. */
  readonly findings?: readonly RecordedFinding[];
}

/** Replies to a search from formulas, and keeps count of what it was asked. */
export function syntheticBench(server: SyntheticServer) {
  const builds = new Map<string, BuildRecord>();
  const asked: Ask[] = [];
  const keys = new Set<string>();
  const reply = (ask: Ask): Reply => {
    asked.push(ask);
    if (ask.kind !== 'release') {
      // As a run does: what is known is not measured anew beside what is not.
      const own = ask.requests.map((request) => keyOf(ask.kind, request as never));
      const known = own.filter((key) => keys.has(key)).length;
      if (new Set(own).size < own.length || (known > 0 && known < own.length)) {
        throw new Error(`A ${ask.kind} was asked for a second time beside others: ${own.join(', ')}.`);
      }
      for (const key of own) keys.add(key);
    }
    // Any other kind of measurement is refused, however many there are.
    if (ask.kind === 'release') return [];
    if (ask.kind === 'build') return ask.requests.map(build);
    if (ask.kind === 'point') return ask.requests.map(point);
    if (ask.kind === 'writes') return ask.requests.map((request) => writesRecord({ request }));
    if (ask.kind === 'fusions') return ask.requests.map(fusions);
    if (ask.kind === 'throughput') return ask.requests.map(load);
    if (ask.kind === 'planner-map') return ask.requests.map((request) => plannerMapRecord({ request }));
    if (ask.kind === 'plans') return ask.requests.map(plans);
    throw new Error(`There is no formula for ${ask.kind}.`);
  };

  function build(request: BuildRequest): BuildRecord {
    const { spec } = request;
    const reason = server.buildFails?.(spec);
    const isIndex = spec.method !== 'none';
    const facts = {
      request,
      seconds: isIndex ? (server.buildSeconds?.(spec, request.rows) ?? 1) : 0,
      findings: isIndex ? [...(server.buildFindings?.(spec) ?? [])] : [],
    };
    const index = isIndex ? builtIndex({ bytes: server.indexBytes?.(spec) ?? 1000 }) : null;
    const record = reason === undefined ? buildRecord({ ...facts, index }) : failedBuild(reason, facts);
    builds.set(record.key, record);
    server.onBuild?.(record);
    return record;
  }

  function fusions(request: FusionsRequest): FusionsRecord {
    const answers = request.fusions.map(({ strategy, settings }) => fusionOf(strategy, settings, request.textScore));
    return fusionsRecord(request, {
      queries: answers[0]!.queries,
      fusions: answers.map((answer) => ({
        rankings: encodeInt32(
          Array.from({ length: answer.queries }, (_, query) => {
            const rows = answer.ranking(query);
            return Array.from({ length: request.k }, (_, rank) => rows[rank] ?? -1);
          }).flat(),
        ),
        judged: judgedOf(answer, answer.queries),
      })),
    });
  }

  function fusionOf(...asked: Parameters<NonNullable<SyntheticServer['fusion']>>): SyntheticFusion {
    if (!server.fusion) throw new TypeError('There are no texts here.');
    return server.fusion(...asked);
  }

  function load(request: ThroughputRequest): ThroughputRecord {
    const { spec, repeat } = builds.get(request.build)!.request;
    const knob = Number(Object.values(request.settings)[0] ?? 0);
    const point = { ...request, purpose: 'confirm' as const };
    const { medianMs } = server.figures(spec, knob, point, repeat);
    return syntheticLoad(request, server.service?.(spec) ?? { serviceMs: exponential(medianMs) });
  }

  function plans({ build, workload, settings }: PlansRequest): PlansRecord {
    return plansRecord(
      { build, workload, settings },
      settings.map((one) => point({ build, workload, settings: one, queries: 1, purpose: 'search' }).reason),
    );
  }

  function point(request: PointRequest): PointRecord {
    const { spec, repeat } = builds.get(request.build)!.request;
    const knob = Number(Object.values(request.settings)[0] ?? 0);
    const { recall, medianMs, buffers = 100, voidBecause } = server.figures(spec, knob, request, repeat);
    const findings = [...(server.findings ?? [])];
    if (voidBecause !== undefined) return voidPoint(voidBecause, { request, findings });
    const { workload, settings, queries } = request;
    const figures = { recall, medianMs, buffers, queries };
    if (workload.kind !== 'hybrid') return pointRecord({ request, findings, measured: measured(figures) });
    const judged = judgedOf(fusionOf(workload.strategy, settings), queries);
    const ranking = { rbo: { value: recall, low: null, high: null }, judged, plans: [] };
    return pointRecord({ request, findings, measured: measured(figures, { ranking }) });
  }

  return { reply, asked, count: (kind: Ask['kind']) => asked.filter((ask) => ask.kind === kind).length };
}

function judgedOf({ ndcg }: SyntheticFusion, queries: number): Judged | null {
  if (ndcg === null) return null;
  const values = Array.from({ length: queries }, (_, query) => ndcg(query));
  const mean = { value: values.reduce((sum, value) => sum + value, 0) / queries, low: null, high: null };
  return { queries, ndcg: mean, reciprocalRank: mean, recall: mean, samples: encodeFloat32(values) };
}

/** Runs a search against a synthetic server to its end. */
export function answer<Answer>(search: Generator<Ask, Answer, Reply>, reply: (ask: Ask) => Reply): Answer {
  let step = search.next();
  while (!step.done) step = search.next(reply(step.value));
  return step.value;
}

/** Everything of a kind that was asked, in order. */
export const requestsOf = <K extends KindName>(asked: readonly Ask[], kind: K): readonly RequestOf<K>[] =>
  asked.flatMap((ask) => (ask.kind === kind ? (ask.requests as readonly RequestOf<K>[]) : []));
