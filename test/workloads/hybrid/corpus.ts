import { querySet } from '../../../src/query-set.js';
import { createIndexSql } from '../../../src/indexes/index.js';
import { ident } from '../../../src/identifiers.js';
import { explainPrepared, literal, type PlanNode, type Session } from '../../../src/postgres/index.js';
import { argumentText, encodeArgument } from '../../../src/experiment/points/arm.js';
import { createRandom } from '../../../src/random.js';
import type { OtherPlan } from '../../../src/results/index.js';
import type { IndexSpec, Matrix, Representation, TextSpec } from '../../../src/vocabulary.js';
import {
  type Asked,
  describeScans,
  hybridGucs,
  hybridPlanRule,
  hybridQuery,
  type HybridQuestion,
  type HybridStrategy,
  legOf,
  legQuery,
  type Legs,
  scansOf,
  type Scored,
  type Side,
  textLeg,
  type WorkloadQuery,
} from '../../../src/workloads/index.js';

/*
 * A small body of text with vectors, and the ways to ask a real server about it.
 */

export const DIMENSIONS = 12;
const ROWS = 3000;
const TOPICS = 25;
const WORDS = 600;

export interface Corpus {
  readonly vectors: Matrix;
  /** Null: a row without text. */
  readonly texts: readonly (string | null)[];
  readonly queries: Matrix;
  readonly queryTexts: readonly string[];
}

/** Words of Zipfian frequency, some of them of a topic; vectors around the topic's centre. */
export function makeCorpus(queries: number): Corpus {
  const random = createRandom('hybrid corpus');
  const centres = Array.from({ length: TOPICS }, () => Array.from({ length: DIMENSIONS }, () => random.normal()));
  const document = (words: number) => {
    const topic = random.int(TOPICS);
    const word = (): string =>
      random.next() < 0.2 ? `topic${topic}` : `word${Math.floor(WORDS ** random.next()) - 1}`;
    return {
      vector: centres[topic]!.map((value) => value + 0.5 * random.normal()),
      text: Array.from({ length: words }, word).join(' '),
    };
  };
  const base = Array.from({ length: ROWS }, () => document(14));
  const asked = Array.from({ length: queries }, () => document(6));
  return {
    vectors: matrixOf(base.map(({ vector }) => vector)),
    texts: base.map(({ text }, row) => (row % 50 === 7 ? null : text)),
    queries: matrixOf(asked.map(({ vector }) => vector)),
    queryTexts: asked.map(({ text }) => text),
  };
}

export const matrixOf = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  dimensions: rows[0]!.length,
  values: Float32Array.from(rows.flat()),
});

export const TABLE = 'items';
export const VECTOR_INDEX = 'Items "vector"';
export const TEXT_INDEX = 'Items text';
const LEXEMES = 'items_lexemes';

export const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

export const specOf = (representation: Representation = 'vector'): IndexSpec => ({
  method: 'hnsw',
  representation,
  parameters: { m: 16, ef_construction: 64 },
});

/** The schema that the tests work in: a name that must be quoted. */
const SCHEMA = 'Hybrid "test"';
const quote = (name: string): string => `${ident(SCHEMA)}.${ident(name)}`;

export const placeOf = (spec: IndexSpec): Asked['place'] => ({
  quote,
  table: TABLE,
  lexemes: LEXEMES,
  spec,
  textIndex: TEXT_INDEX,
});

/** Loads the corpus and builds what the text leg needs; the vector index is built by {@link buildVectorIndex}. */
export async function loadCorpus(session: Session, corpus: Corpus, text: TextSpec): Promise<void> {
  const leg = textLeg(text.method);
  await session.query(`DROP SCHEMA IF EXISTS ${ident(SCHEMA)} CASCADE`);
  await session.query(`CREATE SCHEMA ${ident(SCHEMA)}`);
  const columns = [
    'id bigint PRIMARY KEY',
    `embedding vector(${corpus.vectors.dimensions}) NOT NULL`,
    'content text',
    ...leg.columns(text),
  ];
  await session.query(`CREATE TABLE ${quote(TABLE)} (${columns.join(', ')})`);
  const ids = corpus.texts.map((_, row) => row);
  await session.query(
    `INSERT INTO ${quote(TABLE)} (id, embedding, content)
     SELECT id, embedding::vector, content FROM json_to_recordset($1) AS r(id bigint, embedding text, content text)`,
    [
      JSON.stringify(
        ids.map((id) => ({
          id,
          embedding: JSON.stringify([...vectorOf(corpus.vectors, id)]),
          content: corpus.texts[id],
        })),
      ),
    ],
  );
  const names = { table: quote(TABLE), index: quote(TEXT_INDEX), lexemes: quote(LEXEMES) };
  // An index is made in the schema of its table, so that its name takes none.
  await session.query(leg.createIndex(text, { ...names, index: ident(TEXT_INDEX) }));
  for (const statement of leg.prepare(names)) await session.query(statement);
  await session.query(`VACUUM (ANALYZE) ${quote(TABLE)}`);
}

export async function buildVectorIndex(session: Session, spec: IndexSpec): Promise<void> {
  await session.query(`DROP INDEX IF EXISTS ${quote(VECTOR_INDEX)}`);
  const sql = createIndexSql({
    name: ident(VECTOR_INDEX),
    table: quote(TABLE),
    column: 'embedding',
    dimensions: DIMENSIONS,
    spec,
    metric: 'cosine',
  });
  await session.query(sql!);
}

export const vectorOf = ({ dimensions, values }: Matrix, row: number): Float32Array =>
  values.subarray(row * dimensions, (row + 1) * dimensions);

export const questionOf = (corpus: Corpus, text: TextSpec, texts = corpus.queryTexts): HybridQuestion => ({
  k: 10,
  metric: 'cosine',
  filter: null,
  queries: querySet(corpus.queries),
  texts,
  text,
});

let statements = 0;

/** Rows of one query of a statement, with the strategy's settings in force; the plan is that of the same execution. */
export async function ask(
  session: Session,
  workload: WorkloadQuery,
  query: number,
): Promise<{ readonly rows: number[][]; readonly plan: PlanNode }> {
  const statement = { name: `hybrid_${statements++}`, text: workload.text };
  const values = workload.arguments(query);
  const rows = await session.execute(statement, values.map(encodeArgument));
  const literals = values.map((value) => literal(argumentText(value)));
  const plan = await explainPrepared(session, statement, literals, { analyze: false });
  await session.query(`DEALLOCATE "${statement.name}"`);
  return { rows: rows.map((row) => row.map(Number)), plan };
}

/** Runs `work` with the indexes in sight that the strategy wants, and its settings in force; nothing of it stays. */
async function inSight<T>(
  session: Session,
  strategy: HybridStrategy,
  { question, place, settings }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  return session.rolledBack(async () => {
    const uses = strategy.indexes(question, settings);
    if (uses.vector === 'hidden' || place.spec.method === 'none') await hide(session, VECTOR_INDEX);
    if (uses.text === 'hidden') await hide(session, TEXT_INDEX);
    for (const [name, value] of Object.entries(hybridGucs(strategy, question, place.spec, settings))) {
      await session.query('SELECT set_config($1, $2, true)', [name, value]);
    }
    return work();
  });
}

const hide = (session: Session, index: string) => session.query(`DROP INDEX IF EXISTS ${quote(index)}`);

/**
 * The ids that a strategy returns for a query, and what is wrong with its plan.
 *
 * @param options.forced whether scans of the table are made dear, to see whether an index can serve at all
 */
export async function answer(
  session: Session,
  strategy: HybridStrategy,
  asked: Asked,
  query: number,
  { forced = false }: { readonly forced?: boolean } = {},
): Promise<{ readonly ids: number[]; readonly complaint: OtherPlan | null; readonly scans: string }> {
  return inSight(session, strategy, asked, async () => {
    if (forced) await session.query('SET LOCAL enable_seqscan = off');
    const { rows, plan } = await ask(session, hybridQuery(strategy, asked), query);
    const names = { vector: asked.place.spec.method === 'none' ? null : VECTOR_INDEX, text: TEXT_INDEX };
    const rule = hybridPlanRule(strategy.indexes(asked.question, asked.settings), TABLE, names, {
      isFiltered: asked.question.filter !== null,
    });
    return {
      ids: rows.map(([id]) => id!),
      complaint: rule(plan, query),
      scans: describeScans(scansOf(plan, [TABLE])),
    };
  });
}

const scored = (rows: readonly number[][]): Scored[] => rows.map(([id, score]) => ({ id: id!, score: score! }));

/** Both legs whole and exact, as the server computes them without a vector index. */
export async function exactLegs(session: Session, asked: Asked, query: number): Promise<Legs> {
  return session.rolledBack(async () => {
    await hide(session, VECTOR_INDEX);
    const vector = await ask(session, legQuery('vector', null, asked), query);
    const text = await ask(session, legQuery('text', null, asked), query);
    return { vector: legOf(scored(vector.rows)), text: legOf(scored(text.rows)) };
  });
}

/** The legs as their indexes give them to a strategy, with the exact scores of all other rows. */
export async function ownLegs(
  session: Session,
  strategy: HybridStrategy,
  asked: Asked,
  query: number,
  exact: Legs,
): Promise<Legs> {
  const { question, settings } = asked;
  const depthOf = (knob: string): number =>
    strategy.knobs(question, asked.place.spec).some(({ name }) => name === knob)
      ? Number(settings[knob] ?? 50)
      : question.k;
  const leg = async (side: Side, depth: number) => {
    const { rows } = await inSight(session, strategy, asked, () => ask(session, legQuery(side, depth, asked), query));
    return legOf(scored(rows), exact[side].scoreOf);
  };
  const uses = strategy.indexes(question, settings);
  const isOrdered = textLeg(question.text.method).isOrdered;
  return {
    vector: uses.vector === 'required' ? await leg('vector', depthOf('vector_depth')) : exact.vector,
    text: uses.text === 'required' && isOrdered ? await leg('text', depthOf('text_depth')) : exact.text,
  };
}

/** One after the other, as a session wants it. */
export async function inTurn<T, R>(items: readonly T[], work: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) results.push(await work(item, i));
  return results;
}
