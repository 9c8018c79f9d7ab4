import { shortHash } from '../../canonical-json.js';
import { orderByExpression, queryParameter } from '../../indexes/index.js';
import { checkSettings, scanOf } from '../../measure/index.js';
import { applySettings, explainPrepared, literal, readSettings } from '../../postgres/index.js';
import { vectorArgument } from '../../workloads/index.js';
import { argumentText, encodeArgument } from '../points/arm.js';
import { TABLE } from '../table/load.js';
import type { Way, WayContext, WaySettings } from './way.js';

/** What one shard did for a query. */
export interface ShardWork {
  readonly buffers: number;
  readonly serverMs: number;
}

/** A client asks all shards at once and merges what they return. */
export interface ClientWay extends Way {
  /** What each shard does for a query, from its plan as it is executed. @throws {VoidPoint} */
  work(query: number): Promise<readonly ShardWork[]>;
}

export function clientWay(context: WayContext, { settings, gucs }: WaySettings): ClientWay {
  const { shards, spec, metric, dimensions, k, queries } = context;
  const query = queryParameter(metric, dimensions);
  const distance = orderByExpression({ spec, metric, column: 'embedding', dimensions, query });
  const asked = shards.map((shard) => {
    const table = shard.workspace.quote(TABLE);
    const text = `SELECT id, ${distance} AS distance FROM ${table} ORDER BY ${distance} LIMIT ${k}`;
    return { shard, statement: { name: `pgvtune_${shortHash(text)}`, text } };
  });
  const vectors = Array.from({ length: queries.size }, (_, q) => vectorArgument(metric, queries.vector(q)));
  const encoded = vectors.map(encodeArgument);
  const ofEach = <T>(work: (one: (typeof asked)[number]) => Promise<T>): Promise<readonly T[]> =>
    whole(asked.map(work));
  const explain = (q: number, analyze: boolean) =>
    ofEach(async ({ shard: { session, wanted }, statement }) => {
      const plan = await explainPrepared(session, statement, [literal(argumentText(vectors[q]!))], { analyze });
      scanOf(plan, wanted);
      return plan;
    });

  return {
    name: 'client',
    settings,
    async begin() {
      await ofEach(async ({ shard: { session } }) => {
        await applySettings(session, gucs, { lasting: true });
        // A plan that was cached under other settings would be taken for that of these.
        await session.query('DISCARD PLANS');
      });
    },
    async ask(q) {
      const answers = await ofEach(({ shard: { session }, statement }) => session.execute(statement, [encoded[q]!]));
      return mergeNearest(
        answers.map((rows) => rows.map(([id, far]) => ({ id: Number(id), far: Number(far) }))),
        k,
      );
    },
    async prove(q) {
      for (const { shard } of asked) checkSettings(gucs, await readSettings(shard.session, Object.keys(gucs)));
      await explain(q, false);
    },
    async work(q) {
      const plans = await explain(q, true);
      return plans.map(({ sharedHit, sharedRead, executionMs }) => ({
        buffers: sharedHit + sharedRead,
        serverMs: executionMs ?? 0,
      }));
    },
  };
}

/** Waits for all, for a session must not be used while it is at work; then fails as the first that did. */
async function whole<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  return (await Promise.allSettled(works)).map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

interface Found {
  readonly id: number;
  readonly far: number;
}

/** The k nearest of what shards returned, each its own nearest first. */
export const mergeNearest = (answers: readonly (readonly Found[])[], k: number): readonly number[] =>
  answers
    .flat()
    .toSorted((a, b) => a.far - b.far)
    .slice(0, k)
    .map(({ id }) => id);
