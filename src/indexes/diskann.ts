import { type IndexKind, numberOf } from './kind.js';
import { plainStorage } from './storage.js';
import { unmodelled } from './unmodelled.js';

/** Source: pgvectorscale `build.rs` MAX_DIMENSION_NO_SBQ. */
const MOST_PLAIN_DIMENSIONS = 2000;
const LEAST_NEIGHBORS = 10;

/**
 * pgvectorscale's StreamingDiskANN: a graph of compressed vectors, whose nearest are sorted anew by the vectors
 * themselves. It gives rows for as long as they are asked for, in nearly the right order.
 *
 * Source: pgvectorscale 0.9.0 `options.rs`, `guc.rs`, `build.rs`, `access_method/mod.rs`.
 */
export const diskann: IndexKind = {
  ...unmodelled,
  name: 'diskann',
  accessMethod: 'diskann',
  extension: 'vectorscale',
  since: '0.6.0',
  title: 'DiskANN',
  parameters: [
    {
      kind: 'choice',
      name: 'storage_layout',
      meaning: 'memory_optimized keeps the vectors compressed, plain as they are.',
      values: ['memory_optimized', 'plain'],
      default: 'memory_optimized',
    },
    // Less than 0 and 0: what pgvectorscale chooses by the dimensions.
    {
      kind: 'number',
      name: 'num_neighbors',
      meaning: 'Links of a vertex to its neighbours; -1 leaves it to pgvectorscale.',
      integer: true,
      min: -1,
      max: 1000,
      default: -1,
    },
    {
      kind: 'number',
      name: 'search_list_size',
      meaning: 'Candidates kept while a vertex is inserted.',
      integer: true,
      min: 10,
      max: 1000,
      default: 100,
    },
    {
      kind: 'number',
      name: 'max_alpha',
      meaning: 'How much farther a way round may be before a link is pruned.',
      integer: false,
      min: 1,
      max: 5,
      default: 1.2,
    },
    {
      kind: 'number',
      name: 'num_dimensions',
      meaning: 'How many of the first dimensions are indexed; 0 is all.',
      integer: true,
      min: 0,
      max: 5000,
      default: 0,
    },
    {
      kind: 'number',
      name: 'num_bits_per_dimension',
      meaning: 'Bits that a compressed vector has for a dimension; 0 leaves it to pgvectorscale.',
      integer: true,
      min: 0,
      max: 32,
      default: 0,
    },
  ],
  storage: plainStorage,
  // Its README: "We suggest adjusting diskann.query_rescore to fine-tune accuracy."
  knobs: [
    {
      kind: 'number',
      name: 'query_rescore',
      meaning: 'Rows that a query sorts anew by their vectors.',
      guc: 'diskann.query_rescore',
      since: '0.6.0',
      min: 0,
      max: 1000,
      default: 50,
      integer: true,
      monotone: true,
    },
    {
      kind: 'number',
      name: 'query_search_list_size',
      guc: 'diskann.query_search_list_size',
      since: '0.6.0',
      min: 1,
      max: 10_000,
      default: 100,
      integer: true,
      monotone: false,
    },
  ],
  representations: { vector: { maxDimensions: 16_000, metrics: ['l2', 'ip', 'cosine'], since: '0.7.0' } },
  conflict: (parameters, { dimensions = 0, metric }) => {
    const neighbors = numberOf(parameters, 'num_neighbors', -1);
    if (neighbors >= 0 && neighbors < LEAST_NEIGHBORS) {
      return {
        message: `Expected num_neighbors to be -1 or at least ${LEAST_NEIGHBORS}, got ${neighbors}.`,
        hint: 'Leave num_neighbors out for the default, -1.',
      };
    }
    if (parameters['storage_layout'] !== 'plain') return null;
    if (metric === 'ip') {
      return {
        message: 'DiskANN with storage_layout plain has no inner product.',
        hint: 'Use storage_layout memory_optimized.',
      };
    }
    const indexed = numberOf(parameters, 'num_dimensions', 0) || dimensions;
    return indexed > MOST_PLAIN_DIMENSIONS
      ? {
          message: `Expected at most ${MOST_PLAIN_DIMENSIONS} dimensions for storage_layout plain, got ${indexed}.`,
          hint: 'Use storage_layout memory_optimized, or index fewer with num_dimensions.',
        }
      : null;
  },
};
