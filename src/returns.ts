import { z } from 'zod';

/*
 * What of the nearest rows a query returns, where that is not simply the k nearest: the part of a statement that comes
 * after its WHERE. It says nothing about how the rows are found: that is a matter of the strategy.
 */

const withinSchema = z
  .strictObject({
    /** As the metric's operator gives it: of `ip`, the negative inner product. */
    within: z.number().describe('Only rows nearer than this, as the operator of the metric gives distances.'),
  })
  .describe('`WHERE distance < r`: at most k rows.');

const distinct = z.string().min(1).describe('Rows that share a value of this column are one: chunks of one document.');
const rows = z.number().int().min(1);

const page = z.number().int().min(2).max(100).describe('The page that is asked for, k rows a page.');

/** As a configuration asks for it. */
export const returnsSchema = z.union([
  withinSchema,
  z
    .strictObject({
      distinct,
      rows: rows.optional().describe('Nearest rows that are gathered for it. Default: as many as the queries need.'),
    })
    .describe('The nearest row of each of the k nearest documents.'),
  z.strictObject({ page }).describe('The rows of one page; all pages up to it are walked through.'),
]);
export type Returns = z.infer<typeof returnsSchema>;

/** As it is measured: nothing in it is left to be found. */
export const returnedSchema = z.union([
  withinSchema,
  z.strictObject({ distinct, rows }),
  z.strictObject({
    page,
    /** `keyset`: the rows after the last one of the page before. Absent: by OFFSET. */
    by: z.literal('keyset').optional(),
  }),
]);
export type Returned = z.infer<typeof returnedSchema>;
