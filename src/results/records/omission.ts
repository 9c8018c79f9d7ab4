import { z } from 'zod';
import { indexSpecSchema } from '../../vocabulary.js';
import { factSchema } from './fact.js';

/** Seconds that it probably takes, and that were left for it. */
const needs = { seconds: z.number(), leftSeconds: z.number() };

/** A filter as its answer has it: by its name, or by its place on the grid. */
const filter = {
  name: z.string().nullable(),
  cell: z.strictObject({ selectivity: z.number(), correlation: z.number() }).nullable(),
};

/** What a search did not measure, because its budget had no time for it. */
export const omissionSchema = z.discriminatedUnion('code', [
  /** An index on all rows. */
  factSchema('build', { spec: indexSpecSchema, ...needs }),
  /** Indexes were not compared on a subset of the rows. */
  factSchema('subset-comparison', needs),
  /** An index was not compared on a subset of the rows. */
  factSchema('subset-build', { spec: indexSpecSchema, ...needs }),
  /** The cheapest settings that reach the target on average alone. */
  factSchema('confidence-price', needs),
  /** Other builds of the recommended index. */
  factSchema('rebuilds', { spec: indexSpecSchema, builds: z.number().int(), ...needs }),
  factSchema('cold-caches', needs),
  factSchema('load', needs),
  factSchema('writes', needs),
  /** Fewer queries show the recall: the exact neighbours of more would have taken too long. */
  factSchema('recall-queries', { queries: z.number().int(), of: z.number().int() }),
  /** A filter was not looked at. */
  factSchema('filter', filter),
  /** The final figures of a filter rest on fewer queries. */
  factSchema('filter-queries', { ...filter, queries: z.number().int(), of: z.number().int() }),
  /** Strategies for a filter; `method` is that of the vector index. */
  factSchema('filter-strategies', {
    ...filter,
    strategies: z.array(z.strictObject({ strategy: z.string(), method: z.string() })),
  }),
  /** Where along the grid the best strategy changes. */
  factSchema('crossovers', {}),
  /** Strategies for hybrid queries; `text` is the method of the text index. */
  factSchema('hybrid-strategies', {
    strategies: z.array(z.strictObject({ strategy: z.string(), text: z.string(), spec: indexSpecSchema })),
  }),
  /** The workloads were not measured with the indexes of all of them on the table. */
  factSchema('configuration', {}),
]);
export type Omission = z.infer<typeof omissionSchema>;

/** What a run made of the time that it was given. */
export const budgetUseSchema = z.strictObject({
  seconds: z.number(),
  /** When the search came to its answer. */
  spentSeconds: z.number(),
  omissions: z.array(omissionSchema),
});
export type BudgetUse = z.infer<typeof budgetUseSchema>;
