import { z } from 'zod';
import type { DocumentName } from '../../document-text.js';

/** What an assistant can ask for: one command of pgvtune, with the arguments that it may choose. */
export interface Tool {
  /** Also the name of the command, and of the document that it answers with. */
  readonly name: DocumentName;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** Whether it asks the server. */
  readonly asksServer: boolean;
  /** Of the command; a text of the assistant is always the value of an option, never an argument of its own. */
  readonly argv: (input: never, place: ToolPlace) => readonly string[];
}

/** Files that a tool may use. */
export interface ToolPlace {
  /** @throws {PgvtuneError} `usage` for a folder outside of the working directory */
  readonly folder: (name: string) => string;
  /** A file that holds a text while the tool runs. */
  readonly file: (text: string) => string;
  /** A copy of a run, in which the command may write its reports. @throws {PgvtuneError} `usage` for a name of no run */
  readonly run: (name: string) => string;
}

const tool = <Input extends z.ZodObject>(
  definition: Omit<Tool, 'input' | 'argv'> & {
    readonly input: Input;
    readonly argv: (input: z.infer<Input>, place: ToolPlace) => readonly string[];
  },
): Tool => definition;

const option = (name: string, value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : [`--${name}=${value}`];

const SERVER = ['--server', 'env'];
const count = z.int().min(1);
const run = z.string().describe('name of a run under results/, as the resource list has it');

export const TOOLS: readonly Tool[] = [
  tool({
    name: 'doctor',
    title: 'Check a server',
    description: 'What on the server would distort or prevent a measurement, worst first. Run it before recall.',
    asksServer: true,
    input: z.strictObject({}),
    argv: () => ['doctor', ...SERVER],
  }),
  tool({
    name: 'audit',
    title: 'Audit the database',
    description:
      'Indexes, schema, vectors, server, slow statements, N+1 queries and monitoring: findings with severity, evidence and remedy. A remedy is SQL for a person to review; nothing is executed.',
    asksServer: true,
    input: z.strictObject({
      only: z.array(z.string()).optional().describe('ids, numbers or areas of checks: indexes, vectors, IDX-004'),
      skip: z.array(z.string()).optional().describe('the same, to leave out'),
    }),
    argv: ({ only, skip }) => [
      'audit',
      ...SERVER,
      '--fail-on=never',
      ...option('only', only?.join(',')),
      ...option('skip', skip?.join(',')),
    ],
  }),
  tool({
    name: 'explain',
    title: 'Explain a vector search',
    description:
      "Why the application's own statement does not use its vector index, the rewritten statement and its plan; with measure, its recall and latency against the exact answer.",
    asksServer: true,
    input: z.strictObject({
      sql: z.string().describe('one SELECT that orders by a distance, with its parameters as $1'),
      parameters: z
        .record(z.string().regex(/^\d+$/), z.string())
        .optional()
        .describe('values by the number of the parameter'),
      measure: z.boolean().optional().describe('execute the statement and the exact answer, read-only'),
      queries: count.max(1000).optional().describe('vectors to measure with; each costs one exact scan'),
    }),
    argv: ({ sql, parameters = {}, measure, queries }, { file }) => [
      'explain',
      ...SERVER,
      `--file=${file(sql)}`,
      ...Object.entries(parameters).map(([number, value]) => `--param=${number}=${value}`),
      ...(measure === true ? ['--measure'] : []),
      ...option('queries', queries),
    ],
  }),
  tool({
    name: 'recall',
    title: 'Measure recall',
    description:
      'Recall and latency of an existing index on a live table, against exact scans of it; read-only. Each query costs one exact scan: begin with few on a large table.',
    asksServer: true,
    input: z.strictObject({
      table: z.string().describe('as in SQL, with its schema: app.items'),
      column: z.string().optional(),
      index: z.string().optional(),
      k: count.max(1000).optional().describe('neighbours that a query asks for; default 10'),
      queries: count.max(2000).optional().describe('default 200'),
      where: z.string().optional().describe('only rows that meet this SQL condition'),
      by: z.string().optional().describe('measure the rows of each value alone: tenant_id'),
      sweep: z.string().optional().describe('measure every value of a setting: hnsw.ef_search=20..400'),
      settings: z.record(z.string(), z.string()).optional().describe('settings of the session: hnsw.ef_search'),
      recall: z.number().gt(0).lt(1).optional().describe('recall to reach'),
    }),
    argv: ({ settings = {}, ...input }) => [
      'recall',
      ...SERVER,
      ...Object.entries(input).flatMap(([name, value]) => option(name, value)),
      ...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`),
    ],
  }),
  tool({
    name: 'plan',
    title: 'Plan an index',
    description: 'Size, build memory, disk and work of a table and its indexes, predicted without a server.',
    asksServer: false,
    input: z.strictObject({
      rows: z.string().describe('such as 5M'),
      dims: count,
      types: z.array(z.string()).optional().describe('vector, halfvec, bit, subvector(256)'),
      methods: z.array(z.string()).optional().describe('hnsw, ivfflat, exact'),
      m: count.optional(),
      efSearch: count.optional(),
      memory: z.string().optional().describe('maintenance_work_mem, such as 8GB'),
      ram: z.string().optional().describe('memory of the server'),
      cores: count.optional(),
    }),
    argv: ({ rows, dims, types, methods, m, efSearch, memory, ram, cores }) => [
      'plan',
      ...option('rows', rows),
      ...option('dims', dims),
      ...option('type', types?.join(',')),
      ...option('method', methods?.join(',')),
      ...option('m', m),
      ...option('ef-search', efSearch),
      ...option('memory', memory),
      ...option('ram', ram),
      ...option('cores', cores),
    ],
  }),
  tool({
    name: 'capacity',
    title: 'Extrapolate the growth of an index',
    description: 'Until how many rows a server suffices, from a finished run of pgvtune capacity. Measures nothing.',
    asksServer: false,
    input: z.strictObject({
      run,
      to: z.string().optional().describe('rows to extrapolate to, such as 100M'),
      ram: z.string().optional(),
      peak: z.number().positive().optional().describe('queries per second at the busiest time'),
    }),
    argv: ({ run: name, to, ram, peak }, place) => [
      'capacity',
      `--run=${place.run(name)}`,
      ...option('to', to),
      ...option('ram', ram),
      ...option('peak', peak),
    ],
  }),
  tool({
    name: 'migrations',
    title: 'Analyse a migration history',
    description: 'Findings and hazards of a folder of migrations. Nothing of it is executed.',
    asksServer: false,
    input: z.strictObject({
      folder: z.string().describe('inside of the working directory: alembic/versions'),
      since: z.string().optional().describe('the newest revision that is deployed: report the hazards of the others'),
    }),
    argv: ({ folder, since }, place) => ['migrations', place.folder(folder), ...option('since', since)],
  }),
  tool({
    name: 'report',
    title: 'Read the report of a run',
    description: 'The decision of a run of pgvtune, with its evidence. The resources have the other reports.',
    asksServer: false,
    input: z.strictObject({ run }),
    argv: ({ run: name }, place) => ['report', place.run(name)],
  }),
  tool({
    name: 'history',
    title: 'History of all runs',
    description: 'Every series over the runs under results/, and where its level changed.',
    asksServer: false,
    input: z.strictObject({}),
    argv: () => ['history', 'results'],
  }),
];
