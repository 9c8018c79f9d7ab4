import { generateSchema } from '../src/config/index.js';
import { generateSource, importDataset } from '../src/datasets/index.js';
import { type Arm, scanOf, type TableUnderTest } from '../src/measure/index.js';
import {
  encodeVector,
  literal,
  loadVectors,
  openWorkspace,
  type Server,
  type Session,
  vectorText,
  type Workspace,
} from '../src/postgres/index.js';

/** A generated table with one HNSW index on it, to compare arms on. */
export interface MeasuredTable {
  readonly workspace: Workspace;
  readonly session: Session;
  readonly table: TableUnderTest;
  /** The ten nearest rows to each query, by the index. */
  readonly arm: (key: string, efSearch: number) => Arm;
}

/** @param folder for the dataset */
export async function openMeasuredTable(
  server: Server,
  {
    name,
    folder,
    ...shape
  }: {
    readonly name: string;
    readonly folder: string;
    readonly rows: number;
    readonly dimensions: number;
    readonly queries: number;
  },
): Promise<MeasuredTable> {
  const { dimensions, queries } = shape;
  const dataset = await importDataset(folder, generateSource(generateSchema.parse(shape)));
  const workspace = await openWorkspace(server, name);
  const session = await workspace.connect('measure');
  const items = workspace.quote('items');
  await session.query(`CREATE TABLE ${items} (id bigint PRIMARY KEY, embedding vector(${dimensions}) NOT NULL)`);
  await loadVectors([session], server.capabilities, {
    table: items,
    blocks: dataset.blocks(),
    onProgress: () => undefined,
  });
  await session.query(`CREATE INDEX graph ON ${items} USING hnsw (embedding vector_cosine_ops)`, [], {
    deadlineMs: Infinity,
  });
  await session.query(`VACUUM (ANALYZE) ${items}`);
  // The queries are in memory.
  dataset.close();

  const vector = (q: number): Float32Array => dataset.queries.values.subarray(q * dimensions, (q + 1) * dimensions);
  const encoded = Array.from({ length: queries }, (_, q) => [encodeVector(vector(q))]);
  const text = `SELECT id FROM ${items} ORDER BY embedding <=> $1::vector LIMIT 10`;
  return {
    workspace,
    session,
    table: { schema: workspace.schema, name: 'items', stored: ['items'], indexes: ['graph'], quote: workspace.quote },
    arm: (key, efSearch) => ({
      key,
      statement: { name: key, text },
      parameters: (q) => encoded[q]!,
      literals: (q) => [literal(vectorText(vector(q)))],
      settings: { 'hnsw.ef_search': String(efSearch) },
      indexes: ['graph'],
      checkPlan: (plan) => scanOf(plan, { index: 'graph', parts: [{ table: 'items', index: 'graph' }] }),
    }),
  };
}
