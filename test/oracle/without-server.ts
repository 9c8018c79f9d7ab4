import fc from 'fast-check';
import { summariseRecall } from '../../src/analysis/index.js';
import type { Dataset } from '../../src/datasets/index.js';
import { exactTruth } from '../../src/exact/index.js';
import { type FilterGround, prepareFilter } from '../../src/experiment/filtered/prepare.js';
import { filteredTask } from '../../src/experiment/filtered/task.js';
import { createHybridLegs } from '../../src/experiment/hybrid/legs.js';
import type { PreparedHybrid } from '../../src/experiment/hybrid/prepare.js';
import { hybridTask } from '../../src/experiment/hybrid/task.js';
import { plainTask } from '../../src/experiment/points/plain-task.js';
import type { Task } from '../../src/experiment/points/task.js';
import type { Join } from '../../src/filter.js';
import type { ArmSamples } from '../../src/measure/index.js';
import type { Session, Workspace } from '../../src/postgres/index.js';
import { silentReporter } from '../../src/progress.js';
import { querySet } from '../../src/query-set.js';
import type { BuildRecord, Measured, PointRequest } from '../../src/results/index.js';
import { SINGLE_TABLE } from '../../src/vocabulary.js';
import { matrix, memoryDataset } from '../exact/memory-dataset.js';
import { fakeSession } from '../support/fake-session.js';
import { buildRecord } from '../support/records.js';
import { exactScan, hnsw } from '../support/running-bench.js';
import type { Placed } from './arithmetic.js';
import { compareHybrid, compareNearest, type Figures, fusionOf, nearestOf, STRATEGIES } from './compare.js';
import { attributesOf, JOIN, settingsOf, TEXT, type World, type WorldFilter, type WorldRow } from './world.js';

/*
 * A world without a server: somebody else's rows come instead of those of an index, some of them right, some of them missing,
 * wrong or twice. What the program says of them is compared with plain arithmetic.
 */

/** How the answer to a query goes wrong: ranks that are left out, and rows (by any number) that come beside. */
interface Flaws {
  readonly lost: readonly boolean[];
  readonly beside: readonly number[];
}

export const flawsArbitrary: fc.Arbitrary<readonly Flaws[]> = fc.array(
  fc.record({
    lost: fc.array(fc.boolean(), { maxLength: 9 }),
    beside: fc.array(fc.nat({ max: 45 }), { maxLength: 3 }),
  }),
  { minLength: 5, maxLength: 5 },
);

const CONTEXT = { workspace: { quote: (name: string) => name } as Workspace, pgvector: '0.8.0', layout: SINGLE_TABLE };
const NONE: BuildRecord = buildRecord({ request: { spec: exactScan }, index: null });
const REQUEST = { build: NONE.key, settings: {}, purpose: 'search' } as const;

/** Kinds of recall that take no server. */
export const KINDS = ['plain', 'filtered', 'joined', 'hybrid'] as const;
type Kind = (typeof KINDS)[number];

export async function compareWithoutServer(world: World, kind: Kind, flaws: readonly Flaws[]): Promise<void> {
  const { k, rows, queries } = world;
  const dataset = datasetOf(world);
  const flawed = (best: readonly Placed[], query: number): readonly number[] => [
    ...best.slice(0, k).flatMap(({ id }, rank) => (flaws[query]!.lost[rank] ? [] : [id])),
    ...flaws[query]!.beside.map((number) => number % rows.length),
  ];
  if (kind === 'hybrid') return compareFusions(world, dataset, flawed);
  const { join, holds } =
    kind === 'plain'
      ? { join: null, holds: () => true }
      : { join: kind === 'joined' ? JOIN : null, ...filterOf(world, kind) };
  const isThere = (id: number): boolean => holds(rows[id]!);
  const task =
    kind === 'plain'
      ? await plainTaskOf(world, dataset)
      : await filteredTaskOf(world, dataset, { ...filterOf(world, kind), join });
  const got = queries.map(({ vector }, query) => flawed(nearestOf(world, vector, isThere), query));
  compareNearest(world, judged(task, got), { got, isThere });
}

const filterOf = ({ filters }: World, kind: 'filtered' | 'joined'): WorldFilter =>
  kind === 'joined' ? filters.joined : filters.tenant;

const COLUMNS = [
  { name: 'tenant', type: 'number' },
  { name: 'document', type: 'number' },
  { name: 'kind', type: 'text' },
] as const;

function datasetOf({ rows, queries }: World): Dataset {
  const toMatrix = (of: readonly { readonly vector: readonly number[] }[]) =>
    matrix(
      of.length,
      rows[0]!.vector.length,
      of.flatMap(({ vector }) => [...vector]),
    );
  // No folder: every answer is computed.
  return { ...memoryDataset(toMatrix(rows), toMatrix(queries)), cacheFolder: import.meta.filename };
}

async function plainTaskOf({ metric, k, queries }: World, dataset: Dataset): Promise<Task> {
  const request: PointRequest = { ...REQUEST, workload: { kind: 'plain', k }, queries: queries.length };
  return plainTask(
    { ...CONTEXT, dataset, metric, queries: querySet(dataset.queries) },
    { request, build: NONE, table: { name: 'items', truth: await exactTruth(dataset, { metric, k }) } },
  );
}

async function filteredTaskOf(
  world: World,
  dataset: Dataset,
  { filter, join }: Pick<WorldFilter, 'filter'> & { readonly join: Join | null },
): Promise<Task> {
  const { metric, k, rows, queries } = world;
  const ids = queries.flatMap(({ vector }) => nearestOf(world, vector, () => true).map(({ id }) => id));
  const ground: FilterGround = {
    data: {
      columns: COLUMNS,
      rowCount: rows.length,
      async *rows() {
        for (const row of rows) yield { attributes: attributesOf(row) };
      },
      async *queryRows() {},
    },
    near: { k: rows.length, rows: Int32Array.from(ids) },
  };
  const { signal } = new AbortController();
  const context = { dataset, metric, k, queries: querySet(dataset.queries), seed: 1, signal };
  const prepared = await prepareFilter(context, ground, { filter, join });
  const workload = { kind: 'filtered', k, filter, join, strategy: 'exact-scan' } as const;
  return filteredTask({ ...CONTEXT, dataset }, prepared, { request: { workload, settings: {} }, builds: [NONE] });
}

async function compareFusions(
  world: World,
  dataset: Dataset,
  flawed: (best: readonly Placed[], query: number) => readonly number[],
): Promise<void> {
  const { metric, k, rows, queries } = world;
  const prepared: PreparedHybrid = {
    workload: 0,
    question: {
      k,
      metric,
      queries: querySet(dataset.queries),
      texts: queries.map(({ text }) => text),
      text: TEXT,
      filter: null,
    },
    near: await exactTruth(dataset, { metric, k: rows.length }),
    matches: () => true,
    judgements: queries.map(({ grades }) => grades),
    rerankScores: null,
    remarks: [],
  };
  const texts = queries.map(({ text }) => matchesOf(rows, text));
  const { workspace } = CONTEXT;
  const legsOf = createHybridLegs({ session: sessionOf(rows), workspace, dataset, reporter: silentReporter });
  for (const strategy of STRATEGIES) {
    const settings = settingsOf(world, strategy);
    const workload = { kind: 'hybrid', k, text: TEXT, strategy } as const;
    const task = hybridTask(CONTEXT, prepared, {
      request: { workload, settings, queries: queries.length },
      builds: [buildRecord({ request: { spec: hnsw() } }), buildRecord({ request: { spec: exactScan, text: TEXT } })],
      legs: await legsOf(prepared, { settings, textIndex: null }),
    });
    const got = queries.map((_, query) => {
      const { fuse, all } = fusionOf(world, strategy, { query, texts: texts[query]! });
      return [...new Set(flawed(fuse(all), query))];
    });
    const { ranking } = task.extraFigures({ returned: got, explained: [] } as unknown as ArmSamples) as Measured;
    compareHybrid(world, { ...judged(task, got), ranking }, { strategy, texts, got });
  }
}

/** As a record has it, of answers that somebody gave. */
function judged(task: Task, got: readonly (readonly number[])[]): Figures {
  const judgements = got.map((rows, query) => task.judge(query, rows));
  const answers = {
    hits: judgements.map(({ hits }) => hits),
    strictHits: judgements.map(({ strictHits }) => strictHits),
    returned: judgements.map(({ returned }) => returned),
    expected: [...task.expected],
    distanceRatios: judgements.map(({ distanceRatio }) => distanceRatio),
  };
  return { ...answers, ...summariseRecall(answers) };
}

/** Rows with any of the words; more of them in fewer are better. */
function matchesOf(rows: readonly WorldRow[], text: string): readonly Placed[] {
  const wanted = new Set(text.split(' '));
  return rows.flatMap(({ text: own }, id) => {
    const words = own.split(' ');
    const found = words.filter((word) => wanted.has(word)).length;
    return found === 0 ? [] : [{ id, value: found / (words.length + 1) }];
  });
}

/** A server that knows nothing but which texts match. */
function sessionOf(rows: readonly WorldRow[]): Session {
  return {
    ...fakeSession({ indexes: new Set() }),
    execute: async (_statement, [text]) => matchesOf(rows, String(text)).map(({ id, value }) => [String(id), value]),
  };
}
