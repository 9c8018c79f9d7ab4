import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter, Join } from '../../src/filter.js';
import { measureLiveRecall } from '../../src/live/index.js';
import { monotonicClock } from '../../src/measure/index.js';
import type { Server } from '../../src/postgres/index.js';
import { silentReporter } from '../../src/progress.js';
import {
  type BuildRecord,
  type BuildRequest,
  keyOf,
  type Measured,
  type PointRecord,
  type PointRequest,
} from '../../src/results/index.js';
import { exactScan, hnsw, ivfflat, type RunningBench, runningBench } from '../support/running-bench.js';
import { hasLocal, open } from '../support/servers.js';
import {
  agreementOf,
  type Answer,
  ascending,
  descending,
  distanceOf,
  farOf,
  gainOf,
  mean,
  overlapByRank,
  type Placed,
} from './arithmetic.js';
import {
  BY_INDEX,
  BY_TABLE,
  classOf,
  inSight,
  matchingIds,
  nearestIds,
  type Sight,
  textMatches,
  vectorLeg,
} from './asked-in-sql.js';
import { kindOf, LISTS, sourceOf, type World, worldArbitrary } from './world.js';

/*
 * The program against a second implementation of what it measures: plain SQL and plain arithmetic, on random small tables.
 * Both ask the same index; what came, what should have come, and every figure made of it have to agree.
 */

const WORLDS = 20;
const CASES = 500;
/** Single-precision sums of the server, and the order of summation. */
const CLOSE = 1e-5;
const TIE = 1e-6;

const tenant: Filter = { column: 'tenant', op: '=', value: 1 };
const kind: Filter = { column: 'kind', op: '=', value: kindOf(0) };
const join: Join = { table: 'documents', key: 'document', columns: ['kind'] };
const text = { method: 'tsvector', language: 'simple' } as const;

const FILTERS = {
  tenant: { filter: tenant, join: null, from: 'items i', where: 'i.tenant = 1' },
  joined: {
    filter: kind,
    join,
    from: 'items i JOIN documents d ON d.id = i.document',
    where: `d.kind = '${kindOf(0)}'`,
  },
} as const;

let compared = 0;

describe('the oracle', () => {
  let server: Server;
  beforeAll(async () => {
    server = await open((await hasLocal()) ? 'local' : 'embedded');
  });
  afterAll(() => server.stop());

  it('agrees about plain, filtered, joined, hybrid and live recall', { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worldArbitrary, async (world) => {
        const bench = await runningBench(server, {
          rows: world.rows.length,
          dimensions: world.rows[0]!.vector.length,
          queries: world.queries.length,
          k: world.k,
          metric: world.metric,
          tamper: () => sourceOf(world),
          filters: Object.values(FILTERS).map(({ filter, join: joined }) => ({ filter, join: joined })),
          hybrid: { text, judged: (query) => world.queries[query]!.grades },
        });
        try {
          await compareWorld(world, bench);
        } finally {
          await bench.stop();
        }
      }),
      { numRuns: WORLDS, endOnFailure: true },
    );
    expect(compared).toBeGreaterThanOrEqual(CASES);
  });
});

/** What is asked of the program, how the planner is driven to it, and what the oracle has to say. */
interface Case {
  readonly request: PointRequest;
  readonly isByIndex: boolean;
  readonly compare: (measured: Measured) => Promise<void>;
}

async function compareWorld(world: World, bench: RunningBench): Promise<void> {
  const builds = await buildAll(world, bench);
  const casesAt = async (knob: number): Promise<readonly Case[]> => {
    const there = { ...world, knob };
    return [
      ...plainCases(there, bench, builds),
      ...(await filteredCases(there, bench, builds)),
      ...hybridCases(there, bench, builds),
    ];
  };
  // Little of the index, and more of it; the table is the same at both.
  const cases = await casesAt(world.knob);
  const more = await casesAt(world.knob + 1);
  for (const isByIndex of [true, false]) {
    const asked = [...cases, ...(isByIndex ? more : [])].filter((one) => one.isByIndex === isByIndex);
    // Not every way has a use for the knob.
    const alike = [...new Map(asked.map((one) => [keyOf('point', one.request), one])).values()];
    const points = await askTogether(bench, alike, isByIndex);
    for (const [i, { status, reason, measured }] of points.entries()) {
      // What another plan served is not measured: nothing can be said of it.
      if (!measured) expect([status, reason?.code]).toEqual(['void', 'other-plan']);
      else await alike[i]!.compare(measured);
      if (measured) compared++;
    }
  }
  await compareLive(world, bench);
}

type Builds = Readonly<Record<'none' | 'vector' | 'tenant' | 'text', BuildRecord>>;

async function buildAll({ method }: World, bench: RunningBench): Promise<Builds> {
  const build = async (request: Omit<BuildRequest, 'repeat'>): Promise<BuildRecord> => {
    const [record] = await bench.reply({ kind: 'build', requests: [{ ...request, repeat: 0 }] });
    expect(record).toMatchObject({ status: 'ok', reason: null });
    return record as BuildRecord;
  };
  return {
    none: await build({ spec: exactScan }),
    vector: await build({ spec: method === 'hnsw' ? hnsw(4, 8) : ivfflat(LISTS) }),
    tenant: await build({
      spec: exactScan,
      columnIndex: { method: 'btree', table: 'items', columns: ['tenant'] },
    }),
    text: await build({ spec: exactScan, text }),
  };
}

/** Measures with the planner driven to the indexes, or left alone. */
async function askTogether(
  { session, reply }: RunningBench,
  cases: readonly Case[],
  isByIndex: boolean,
): Promise<readonly PointRecord[]> {
  const names = Object.keys(BY_INDEX);
  for (const name of names) await session.query(isByIndex ? `SET ${name} = off` : `RESET ${name}`);
  const points = await reply({ kind: 'point', requests: cases.map(({ request }) => request) });
  for (const name of names) await session.query(`RESET ${name}`);
  return points as readonly PointRecord[];
}

const BASE = { purpose: 'search' as const };
const knobOf = ({ method }: World): string => (method === 'hnsw' ? 'ef_search' : 'probes');

/** The index as the program searches it, or no index at all. */
const sightOf = (world: World, { vector }: Builds, isByIndex: boolean, settings: Sight['settings'] = {}): Sight =>
  isByIndex
    ? {
        indexes: [vector.index!.name],
        settings: { ...BY_INDEX, [`${world.method}.${knobOf(world)}`]: String(world.knob), ...settings },
      }
    : { indexes: [], settings: BY_TABLE };

function plainCases(world: World, { session }: RunningBench, builds: Builds): readonly Case[] {
  return [true, false].map((isByIndex): Case => ({
    request: {
      ...BASE,
      build: (isByIndex ? builds.vector : builds.none).key,
      workload: { kind: 'plain', k: world.k },
      settings: isByIndex ? { [knobOf(world)]: world.knob } : {},
      queries: world.queries.length,
    },
    isByIndex,
    async compare(measured) {
      const got = await inSight(session, sightOf(world, builds, isByIndex), () =>
        inTurn(world.queries, (query) => nearestIds(session, world, query)),
      );
      compareNearest(world, measured, { got, isThere: () => true });
    },
  }));
}

/** Among the rows of a filter, beside the vectors or behind a join. */
async function filteredCases(world: World, { session }: RunningBench, builds: Builds): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const { filter, join: joined, from, where } of Object.values(FILTERS)) {
    const there = await matchingIds(session, from, where);
    const add = (strategy: string, build: BuildRecord, scan?: 'off' | 'relaxed_order'): void => {
      const isByIndex = scan !== undefined;
      const mode = { [`${world.method}.iterative_scan`]: scan ?? 'off' };
      cases.push({
        request: {
          ...BASE,
          build: build.key,
          workload: { kind: 'filtered', k: world.k, filter, join: joined, strategy },
          settings: isByIndex ? { [knobOf(world)]: world.knob, iterative_scan: scan } : {},
          queries: world.queries.length,
        },
        isByIndex,
        async compare(measured) {
          const got = await inSight(session, sightOf(world, builds, isByIndex, mode), () =>
            inTurn(world.queries, (query) => nearestIds(session, world, query, { from, where })),
          );
          compareNearest(world, measured, { got, isThere: (id) => there.has(id) });
        },
      });
    };
    add('exact-scan', builds.none);
    if (!joined) add('pre-filter', builds.tenant);
    add('post-filter', builds.vector, 'off');
    add('iterative-relaxed', builds.vector, 'relaxed_order');
  }
  return cases;
}

const ONE_LEG = ['vector-only', 'text-only', 'match-then-sort'];

function hybridCases(world: World, { session }: RunningBench, builds: Builds): readonly Case[] {
  const { weight, constant, depth, match } = world.fusion;
  return Object.keys(FUSIONS).map((strategy): Case => {
    const isMixed = strategy === 'mixed-order';
    const isFused = !ONE_LEG.includes(strategy);
    const usesVector = strategy === 'vector-only' || (isFused && !isMixed);
    return {
      request: {
        ...BASE,
        build: (usesVector ? builds.vector : builds.text).key,
        ...(usesVector ? { beside: [builds.text.key] } : {}),
        workload: { kind: 'hybrid', k: world.k, text, strategy },
        settings: {
          ...(strategy === 'vector-only' ? {} : { text_match: match }),
          ...(isFused ? { vector_weight: weight } : {}),
          ...(isFused && !isMixed ? { vector_depth: depth, text_depth: depth } : {}),
          ...(strategy === 'rrf' ? { rrf_k: constant } : {}),
          ...(usesVector ? { [knobOf(world)]: world.knob } : {}),
        },
        queries: world.queries.length,
      },
      isByIndex: !isMixed,
      async compare(measured) {
        const most = strategy === 'vector-only' ? world.k : depth;
        const legs = await inSight(session, sightOf(world, builds, true), () =>
          inTurn(world.queries, (query) => vectorLeg(session, world, query, most)),
        );
        const texts = await inTurn(world.queries, (query) => textMatches(session, query, match));
        compareHybrid(world, measured, { strategy, legs, texts });
      },
    };
  });
}

async function inTurn<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const one of all) results.push(await work(one));
  return results;
}

function compareNearest(
  { metric, rows, queries, k }: World,
  measured: Measured,
  { got, isThere }: { readonly got: readonly (readonly number[])[]; readonly isThere: (id: number) => boolean },
): void {
  const ratios: (number | null)[] = [];
  const answers = queries.map(({ vector }, query): Answer => {
    const far = (id: number): number => distanceOf(metric, vector, rows[id]!.vector);
    const there = rows.flatMap((_, id) => (isThere(id) ? [{ id, value: far(id) }] : []));
    const right = ascending(there).slice(0, k);
    const limit = (right.at(-1)?.value ?? -Infinity) + TIE;
    ratios.push(
      farOf(
        got[query]!.map(far),
        right.map(({ value }) => value),
        metric,
      ),
    );
    return {
      got: got[query]!,
      right: right.map(({ id }) => id),
      asGood: (id) => isThere(id) && far(id) <= limit,
    };
  });
  compareFigures(measured, answers);
  const known = ratios.filter((ratio) => ratio !== null);
  if (known.length === 0) expect(measured.recall.distanceRatio).toBeNull();
  else expect(measured.recall.distanceRatio).toBeCloseTo(mean(known), 5);
}

function compareFigures({ recall, completeness, samples }: Measured, answers: readonly Answer[]): void {
  const { hits, ...oracle } = agreementOf(answers);
  expect(decoded(samples.hits)).toEqual(hits);
  expect(decoded(samples.expected)).toEqual(answers.map(({ right }) => right.length));
  expect(decoded(samples.returned)).toEqual(answers.map(({ got }) => got.length));
  expect(recall.mean.value).toBeCloseTo(oracle.recall, 9);
  expect(recall.strictMean).toBeCloseTo(oracle.strict, 9);
  expect(recall.min).toBeCloseTo(oracle.least, 9);
  expect(recall.excluded).toBe(oracle.excluded);
  expect(completeness.mean).toBeCloseTo(oracle.completeness, 9);
  expect(completeness.shortQueries).toBe(oracle.short);
  // Whatever the interval is, it holds what it is about.
  expect(recall.mean.low).toBeLessThanOrEqual(oracle.recall + CLOSE);
  expect(recall.mean.high).toBeGreaterThanOrEqual(oracle.recall - CLOSE);
}

/** As records hold counts: 16 bits each, little-endian, in base64. */
function decoded(samples: string): readonly number[] {
  const bytes = Buffer.from(samples, 'base64');
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
}

interface OracleLegs {
  readonly world: World;
  /** Best first. */
  readonly vector: readonly Placed[];
  readonly text: readonly Placed[];
  /** Distances of all rows, negative. */
  readonly all: readonly Placed[];
}

const valueIn = (leg: readonly Placed[], id: number): number | undefined =>
  leg.find((placed) => placed.id === id)?.value;

const candidates = ({ vector, text: texts }: OracleLegs, depth: number): readonly number[] => [
  ...new Set([...vector.slice(0, depth), ...texts.slice(0, depth)].map(({ id }) => id)),
];

/** By hand, what each statement says: all its rows with their scores. */
const FUSIONS: Readonly<Record<string, (legs: OracleLegs) => readonly Placed[]>> = {
  'vector-only': ({ vector }) => vector,
  'text-only': ({ text: texts }) => texts,
  'match-then-sort': ({ all, text: texts }) => all.filter(({ id }) => valueIn(texts, id) !== undefined),
  'mixed-order': ({ all, text: texts, world: { fusion } }) =>
    all.map(({ id, value }) => ({
      id,
      value: -(fusion.weight * -value + (1 - fusion.weight) * (1 - (valueIn(texts, id) ?? 0))),
    })),
  rrf: (legs) => {
    const { weight, constant, depth } = legs.world.fusion;
    const part = (leg: readonly Placed[], id: number): number => {
      const rank = leg.slice(0, depth).findIndex((placed) => placed.id === id);
      return rank < 0 ? 0 : 1 / (constant + rank + 1);
    };
    return candidates(legs, depth).map((id) => ({
      id,
      value: weight * part(legs.vector, id) + (1 - weight) * part(legs.text, id),
    }));
  },
  'normalised-sum': (legs) => {
    const { weight, depth } = legs.world.fusion;
    const part = (leg: readonly Placed[], id: number): number => {
      const own = leg.slice(0, depth);
      const values = own.map(({ value }) => value);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const value = valueIn(own, id);
      return value === undefined ? 0 : most === least ? 1 : (value - least) / (most - least);
    };
    return candidates(legs, depth).map((id) => ({
      id,
      value: weight * part(legs.vector, id) + (1 - weight) * part(legs.text, id),
    }));
  },
  'weighted-sum': (legs) => {
    const { weight, depth } = legs.world.fusion;
    return candidates(legs, depth).map((id) => ({
      id,
      value: -(weight * -valueIn(legs.all, id)! + (1 - weight) * (1 - (valueIn(legs.text, id) ?? 0))),
    }));
  },
};

function compareHybrid(
  world: World,
  measured: Measured,
  {
    strategy,
    legs,
    texts,
  }: {
    readonly strategy: string;
    readonly legs: readonly (readonly Placed[])[];
    readonly texts: readonly (readonly Placed[])[];
  },
): void {
  const { metric, rows, queries, k } = world;
  const gains: number[] = [];
  const overlaps: number[] = [];
  const answers = queries.map(({ vector, grades }, query): Answer => {
    const all = descending(rows.map((row, id) => ({ id, value: -distanceOf(metric, vector, row.vector) })));
    const matches = descending(texts[query]!);
    const fused = (leg: readonly Placed[]): readonly Placed[] =>
      descending(FUSIONS[strategy]!({ world, vector: leg, text: matches, all }));
    const should = fused(all);
    const best = should.slice(0, k);
    // One leg alone comes as its index gives it; everything else is sorted at the end.
    const came = strategy === 'vector-only' ? legs[query]! : fused(descending(legs[query]!));
    const got = came.slice(0, k).map(({ id }) => id);
    const last = best.at(-1)?.value ?? Infinity;
    const gain = gainOf(got, grades, k);
    if (gain !== null) gains.push(gain);
    const right = best.map(({ id }) => id);
    overlaps.push(overlapByRank(got, right));
    return {
      got,
      right,
      asGood: (id) => (should.find((row) => row.id === id)?.value ?? -Infinity) >= last - TIE * Math.abs(last),
    };
  });
  compareFigures(measured, answers);
  expect(measured.ranking!.rbo.value).toBeCloseTo(mean(overlaps), 6);
  if (gains.length === 0) expect(measured.ranking!.judged).toBeNull();
  else expect(measured.ranking!.judged!.ndcg.value).toBeCloseTo(mean(gains), 6);
}

/** The index of a table in use: each of its rows looks for the others. */
async function compareLive(world: World, { session }: RunningBench): Promise<void> {
  const { metric, rows, k, method, knob } = world;
  await session.query('CREATE TABLE live (id int PRIMARY KEY, embedding vector)');
  await session.query(`ALTER TABLE live ALTER embedding TYPE vector(${rows[0]!.vector.length})`);
  await session.query('INSERT INTO live SELECT id, embedding FROM items');
  await session.query('INSERT INTO live VALUES (-1, NULL)');
  const parameters = method === 'hnsw' ? 'm = 4, ef_construction = 8' : `lists = ${LISTS}`;
  await session.query(
    `CREATE INDEX live_index ON live USING ${method} (embedding ${classOf(metric)}) WITH (${parameters})`,
  );
  await session.query('ANALYZE live');
  const settings = { ...BY_INDEX, [method === 'hnsw' ? 'hnsw.ef_search' : 'ivfflat.probes']: String(knob) };
  const { measured } = await measureLiveRecall({
    session,
    table: 'live',
    k,
    queries: rows.length,
    settings,
    deadlineMs: 60_000,
    seed: 1,
    clock: monotonicClock,
    reporter: silentReporter,
  });
  const got = await inSight(session, { indexes: [], settings }, () =>
    inTurn(rows, ({ vector }) => nearestIds(session, { metric, k: k + 1 }, { vector }, { from: 'live i' })),
  );
  const answers = rows.map(({ vector }, id): Answer => {
    const others = rows.flatMap((row, other) =>
      other === id ? [] : [{ id: other, value: distanceOf(metric, vector, row.vector) }],
    );
    const right = ascending(others).slice(0, k);
    const limit = right.at(-1)!.value + TIE;
    return {
      got: got[id]!.filter((other) => other !== id).slice(0, k),
      right: right.map((row) => row.id),
      asGood: (other) => others.some((row) => row.id === other && row.value <= limit),
    };
  });
  const oracle = agreementOf(answers);
  expect(measured!.recall.queries).toBe(rows.length);
  expect(measured!.recall.mean.value).toBeCloseTo(oracle.recall, 9);
  expect(measured!.recall.min).toBeCloseTo(oracle.least, 9);
  expect(measured!.completeness.mean).toBeCloseTo(oracle.completeness, 9);
  expect(measured!.completeness.shortQueries).toBe(oracle.short);
  compared++;
}
