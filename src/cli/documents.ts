import { z } from 'zod';
import { DOCUMENT_VERSION, type DocumentName } from './document-text.js';

/*
 * What each command prints with --json, but for `document` and `schemaVersion`. A member may be added; one that goes, or means
 * something else, raises DOCUMENT_VERSION.
 */

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const texts = list(z.string());
/** Members of its own, which its type in the library describes. */
const object = z.custom<object>((value) => typeof value === 'object' && value !== null).meta({ type: 'object' });
const maybe = object.nullable();
const finding = z.object({ code: z.string(), severity: z.enum(['high', 'medium', 'low', 'info']), data: z.unknown() });
const server = z.object({ label: z.string(), version: z.string(), pgvector: z.string() });
const manifest = z.object({
  version: z.number(),
  name: z.string(),
  hash: z.string(),
  rows: z.number(),
  dimensions: z.number(),
  queries: z.number(),
  metric: z.string().nullable(),
});
const comparedData = z.object({
  name: z.string(),
  hash: z.string(),
  rows: z.number(),
  duplicates: z.number(),
  onlyHere: z.number(),
  isSample: z.boolean(),
});
const leftover = z.object({ schema: z.string() });
const search = z.object({
  run: z.string(),
  folder: z.string(),
  manifest: object,
  answer: object,
  records: list(z.object({ type: z.string() })),
  reports: texts,
});

/** By the name of the command. */
export const DOCUMENTS = {
  error: z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      sqlstate: z.string().optional(),
    }),
  }),
  tune: search,
  bench: search,
  plan: z.object({
    rows: z.number(),
    dimensions: z.number(),
    columnType: z.string(),
    pgVersion: z.number(),
    pgvector: z.string().nullable(),
    table: object,
    candidates: list(object),
    impossible: list(object),
    assumptions: list(object),
    defects: list(object),
  }),
  capacity: z.object({ run: z.string(), plan: maybe, facts: maybe, reports: texts }),
  churn: z.object({ run: z.string(), plan: maybe, reports: texts }),
  recall: z.object({
    server: server.extend({ standby: z.boolean() }),
    table: z.object({ name: z.string(), column: z.string(), type: z.string(), rows: z.number().nullable() }),
    asked: object,
    indexes: list(z.object({ name: z.string(), method: z.string() })),
    plan: maybe,
    limit: maybe,
    cost: maybe,
    conditions: maybe,
    measured: maybe,
    sweep: maybe,
    by: maybe,
    change: maybe,
    findings: list(finding),
    verdict: z.string(),
  }),
  explain: z.object({
    server,
    statement: z.string(),
    table: z.string(),
    column: z.string(),
    operator: z.string(),
    parameters: list(object),
    indexes: list(object),
    plan: object,
    obstacles: list(object),
    changed: maybe,
    measured: maybe,
    verdict: z.string(),
  }),
  report: z.object({ run: z.string(), reports: texts }),
  compare: z.object({
    base: z.string(),
    candidate: z.string(),
    changes: list(object),
    series: list(object),
    failedBuilds: list(object),
    unmatched: list(object),
    answer: z.enum(['same', 'different', 'unknown']),
    isWorse: z.boolean(),
  }),
  gate: z.object({
    run: z.string(),
    baseline: z.string(),
    tonight: z.string(),
    changes: list(object),
    thenAndNow: list(object),
    latency: object,
    causes: list(z.unknown()),
    causesSince: list(z.unknown()),
    verdict: z.enum(['good', 'bad', 'undecided']),
    reports: texts,
  }),
  history: z.object({ trends: list(object), skipped: list(z.object({ run: z.string(), why: z.string() })) }),
  serve: z.object({ url: z.string(), folder: z.string() }),
  drift: z.object({
    base: comparedData,
    candidate: comparedData,
    compared: z.object({ base: z.number(), candidate: z.number(), reference: z.number() }),
    figures: list(
      z.object({
        figure: z.string(),
        base: z.number().nullable(),
        candidate: z.number().nullable(),
        difference: z.number(),
        byChance: z.number(),
        p: z.number(),
        hasChanged: z.boolean(),
      }),
    ),
    regions: list(object),
    falseAlarms: z.number(),
    answer: z.enum(['same', 'different', 'unknown']),
  }),
  'dataset generate': manifest,
  'dataset import': manifest,
  'dataset sample': z.object({ dataset: manifest, sample: object }),
  'dataset list': z.object({ datasets: list(z.object({ names: texts, manifest })) }),
  'dataset show': z.object({
    manifest,
    norms: object,
    duplicates: z.number(),
    geometry: object,
    distances: object,
    remarks: list(object),
    columns: list(object),
    text: maybe,
    declaredNeighbours: z.number(),
    sample: list(object),
  }),
  'dataset verify': z.object({
    manifest,
    bytes: z.number(),
    declared: z.enum(['none', 'believed', 'refuted']),
  }),
  'dataset export': z.object({ files: texts }),
  watch: z.object({ server: z.string(), builds: list(object), hidden: z.number() }),
  metrics: z.object({ url: z.string(), loopback: z.boolean() }),
  pool: z.object({
    label: z.string(),
    database: z.string(),
    busy: object,
    shape: object,
    server: object,
    advice: object,
    pooled: z.unknown(),
    leakingSets: z.unknown(),
    seesEverybody: z.boolean(),
  }),
  doctor: z.object({
    server: z.string(),
    postgresql: z.string(),
    pgvector: z.string().nullable(),
    findings: list(finding.extend({ text: z.string() })),
    unchecked: list(z.object({ text: z.string() })),
  }),
  audit: z.object({
    server: object,
    findings: list(z.object({ text: object })),
    unchecked: list(z.object({ text: z.string() })),
    written: texts,
  }),
  'audit list': z.object({
    checks: list(
      z.object({
        number: z.unknown(),
        id: z.string(),
        area: z.string(),
        severity: z.string(),
        title: z.string(),
      }),
    ),
  }),
  'audit snapshot': z.object({ file: z.string(), database: z.string(), takenAt: z.string() }),
  migrations: z.object({
    format: z.unknown(),
    revisions: list(object),
    graph: object,
    coverage: object,
    findings: list(object),
    vectors: list(object),
    hazards: list(object).nullable(),
    notUnderstood: list(object),
    fileProblems: list(object),
    growth: list(object),
    remarks: list(object),
    squash: object.optional(),
    proof: object.optional(),
    times: object.optional(),
  }),
  'migrations drift': z.object({
    server: z.unknown(),
    history: object,
    objects: z.number(),
    differences: list(object).nullable(),
  }),
  init: z.object({ file: z.string(), schema: z.string() }),
  clean: z.object({
    removed: list(leftover),
    leftovers: list(leftover),
    /** Private clusters that runs kept, with `--server local`. */
    clusters: list(z.object({ run: z.string(), folder: z.string() })).optional(),
  }),
} as const;

/** The JSON Schema (draft 2020-12) of a document. More members than it names are allowed. */
export const documentSchema = (name: DocumentName): object =>
  z.toJSONSchema(DOCUMENTS[name].extend({ document: z.literal(name), schemaVersion: z.literal(DOCUMENT_VERSION) }), {
    io: 'input',
    unrepresentable: 'any',
  });
