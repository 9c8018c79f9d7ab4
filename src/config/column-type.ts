import { z } from 'zod';
import { PgvtuneError } from '../errors.js';
import { comparesBits, type Metric } from '../vocabulary.js';
import type { Config } from './schema.js';

/** What the source of a dataset says that was sampled on a server. */
const sampledSchema = z.object({ kind: z.enum(['table', 'view', 'query']), type: z.string() });

/**
 * A configuration whose indexes the column takes that the vectors were sampled from: one of `halfvec` is indexed as
 * `halfvec`.
 *
 * @throws {PgvtuneError} `usage` for representations that it does not take, for `sparsevec`, and for bits that are compared
 *   by another metric
 */
export function forColumnType(
  config: Config,
  { source, metric }: { readonly source?: unknown; readonly metric: Metric | null },
): Config {
  const sampled = sampledSchema.safeParse(source);
  if (!sampled.success) return config;
  const { type } = sampled.data;
  const base = /^(?:.*\.)?"?(\w+)/.exec(type)?.[1];
  if (base === 'sparsevec') {
    throw sparseNotTuned(`The vectors were sampled from a column of type ${type}.`);
  }
  const by = config.metric ?? metric ?? 'cosine';
  if ((base === 'bit') !== comparesBits(by)) {
    throw new PgvtuneError('usage', `A column of type ${type} is not compared by ${by}.`, {
      hint: `Name the metric of your queries (metric): ${base === 'bit' ? 'hamming or jaccard' : 'l2, ip, cosine or l1'}.`,
    });
  }
  if (base !== 'halfvec') return config;
  const { representation = ['halfvec' as const] } = config;
  if (representation.every((one) => one === 'halfvec')) return { ...config, representation };
  throw new PgvtuneError('usage', `A column of type ${type} is indexed as halfvec.`, {
    hint: 'Leave out "representation", or write [halfvec].',
  });
}

/** @param where it was seen that the vectors are sparse, as a sentence */
export const sparseNotTuned = (where: string): PgvtuneError =>
  new PgvtuneError('usage', where, {
    hint: 'Indexes on sparse vectors are not tuned; pgvtune recall measures one on the table (--sweep).',
  });
