import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { agreementOf, type Answer, ascending, distanceOf } from './arithmetic.js';
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
import { compareHybrid, compareNearest, figuresOf, fusionOf, STRATEGIES, TIE } from './compare.js';
import { compareWithoutServer, flawsArbitrary, KINDS } from './without-server.js';
import { JOIN, LISTS, settingsOf, sourceOf, TEXT, type World, worldArbitrary } from './world.js';

/*
 * The program against a second implementation of what it measures, on random small tables: by plain arithmetic what should
 * have come and every figure made of it, and by plain SQL what an index gives.
 */

/** Tables on a server, and points on all of them together. */
const WORLDS = 20;
const CASES = 500;
/** Tables without a server, each with its own rows, queries, filters and fusion. */
const WORLDS_ALONE = 500;

/** Points that were compared, by the kind of recall. */
const compared = { plain: 0, filtered: 0, joined: 0, hybrid: 0, live: 0 };

describe('the oracle', () => {
  it('agrees about plain, filtered, joined and hybrid recall of any answer', { timeout: 900_000 }, async () => {
    const seen = { plain: 0, filtered: 0, joined: 0, hybrid: 0 };
    await fc.assert(
      fc.asyncProperty(worldArbitrary, fc.constantFrom(...KINDS), flawsArbitrary, async (world, kind, flaws) => {
        await compareWithoutServer(world, kind, flaws);
        seen[kind]++;
      }),
      { numRuns: WORLDS_ALONE, endOnFailure: true },
    );
    const worlds = Object.values(seen).reduce((sum, some) => sum + some, 0);
    expect(worlds, JSON.stringify(seen)).toBe(WORLDS_ALONE);
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(WORLDS_ALONE / 8);
  });
});

describe('the oracle on a server', () => {
  let server: Server;
  beforeAll(async () => {
    server = await open((await hasLocal()) ? 'local' : 'embedded');
  });
  afterAll(() => server.stop());

  it('agrees about plain, filtered, joined, hybrid and live recall of an index', { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worldArbitrary, async (world) => {
        const { tenant, joined } = world.filters;
        const bench = await runningBench(server, {
          rows: world.rows.length,
          dimensions: world.rows[0]!.vector.length,
          queries: world.queries.length,
          k: world.k,
          metric: world.metric,
          tamper: () => sourceOf(world),
          filters: [
            { filter: tenant.filter, join: null },
            { filter: joined.filter, join: JOIN },
          ],
          hybrid: { text: TEXT, judged: (query) => world.queries[query]!.grades },
        });
        try {
          await compareWorld(world, bench);
        } finally {
          await bench.stop();
        }
      }),
      { numRuns: WORLDS, endOnFailure: true },
    );
    const all = Object.values(compared).reduce((sum, cases) => sum + cases, 0);
    expect(all, JSON.stringify(compared)).toBeGreaterThanOrEqual(CASES);
    for (const [kind, cases] of Object.entries(compared)) expect(cases, kind).toBeGreaterThanOrEqual(WORLDS);
  });
});

/** What is asked of the program, how the planner is driven to it, and what the oracle has to say. */
interface Case {
  readonly kind: keyof typeof compared;
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
      if (measured) compared[alike[i]!.kind]++;
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
    text: await build({ spec: exactScan, text: TEXT }),
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
    kind: 'plain',
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
      compareNearest(world, figuresOf(measured), { got, isThere: () => true });
    },
  }));
}

/** Among the rows of a filter, beside the vectors or behind a join. */
async function filteredCases(world: World, { session }: RunningBench, builds: Builds): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const [name, { filter, where }] of Object.entries(world.filters)) {
    const isJoined = name === 'joined';
    const from = isJoined ? 'items i JOIN documents d ON d.id = i.document' : 'items i';
    const there = await matchingIds(session, from, where);
    const add = (strategy: string, build: BuildRecord, scan?: 'off' | 'relaxed_order'): void => {
      const isByIndex = scan !== undefined;
      const mode = { [`${world.method}.iterative_scan`]: scan ?? 'off' };
      cases.push({
        kind: isJoined ? 'joined' : 'filtered',
        request: {
          ...BASE,
          build: build.key,
          workload: { kind: 'filtered', k: world.k, filter, join: isJoined ? JOIN : null, strategy },
          settings: isByIndex ? { [knobOf(world)]: world.knob, iterative_scan: scan } : {},
          queries: world.queries.length,
        },
        isByIndex,
        async compare(measured) {
          const got = await inSight(session, sightOf(world, builds, isByIndex, mode), () =>
            inTurn(world.queries, (query) => nearestIds(session, world, query, { from, where })),
          );
          compareNearest(world, figuresOf(measured), { got, isThere: (id) => there.has(id) });
        },
      });
    };
    add('exact-scan', builds.none);
    if (!isJoined) add('pre-filter', builds.tenant);
    add('post-filter', builds.vector, 'off');
    add('iterative-relaxed', builds.vector, 'relaxed_order');
  }
  return cases;
}

function hybridCases(world: World, { session }: RunningBench, builds: Builds): readonly Case[] {
  const { k, queries, fusion } = world;
  return STRATEGIES.map((strategy): Case => {
    const isMixed = strategy === 'mixed-order';
    const usesVector = !isMixed && !['text-only', 'match-then-sort'].includes(strategy);
    return {
      kind: 'hybrid',
      request: {
        ...BASE,
        build: (usesVector ? builds.vector : builds.text).key,
        ...(usesVector ? { beside: [builds.text.key] } : {}),
        workload: { kind: 'hybrid', k, text: TEXT, strategy },
        settings: { ...settingsOf(world, strategy), ...(usesVector ? { [knobOf(world)]: world.knob } : {}) },
        queries: queries.length,
      },
      isByIndex: !isMixed,
      async compare(measured) {
        const isAlone = strategy === 'vector-only';
        const legs = await inSight(session, sightOf(world, builds, true), () =>
          inTurn(queries, (query) => vectorLeg(session, world, query, isAlone ? k : fusion.depth)),
        );
        const texts = await inTurn(queries, (query) => textMatches(session, query, fusion.match));
        // One leg alone comes as its index gives it; everything else is sorted at the end.
        const got = legs.map((leg, query) => {
          const rows = isAlone ? leg : fusionOf(world, strategy, { query, texts: texts[query]! }).fuse(leg);
          return rows.slice(0, k).map(({ id }) => id);
        });
        compareHybrid(world, { ...figuresOf(measured), ranking: measured.ranking }, { strategy, texts, got });
      },
    };
  });
}

async function inTurn<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const one of all) results.push(await work(one));
  return results;
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
  compared.live++;
}
