import {
  type Ask,
  type BuildRecord,
  type BuildRequest,
  type Finding,
  type FusionsRecord,
  type FusionsRequest,
  type Judged,
  type KindName,
  keyOf,
  type Measured,
  type PlannerMapRecord,
  type PlannerMapRequest,
  type PointRecord,
  type PointRequest,
  type Reply,
  type RequestOf,
  type ThroughputRecord,
  type ThroughputRequest,
  type WritesRecord,
  type WritesRequest,
} from '../../src/results/index.js';
import { encodeFloat32, encodeInt32, encodeUint16 } from '../../src/analysis/index.js';
import type { IndexSpec, SearchSettings } from '../../src/vocabulary.js';
import { exponential, syntheticLoad, type SyntheticService } from './synthetic-load.js';

/** What a made-up server answers for an index and a value of its knob. */
export interface SyntheticFigures {
  readonly recall: number;
  readonly medianMs: number;
  readonly buffers?: number;
  /** Why the point is void, if it is. */
  readonly voidBecause?: string;
  /** The plan that was chosen instead, if that is why. */
  readonly planInstead?: string;
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
  fusion?(strategy: string, settings: SearchSettings): SyntheticFusion;
  /** Why a build fails, if it does. */
  buildFails?(spec: IndexSpec): string | undefined;
  buildSeconds?(spec: IndexSpec): number;
  /** What a build says. */
  buildFindings?(spec: IndexSpec): readonly Finding[];
  /** What every point says. */
  readonly findings?: readonly Finding[];
}

const STARTED = '2026-01-01T00:00:00.000Z';

/** Half the width of every interval that the synthetic server reports. */
export const MARGIN = 0.005;

/** Replies to a search from formulas, and keeps count of what it was asked. */
export function syntheticBench(server: SyntheticServer) {
  const builds = new Map<string, BuildRecord>();
  const asked: Ask[] = [];
  const reply = (ask: Ask): Reply => {
    asked.push(ask);
    switch (ask.kind) {
      case 'release':
        return [];
      case 'build':
        return ask.requests.map(build);
      case 'point':
        return ask.requests.map(point);
      case 'writes':
        return ask.requests.map(writes);
      case 'fusions':
        return ask.requests.map(fusions);
      case 'throughput':
        return ask.requests.map(load);
      case 'planner-map':
        return ask.requests.map(plannerMap);
    }
  };

  function build(request: BuildRequest): BuildRecord {
    const reason = server.buildFails?.(request.spec) ?? null;
    const isIndex = request.spec.method !== 'none';
    const index = {
      name: 'ix',
      definition: '',
      opclass: '',
      reloptions: {},
      valid: true,
      bytes: server.indexBytes?.(request.spec) ?? 1000,
    };
    const record: BuildRecord = {
      type: 'build',
      key: keyOf('build', request),
      request,
      attempt: 1,
      startedAt: STARTED,
      status: reason === null ? 'ok' : 'failed',
      reason,
      index: reason !== null || !isIndex ? null : index,
      seconds: isIndex ? (server.buildSeconds?.(request.spec) ?? 1) : 0,
      settings: {},
      notices: [],
      findings: isIndex ? [...(server.buildFindings?.(request.spec) ?? [])] : [],
    };
    builds.set(record.key, record);
    return record;
  }

  function writes(request: WritesRequest): WritesRecord {
    const cost = { walBytes: 1000, ms: 0.1 };
    const key = keyOf('writes', request);
    return { type: 'writes', key, request, startedAt: STARTED, rows: 200, rounds: 3, with: cost, without: cost };
  }

  function plannerMap(request: PlannerMapRequest): PlannerMapRecord {
    const table = { rows: 1000, heapPages: 100, indexPages: 200 };
    const key = keyOf('planner-map', request);
    return { type: 'planner-map', key, request, startedAt: STARTED, table, axes: [] };
  }

  function fusions(request: FusionsRequest): FusionsRecord {
    const answers = request.fusions.map(({ strategy, settings }) => fusionOf(strategy, settings));
    return {
      type: 'fusions',
      key: keyOf('fusions', request),
      request,
      startedAt: STARTED,
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
    };
  }

  function fusionOf(strategy: string, settings: SearchSettings): SyntheticFusion {
    if (!server.fusion) throw new TypeError('There are no texts here.');
    return server.fusion(strategy, settings);
  }

  function load(request: ThroughputRequest): ThroughputRecord {
    const { spec, repeat } = builds.get(request.build)!.request;
    const knob = Number(Object.values(request.settings)[0] ?? 0);
    const point = { ...request, purpose: 'confirm' as const };
    const { medianMs } = server.figures(spec, knob, point, repeat);
    return syntheticLoad(request, server.service?.(spec) ?? { serviceMs: exponential(medianMs) });
  }

  function point(request: PointRequest): PointRecord {
    const { spec, repeat } = builds.get(request.build)!.request;
    const {
      recall,
      medianMs,
      buffers = 100,
      voidBecause,
      planInstead,
    } = server.figures(spec, Number(Object.values(request.settings)[0] ?? 0), request, repeat);
    const record = {
      type: 'point' as const,
      key: keyOf('point', request),
      request,
      startedAt: STARTED,
      findings: [...(server.findings ?? [])],
    };
    if (voidBecause !== undefined) {
      const plan = planInstead === undefined ? {} : { planInstead };
      return { ...record, status: 'void', reason: voidBecause, ...plan, measured: null };
    }
    const { workload, settings, queries } = request;
    const figures = measured(recall, medianMs, buffers, queries);
    if (workload.kind !== 'hybrid') return { ...record, status: 'ok', reason: null, measured: figures };
    const judged = judgedOf(fusionOf(workload.strategy, settings), queries);
    const ranking = { rbo: { value: recall, low: null, high: null }, judged, plans: [] };
    return { ...record, status: 'ok', reason: null, measured: { ...figures, ranking } };
  }

  return { reply, asked, count: (kind: Ask['kind']) => asked.filter((ask) => ask.kind === kind).length };
}

function judgedOf({ ndcg }: SyntheticFusion, queries: number): Judged | null {
  if (ndcg === null) return null;
  const values = Array.from({ length: queries }, (_, query) => ndcg(query));
  const mean = { value: values.reduce((sum, value) => sum + value, 0) / queries, low: null, high: null };
  return { queries, ndcg: mean, reciprocalRank: mean, recall: mean, samples: encodeFloat32(values) };
}

function measured(recall: number, medianMs: number, buffers: number, queries: number): Measured {
  const around = (value: number, share: number) => ({ value, low: value * (1 - share), high: value * (1 + share) });
  return {
    settingsReadBack: {},
    plan: { node: 'Index Scan', index: 'ix', rowsRemovedByFilter: 0, startupCost: 0, totalCost: 1, checks: 3 },
    recall: {
      mean: { value: recall, low: Math.max(0, recall - MARGIN), high: Math.min(1, recall + MARGIN) },
      strictMean: recall,
      min: 0,
      p1: 0.5,
      p5: 0.8,
      shareBelowHalf: 0,
      queries,
      excluded: 0,
    },
    completeness: { mean: 1, shortQueries: 0 },
    latencyMs: {
      n: 1000,
      mean: medianMs,
      quantiles: [
        { p: 0.5, estimate: around(medianMs, 0.02), needs: 6 },
        { p: 0.95, estimate: around(medianMs * 2, 0.05), needs: 72 },
      ],
    },
    clientFloorMs: 0.03,
    buffers: { mean: around(buffers, 0.01), meanRead: 0, queries: 50 },
    cache: 'warm',
    samples: {
      blockQueries: 50,
      latencyMs: '',
      hits: encodeUint16(hitsOf(recall, queries)),
      strictHits: '',
      expected: encodeUint16(Array.from({ length: queries }, () => 10)),
      returned: '',
    },
  };
}

/** Hits of ten in every query, as even as whole numbers can be. */
const hitsOf = (recall: number, queries: number): readonly number[] =>
  Array.from({ length: queries }, (_, q) => Math.floor((q + 1) * 10 * recall) - Math.floor(q * 10 * recall));

/** Runs a search against a synthetic server to its end. */
export function answer<Answer>(search: Generator<Ask, Answer, Reply>, reply: (ask: Ask) => Reply): Answer {
  let step = search.next();
  while (!step.done) step = search.next(reply(step.value));
  return step.value;
}

/** Everything of a kind that was asked, in order. */
export const requestsOf = <K extends KindName>(asked: readonly Ask[], kind: K): readonly RequestOf<K>[] =>
  asked.flatMap((ask) => (ask.kind === kind ? (ask.requests as readonly RequestOf<K>[]) : []));
