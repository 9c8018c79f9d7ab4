import { z } from 'zod';

const share = (what: string) => z.number().min(0).max(1).describe(`${what}; a share of one.`);

/** What to generate: every knob of the dataset generator, with its default and its meaning. */
export const generateSchema = z
  .strictObject({
    rows: z.int().min(1).max(2_000_000_000).default(10_000).describe('Base vectors.'),
    dimensions: z.int().min(2).max(16_000).default(96).describe('Elements of a vector.'),
    queries: z.int().min(1).max(1_000_000).default(1000).describe('Query vectors; none of them is a row of the base.'),
    seed: z.int().default(1).describe('The same seed and the same settings give the same bytes on every machine.'),

    intrinsic_dimension: z
      .int()
      .min(1)
      .max(1000)
      .default(16)
      .describe('Dimensions of the curved surface (manifold) on which the vectors lie before noise is added.'),
    clusters: z.int().min(1).max(1_000_000).default(100).describe('Topics: regions where vectors are dense.'),
    cluster_skew: z
      .number()
      .min(0)
      .max(4)
      .default(0.8)
      .describe('Zipf exponent of cluster sizes: the i-th cluster is in proportion to 1 / i^skew; 0 makes all equal.'),
    spread: z
      .number()
      .min(0)
      .max(10)
      .default(0.5)
      .describe('Standard deviation of documents within a cluster, in units of that of the cluster centres.'),
    rows_per_document: z
      .number()
      .min(1)
      .max(10_000)
      .default(20)
      .describe(
        'Mean number of consecutive rows that are pieces of one document; 1 means that there are no documents.',
      ),
    document_spread: z
      .number()
      .min(0)
      .max(10)
      .default(0.3)
      .describe('Standard deviation of rows within a document, in units of that of the cluster centres.'),
    noise: z
      .number()
      .min(0)
      .max(10)
      .default(0.1)
      .describe('Length of the noise vector added in all dimensions, in units of the vector’s own length.'),

    duplicates: share('Rows whose vector equals that of an earlier row').default(0.01),
    near_duplicates: share('Rows whose vector is that of an earlier row, hardly changed').default(0.02),
    outliers: share('Rows that belong to no cluster and lie off the manifold').default(0.005),
    out_of_distribution: share('Queries that lie between two clusters, where there are no rows').default(0),
    normalised: z
      .boolean()
      .default(true)
      .describe('true: every vector has length 1 (metric cosine). false: lengths vary by a quarter (metric l2).'),
  })
  .refine((spec) => spec.duplicates + spec.near_duplicates + spec.outliers <= 1, {
    message: 'Expected duplicates + near_duplicates + outliers to be at most 1.',
    path: ['duplicates'],
  });

/** Settings of the generator with every default filled in. */
export type GenerateSpec = z.output<typeof generateSchema>;
