import { z } from 'zod';

/*
 * The language of filters: conditions on the columns of a dataset, and what they are combined to. It says nothing about
 * where a column is stored (beside the vectors, or in a table joined to them): that is a matter of the strategy.
 */

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
/** One constant of a filter. A date is ISO 8601 text; without a zone it means UTC. */
export type Scalar = z.infer<typeof scalarSchema>;

/**
 * A value that is chosen anew for each query. `own`: the one that the query itself has in that column. Else one that
 * so large a share of the rows matches, and whose rows lie so to the query: 1 all around it, 0 anywhere, −1 elsewhere. Or one
 * that so many rows match, 0 for one that no row has; of the primary key, a list of so many. Or a window of so many days before some time, as a report of the last
 * days asks for it on one day and on another.
 */
export const drawSchema = z.union([
  z.literal('own'),
  z.strictObject({
    selectivity: z.number().gt(0).lt(1),
    correlation: z.number().min(-1).max(1),
  }),
  z.strictObject({ rows: z.number().int().min(0) }),
  z.strictObject({ days: z.number().positive() }),
]);
export type Draw = z.infer<typeof drawSchema>;

/**
 * Correlation of a filter with queries, from the share of all rows that match and the share of the queries' nearest
 * rows that do: the excess of the latter, as a part of the largest there could be. 1: all near rows match. 0: as many
 * as anywhere. −1: none does.
 *
 * @param selectivity in (0, 1)
 * @param nearShare in [0, 1]
 */
export function filterCorrelation(selectivity: number, nearShare: number): number {
  const excess = nearShare - selectivity;
  return excess >= 0 ? excess / (1 - selectivity) : excess / selectivity;
}

/** The share of near rows that makes a {@link filterCorrelation}. */
export const nearShareOf = (selectivity: number, correlation: number): number =>
  selectivity + correlation * (correlation >= 0 ? 1 - selectivity : selectivity);

const drawnSchema = z.strictObject({ draw: drawSchema });
export type Drawn = z.infer<typeof drawnSchema>;

const column = z.string().min(1);
/** A constant, or what is drawn in its place. */
const orDrawn = <Schema extends z.ZodType>(constant: Schema) => z.union([drawnSchema, constant]);

const conditionSchema = z.discriminatedUnion('op', [
  z.strictObject({ column, op: z.enum(['=', '<>', '<', '<=', '>', '>=']), value: orDrawn(scalarSchema) }),
  z.strictObject({ column, op: z.literal('in'), value: orDrawn(z.array(scalarSchema).min(1)) }),
  /** Both ends are included. */
  z.strictObject({ column, op: z.literal('between'), value: orDrawn(z.tuple([scalarSchema, scalarSchema])) }),
  /** Dates from the first to before the second. */
  z.strictObject({ column, op: z.literal('window'), value: orDrawn(z.tuple([z.string(), z.string()])) }),
  /** An array that has all of these items, or JSON that contains this JSON, as PostgreSQL's `@>` has it. */
  z.strictObject({ column, op: z.literal('contains'), value: orDrawn(z.json()) }),
  z.strictObject({ column, op: z.literal('is_null') }),
]);
export type Condition = z.infer<typeof conditionSchema>;

export type Filter =
  | Condition
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter };

/** Leaves every row. */
export const NO_FILTER: Filter = { and: [] };

/** A condition, or `and`, `or`, `not` of filters. A row is returned when its filter is true: neither false nor unknown. */
export const filterSchema: z.ZodType<Filter> = z.union([
  conditionSchema,
  z.strictObject({ and: z.array(z.lazy(() => filterSchema)) }),
  z.strictObject({ or: z.array(z.lazy(() => filterSchema)).min(1) }),
  z.strictObject({ not: z.lazy(() => filterSchema) }),
]);

/** A table of its own for some of the filter's columns, which the rows point to: the usual `documents` of RAG. */
export interface Join {
  readonly table: string;
  /** The column by which a row names its entry there, which is called `id`. */
  readonly key: string;
  /** The columns that are stored there. All rows that share a key must agree on them. */
  readonly columns: readonly string[];
  /** A table that its entries point to in their turn, such as the `projects` of documents. */
  readonly join?: Join | undefined;
}

export const joinSchema: z.ZodType<Join> = z.strictObject({
  table: z.string().min(1),
  key: column,
  columns: z.array(column),
  join: z.lazy(() => joinSchema).optional(),
});
