import { z } from 'zod';

const share = (what: string, fallback: number) =>
  z.number().min(0).max(1).default(fallback).describe(`${what}; a share of one.`);

const correlation = z
  .number()
  .min(-1)
  .max(1)
  .default(0)
  .describe(
    'How the rows that match a query’s value lie to the query. 0: anywhere. 1: values are decided by the place in the ' +
      'vectors’ space, and a query asks for the value of its own place. -1: as 1, but it asks for that of a far place.',
  );

const valueCount = (what: string, fallback: number) => z.int().min(1).max(10_000_000).default(fallback).describe(what);

const skew = (fallback: number) =>
  z
    .number()
    .min(0)
    .max(4)
    .default(fallback)
    .describe('Zipf exponent: the i-th commonest has a share in proportion to 1 / i^skew; 0 makes all equal.');

const selectivity = z
  .number()
  .gt(0)
  .max(0.5)
  .refine((value) => Math.abs(1 / value / Math.round(1 / value) - 1) < 1e-6, {
    message: 'Expected one over a whole number, such as 0.5, 0.1 or 0.001: all values are equally frequent.',
  })
  .default(0.1)
  .describe('Share of the rows that have one value; all values are equally frequent.');

const COLUMN_NAME = 'Expected a column name of letters, digits and underscores, 63 at most.';

const attributeSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('category'), selectivity, correlation })
    .describe('Text, a value a row: for equality and IN.'),
  z
    .strictObject({ kind: z.literal('boolean'), share: share('Rows that are true', 0.1), correlation })
    .describe('A boolean a row.'),
  z
    .strictObject({
      kind: z.literal('number'),
      min: z.number().default(0).describe('Lowest value.'),
      max: z.number().default(1).describe('No value is above it.'),
      correlation,
    })
    .refine(({ min, max }) => min < max, { message: 'Expected min to be below max.', path: ['max'] })
    .describe('A number a row, uniform: for ranges.'),
  z
    .strictObject({
      kind: z.literal('tags'),
      values: valueCount('Different tags.', 50),
      skew: skew(1),
      per_row: z.int().min(1).max(100).default(3).describe('Tags of a row, at most.'),
      correlation,
    })
    .describe('Text arrays; the first tag has the correlation, the others have none: for containment.'),
  z
    .strictObject({ kind: z.literal('json'), selectivity, correlation })
    .describe('Objects {"source": text, "page": number}, where source has the selectivity: for containment.'),
  z
    .strictObject({ kind: z.literal('tenant'), values: valueCount('Tenants.', 100), skew: skew(1), correlation })
    .describe('Text, the same for all rows of a document: who owns it.'),
  z
    .strictObject({
      kind: z.literal('timestamp'),
      until: z.iso.date().default('2026-01-01').describe('No timestamp is later.'),
      days: z.number().positive().max(100_000).default(1095).describe('Days from the earliest to `until`.'),
      recency: z
        .number()
        .min(1)
        .max(20)
        .default(3)
        .describe(
          'Ages are days · u^recency for a uniform u: 1 is even, at 3 half of the rows fall into the last 1/8.',
        ),
      correlation,
    })
    .describe('A date with time, the same for all rows of a document: for windows.'),
  z
    .strictObject({ kind: z.literal('document') })
    .describe('A whole number, the same for all rows of a document: for joins.'),
]);

/** What to generate: every knob of the dataset generator, with its default and its meaning. */
export const generateSchema = z
  .strictObject({
    rows: z.int().min(1).max(2_000_000_000).default(8000).describe('Base vectors.'),
    dimensions: z.int().min(2).max(16_000).default(64).describe('Elements of a vector.'),
    queries: z.int().min(1).max(1_000_000).default(1000).describe('Query vectors; none of them is a row of the base.'),
    seed: z.int().default(1).describe('The same seed and the same settings give the same bytes on every machine.'),

    intrinsic_dimension: z
      .int()
      .min(1)
      .max(1000)
      .default(16)
      .describe('Dimensions of the curved surface (manifold) on which the vectors lie before noise is added.'),
    clusters: z.int().min(1).max(1_000_000).default(100).describe('Topics: regions where vectors are dense.'),
    cluster_skew: skew(0.8).describe('Zipf exponent of cluster sizes: 0 makes all equal.'),
    spread: z
      .number()
      .min(0)
      .max(10)
      .default(0.7)
      .describe('Standard deviation of documents within a cluster, in units of that of the cluster centres.'),
    rows_per_document: z
      .number()
      .min(1)
      .max(10_000)
      .default(20)
      .describe('Mean number of consecutive rows that are pieces of one document; at 1 each row is a document.'),
    document_spread: z
      .number()
      .min(0)
      .max(10)
      .default(0.6)
      .describe('Standard deviation of rows within a document, in units of that of the cluster centres.'),
    noise: z
      .number()
      .min(0)
      .max(10)
      .default(0.2)
      .describe('Length of the noise added in all dimensions, in units of the vector’s own length.'),

    duplicates: share('Rows whose vector equals that of an earlier row', 0.01),
    near_duplicates: share('Rows whose vector has a cosine of 0.95 or more with an earlier row’s', 0.02),
    outliers: share('Rows that belong to no cluster and lie off the manifold', 0.005),
    out_of_distribution: share('Queries that lie between two clusters, where there are no rows', 0),
    normalised: z
      .boolean()
      .default(true)
      .describe('true: every vector has length 1 (metric cosine). false: lengths vary by a quarter (metric l2).'),

    attributes: z
      .record(z.string().regex(/^[A-Za-z_]\w{0,62}$/), attributeSchema, {
        error: ({ code }) => (code === 'invalid_key' ? COLUMN_NAME : undefined),
      })
      .default({})
      .describe('Columns beside the vectors, by name.'),
    text: z
      .strictObject({
        locale: z
          .string()
          .regex(/^[a-z]{2,3}(_\w+)?$/, 'Expected a locale of Faker, such as en, de or ru.')
          .default('en')
          .describe('A locale of Faker, whose words are used.'),
        words: z.int().min(1).max(10_000).default(60).describe('Words of a row.'),
        agreement: share('Words that follow the cluster and the document; the others are drawn from all', 0.5),
      })
      .optional()
      .describe('Text of rows and queries; none when absent.'),
  })
  .refine((spec) => spec.duplicates + spec.near_duplicates + spec.outliers <= 1, {
    message: 'Expected duplicates + near_duplicates + outliers to be at most 1.',
    path: ['duplicates'],
  });

/** Settings of the generator with every default filled in. */
export type GenerateSpec = z.output<typeof generateSchema>;
