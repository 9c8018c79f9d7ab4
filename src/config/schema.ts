import { z } from 'zod';
import {
  type BuildParameter,
  type IndexKind,
  indexKinds,
  listOf,
  listText,
  type NumberKnob,
} from '../indexes/index.js';
import { parseBudget, parseBytes, parseMs, parseObjective, parseRows } from '../units.js';
import {
  cacheStateSchema,
  type Layout,
  metricSchema,
  MOST_PARTITIONS,
  MOST_SHARDS,
  representationSchema,
  SINGLE_TABLE,
  targetSchema,
} from '../vocabulary.js';
import { generateSchema } from './generate.js';
import { type LiveTableConfig, liveTableSchema } from './live-table.js';
import { quantity } from './quantity.js';
import { workloadsSchema } from './workloads.js';

/*
 * pgvtune.yaml. Every key is optional; the schema is the type, the validator, the defaults and the documentation
 * (`pgvtune init` writes it out as a commented file).
 */

/** On half of these rows graphs are still deep enough to be compared. */
const LEAST_ROWS_BUDGET = 2000;

const duration = quantity(parseMs);
const budget = quantity(parseBudget);
const size = quantity(parseBytes);
const objective = quantity(parseObjective);

/** One value or a list of them; a list of one when a single value was given. */
const integers = (min: number, max: number) => {
  const one = z.number().int().min(min).max(max);
  return z.union([one.transform((value) => [value]), z.array(one).min(1)]);
};

/** One value or several, as {@link IndexSpec} has it. */
const valuesOf = (one: z.ZodType<number | string>) => z.union([one.transform((value) => [value]), z.array(one).min(1)]);

const number = ({ integer, min, max }: { readonly integer: boolean; readonly min: number; readonly max: number }) =>
  (integer ? z.number().int() : z.number()).min(min).max(max);

/** The values of a build parameter; one that is a list is written as one, or as a list of lists. */
function parameterSchema(parameter: BuildParameter) {
  const { default: usual, meaning } = parameter;
  switch (parameter.kind) {
    case 'number':
      return valuesOf(number(parameter)).prefault([usual]).describe(meaning);
    case 'choice':
      // YAML takes true and false for no words.
      return valuesOf(z.union([z.enum(parameter.values), z.boolean().transform(String).pipe(z.enum(parameter.values))]))
        .prefault([usual])
        .describe(meaning);
    case 'list': {
      const list = z.array(number(parameter)).max(parameter.mostMembers);
      const text = list.transform((members) => listText(members, parameter));
      return z
        .union([text.transform((value) => [value]), z.array(text).min(1)])
        .prefault([[...(listOf(parameter.default) ?? [])]])
        .describe(meaning);
    }
  }
}

const SEARCHED = '`bench` measures each; `tune` chooses among them, or freely when absent.';

/** The values of a setting that recall is bought with. */
function knobSchema(knob: NumberKnob) {
  const one = knob.perMember === undefined ? number(knob) : z.union([number(knob), z.string().regex(/^\d+(, ?\d+)*$/)]);
  return valuesOf(one)
    .optional()
    .describe(knob.meaning === undefined ? SEARCHED : `${knob.meaning} ${SEARCHED}`);
}

/** What an entry of `indexes` may say of one kind: its build parameters, and what its recall is bought with. */
const kindSchema = ({ parameters, knobs }: IndexKind) =>
  z.strictObject(
    Object.fromEntries<z.ZodType<(number | string)[] | undefined>>([
      ...parameters.map((parameter) => [parameter.name, parameterSchema(parameter)] as const),
      ...knobs.flatMap((knob) =>
        knob.kind === 'number' && knob.monotone ? [[knob.name, knobSchema(knob)] as const] : [],
      ),
    ]),
  );

const kinds = indexKinds.filter(({ accessMethod }) => accessMethod !== null);

const indexFamilySchema = z
  .strictObject(Object.fromEntries(kinds.map((kind) => [kind.name, kindSchema(kind).optional()])))
  .refine((family) => Object.values(family).filter(Boolean).length === 1, {
    message: `Expected one kind of index an entry: ${kinds.map(({ name }) => name).join(', ')}.`,
  });
export type IndexFamily = z.infer<typeof indexFamilySchema>;

const storedSchema = z.union([
  representationSchema.exclude(['subvector']),
  z.strictObject({ subvector: integers(1, 16_000).describe('How many of the first dimensions; one or several.') }),
]);

/** Servers that are started for a run, and removed at its end. */
const STARTED = ['auto', 'local', 'container', 'embedded'];

/** What only a file of vectors is put together with. */
const FILES_BESIDE = ['queries', 'records', 'query_records'] as const;

export const configSchema = z
  .strictObject({
    server: z
      .string()
      .default('auto')
      .describe(
        '`auto`, `embedded`, `local`, `container`, `env` (DATABASE_URL or PG*) or postgres://user@host/database.',
      ),
    keep_server: z
      .boolean()
      .default(false)
      .describe(
        'Keep the private cluster of a run that is interrupted, so that `--resume` finds its table and indexes. A `local` server only; `pgvtune clean --server local` removes what is not resumed.',
      ),
    dataset: z
      .union([z.string(), z.strictObject({ generate: generateSchema }), liveTableSchema])
      .prefault({ generate: {} })
      .describe(
        'A name in datasets/, a file (HDF5, JSONL, Parquet …), `table:` with a table in use, such as {table: app.items, server: env}, or `generate:` with the settings of the generator.',
      ),
    queries: z.string().optional().describe('A file with query vectors, when the dataset has none of its own.'),
    records: z
      .string()
      .optional()
      .describe('A file of records (JSONL, CSV, Parquet) with ids, text and attributes: record i belongs to vector i.'),
    query_records: z.string().optional().describe('The same for the queries.'),
    layout: z
      .enum(['single', 'partitioned', 'sharded'])
      .default('single')
      .describe(
        'What the table is: `single`, or `partitioned` by the hash of the id, with an index on each partition, or `sharded` among the servers of `shards`. For plain queries of `bench`, and but for shards of `tune`.',
      ),
    partitions: z
      .number()
      .int()
      .min(2)
      .max(MOST_PARTITIONS)
      .optional()
      .describe('How many partitions `layout: partitioned` has. A query searches each of them.'),
    shards: z
      .array(z.string().min(1))
      .min(1)
      .max(MOST_SHARDS)
      .optional()
      .describe('Servers of `layout: sharded`, each as `server` takes one: URLs, `env`, or `local`.'),
    metric: metricSchema.optional().describe('Default: what the dataset says, else cosine.'),
    k: z.number().int().min(1).max(1000).default(10).describe('Neighbours that a query asks for.'),
    target: z
      .strictObject({
        recall: z.number().gt(0).max(1).default(0.95).describe('Mean recall that must be reached with confidence.'),
        confidence: z
          .number()
          .gt(0.5)
          .lt(1)
          .default(0.95)
          .describe('One-sided confidence with which the queries must show that the recall is reached.'),
        p95: duration.optional().describe('Bound on the 95th percentile of latency.'),
        index_size: size.optional().describe('Bound on the size of the index.'),
        build_memory: size.optional().describe('Bound on maintenance_work_mem.'),
        build_time: duration.optional().describe('Bound on the time of the build.'),
        queries_per_day: z
          .number()
          .int()
          .positive()
          .optional()
          .describe(
            'Plain queries that the table is asked a day: `tune` builds no index on all rows that is expected to save less of their time than its build takes. Absent: builds are for an index that stays.',
          ),
        minimise: targetSchema.shape.minimise
          .default('p95')
          .describe('What is minimised among the configurations that meet the bounds.'),
      })
      .prefault({}),
    rows_budget: z
      .union([z.string(), z.number()])
      .transform(String)
      .pipe(quantity(parseRows))
      .pipe(z.number().min(LEAST_ROWS_BUDGET))
      .optional()
      .describe(
        '`tune` compares indexes on random subsets of at most so many rows, such as 500k, and builds only the one that it chooses on all of them. Plain queries only.',
      ),
    budget: budget
      .optional()
      .describe(
        'Time that `tune` may take, such as 10min: the best answer within it, and what was left out for it. Absent: as long as it takes.',
      ),
    indexes: z
      .array(indexFamilySchema)
      .optional()
      .describe(
        "Index specifications to build. `tune` has a set of its own when this is absent; `bench` needs it or measures pgvector's defaults.",
      ),
    representation: z
      .array(storedSchema)
      .min(1)
      .optional()
      .describe(
        'What the indexes store: the column as it is, half precision (halfvec), one bit a dimension (bit), or the first dimensions alone, such as {subvector: 256}. When absent, `tune` tries them all, and the indexes named above store the column as it is.',
      ),
    workloads: workloadsSchema.describe(
      'What is asked: `plain` nearest neighbours, `filtered` (with a WHERE), `hybrid` (vector and text).',
    ),
    measure: z
      .strictObject({
        queries: z
          .number()
          .int()
          .min(20)
          .default(1000)
          .describe('Queries that a timed point rests on, at most; fewer if the dataset has fewer.'),
        recall_queries: z
          .number()
          .int()
          .min(20)
          .default(10_000)
          .describe(
            'Queries that show the recall of plain queries in `tune`, at most. They are asked once, and only as many as decide.',
          ),
        samples: z
          .number()
          .int()
          .min(100)
          .default(1000)
          .describe('Timed round trips of a point that a conclusion is drawn from.'),
        cache: cacheStateSchema
          .default('warm')
          .describe(
            'State of the caches: `warm`, `prewarmed` (by pg_prewarm alone) or `cold` (table and index put out of shared_buffers before each of 100 timed queries). What a server cannot do is refused.',
          ),
        repeats: z
          .number()
          .int()
          .min(1)
          .max(20)
          .default(1)
          .describe(
            'Builds of one index, to see how much they differ: `tune` builds its recommendation so often, `bench` every index. Two say little; three are a beginning.',
          ),
        concurrency: z
          .array(z.number().int().min(1).max(64))
          .optional()
          .describe(
            'Clients at once, for each of which the throughput is measured. `tune` measures 1, 2 and 4 on its recommendation when this is absent, `bench` none; [] is none.',
          ),
        rate: z
          .number()
          .positive()
          .max(1e6)
          .optional()
          .describe('Queries per second that arrive whether or not earlier ones were answered (open loop).'),
        arrivals: z
          .enum(['poisson', 'constant'])
          .default('poisson')
          .describe('How they arrive: `poisson`, as from independent users, or `constant`, at equal intervals.'),
        slo: objective
          .optional()
          .describe(
            'Bound on a quantile of latency under load, such as p99<=50ms: the highest rate that holds it is looked for, or with `rate` whether that rate does.',
          ),
        reuse: z
          .boolean()
          .default(true)
          .describe(
            'Let what earlier runs measured on the same data, server and machine choose where `tune` looks. What it recommends is always measured in the run itself.',
          ),
        seconds: z.number().positive().max(3600).default(3).describe('Seconds that a load lasts, at least.'),
      })
      .prefault({}),
    seed: z.number().int().min(0).default(1).describe('Seed of every random choice of the run.'),
  })
  .superRefine(({ layout, partitions, shards }, context) => {
    const refuse = (key: string, other: string): void =>
      context.addIssue({ code: 'custom', path: [key], message: `Expected ${other}.` });
    if (layout === 'partitioned' && partitions === undefined)
      refuse('layout', 'partitions beside it, such as partitions: 4');
    if (layout === 'sharded' && shards === undefined)
      refuse('layout', 'shards beside it, such as shards: [local, local]');
    if (layout !== 'partitioned' && partitions !== undefined) refuse('partitions', 'layout: partitioned beside it');
    if (layout !== 'sharded' && shards !== undefined) refuse('shards', 'layout: sharded beside it');
  })
  .superRefine(({ dataset, server, ...beside }, context) => {
    const isTable = liveTableOf({ dataset }) !== null;
    if (isTable && !STARTED.includes(server)) {
      const message = `Expected ${STARTED.join(', ')}: indexes for a table in use (dataset.table) are built on a server of their own.`;
      context.addIssue({ code: 'custom', path: ['server'], message });
    }
    const key = FILES_BESIDE.find((name) => beside[name] !== undefined && !(isTable && name === 'queries'));
    if (key === undefined || typeof dataset === 'string') return;
    context.addIssue({ code: 'custom', path: [key], message: 'Expected a file as the dataset that this belongs to.' });
  });

/** A configuration with every default filled in; sizes are bytes and durations milliseconds. */
export type Config = z.infer<typeof configSchema>;
/** A configuration as a person writes it. */
export type ConfigInput = z.input<typeof configSchema>;

/** What the table of a run is made of. */
export function layoutOf({ partitions, shards }: Pick<Config, 'partitions' | 'shards'>): Layout {
  if (partitions !== undefined) return { kind: 'partitioned', partitions };
  return shards === undefined ? SINGLE_TABLE : { kind: 'sharded', shards: shards.length };
}

/** The table in use that the dataset is a sample of; null when it is none. */
export const liveTableOf = ({ dataset }: Pick<Config, 'dataset'>): LiveTableConfig | null =>
  typeof dataset === 'object' && 'table' in dataset ? dataset : null;
