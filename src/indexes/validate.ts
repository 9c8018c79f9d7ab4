import { PgvtuneError } from '../errors.js';
import { formatCount } from '../units.js';
import { comparesBits, type IndexSpec, type Metric, type Representation } from '../vocabulary.js';
import type { IndexKind, RepresentationSupport } from './kind.js';
import { parametersOf } from './kind.js';
import { indexKind } from './registry.js';
import { isOlder } from './defects.js';
import { storedDimensions } from './representations.js';

/** What is known about the table and the server that a spec is meant for. */
export interface SpecContext {
  readonly dimensions: number;
  readonly metric: Metric;
  /** Rows with a vector; left out when unknown. */
  readonly rows?: number;
  /** Version of the extension, `0.8.6`; left out when unknown. */
  readonly pgvector?: string;
  /** Of each vector, where the column is a `sparsevec`; left out for a column of type `vector`. */
  readonly nonZeros?: number;
  /** A number that `halfvec` cannot hold, where the vectors have one. */
  readonly beyondHalf?: UnstorableNumber | undefined;
}

/** Where a number is that a type cannot hold. */
export interface UnstorableNumber {
  readonly table: 'base' | 'queries';
  /** Of the source, counting from 0. */
  readonly row: number;
  readonly value: number;
}

function checkParameters(kind: IndexKind, spec: IndexSpec, rows: number | undefined): void {
  for (const [name, value] of Object.entries(spec.parameters)) {
    const parameter = kind.parameters.find((p) => p.name === name);
    if (parameter === undefined) {
      const known = kind.parameters.map((p) => p.name).join(', ') || 'none';
      throw new PgvtuneError('usage', `Expected a build parameter of ${kind.title}, got "${name}".`, {
        hint: `${kind.title} has these build parameters: ${known}.`,
      });
    }
    if (!Number.isInteger(value) || value < parameter.min || value > parameter.max) {
      throw new PgvtuneError(
        'usage',
        `Expected ${name} to be a whole number from ${parameter.min} to ${parameter.max}, got ${value}.`,
        { hint: `Leave ${name} out for the default, ${parameter.default}.` },
      );
    }
  }
  const conflict = kind.conflict(parametersOf(kind, spec), rows);
  if (conflict !== null) throw new PgvtuneError('usage', conflict.message, { hint: conflict.hint });
}

/** @throws {PgvtuneError} `usage` where the server would refuse a row or a query while it casts it to `halfvec` */
function checkHalf({ representation }: IndexSpec, beyond: UnstorableNumber | undefined): void {
  if (representation !== 'halfvec' || beyond === undefined) return;
  const { table, row, value } = beyond;
  throw new PgvtuneError(
    'usage',
    `Expected numbers within ±65,504 for halfvec, got ${value} in ${table === 'base' ? 'row' : 'query'} ${formatCount(row)}.`,
    { hint: 'Scale the vectors down, or leave halfvec out.' },
  );
}

/** Source: pgvector `sparsevec.h` SPARSEVEC_MAX_DIM. */
const MOST_SPARSE_DIMENSIONS = 1_000_000_000;
/** Versions of the extension that brought a metric; the others were there from the beginning. Source: CHANGELOG.md. */
const METRIC_SINCE: Partial<Record<Metric, string>> = { l1: '0.7.0', hamming: '0.7.0', jaccard: '0.7.0' };

/** Version of the extension that brought `sparsevec`. */
const SPARSE_SINCE = '0.7.0';

function checkSparse(
  kind: IndexKind,
  representation: Representation,
  { nonZeros, dimensions }: { readonly nonZeros: number; readonly dimensions: number },
): void {
  if (kind.mostNonZeros === null) {
    throw new PgvtuneError('usage', `${kind.title} has no operator class for sparse vectors.`, { hint: 'Use HNSW.' });
  }
  if (representation !== 'vector') {
    throw new PgvtuneError('usage', `Expected sparse vectors to be stored as they are, got ${representation}.`);
  }
  if (dimensions > MOST_SPARSE_DIMENSIONS) {
    throw new PgvtuneError(
      'usage',
      `Expected at most ${formatCount(MOST_SPARSE_DIMENSIONS)} dimensions of a sparse vector, got ${formatCount(dimensions)}.`,
    );
  }
  const most = Math.min(kind.mostNonZeros, dimensions);
  if (nonZeros >= 1 && nonZeros <= most) return;
  throw new PgvtuneError(
    'usage',
    `Expected 1 to ${formatCount(most)} non-zero elements for ${kind.title} on sparse vectors of ${formatCount(dimensions)} dimensions, got ${formatCount(nonZeros)}.`,
    { hint: 'Keep the largest elements of each vector.' },
  );
}

function checkSubvector({ representation, dimensions: kept }: IndexSpec, dimensions: number): void {
  if (representation === 'subvector' ? kept !== undefined && kept < dimensions : kept === undefined) return;
  const got = kept === undefined ? 'none' : formatCount(kept);
  throw new PgvtuneError(
    'usage',
    representation === 'subvector'
      ? `Expected a subvector to have fewer dimensions than the ${formatCount(dimensions)} of the vector, got ${got}.`
      : `Expected dimensions to be named for a subvector only, got ${got} for ${representation}.`,
    { hint: 'Name how many of the first dimensions: subvector(256), or in a configuration {subvector: 256}.' },
  );
}

function checkDense(
  spec: IndexSpec,
  {
    kind,
    support,
    what,
    dimensions,
  }: {
    readonly kind: IndexKind;
    readonly support: RepresentationSupport;
    readonly what: string;
    readonly dimensions: number;
  },
): void {
  checkSubvector(spec, dimensions);
  const stored = storedDimensions(spec, dimensions);
  if (stored > support.maxDimensions) {
    const roomier = Object.entries(kind.representations).find(([, s]) => stored <= s.maxDimensions)?.[0];
    throw new PgvtuneError(
      'usage',
      `Expected at most ${formatCount(support.maxDimensions)} dimensions for ${kind.title} on ${what}, got ${formatCount(stored)}.`,
      {
        hint:
          roomier === undefined
            ? 'Use vectors with fewer dimensions.'
            : `Use representation ${roomier}, which allows that many.`,
      },
    );
  }
}

/**
 * Refuses a spec that the server would refuse, or that cannot be meant, before anything is built.
 *
 * @throws {PgvtuneError} `usage`: unknown method or parameter, a value out of range, parameters that contradict each
 *   other, a representation or metric that the method does not index, too many dimensions, numbers that it cannot hold, a subvector without any to leave out, sparse vectors
 *   with more elements than it indexes, or an extension that is too old
 */
export function validateSpec(spec: IndexSpec, context: SpecContext): void {
  const { dimensions, metric, rows, pgvector } = context;
  const kind = indexKind(spec.method);
  if (comparesBits(metric) && spec.representation !== 'vector') {
    throw new PgvtuneError(
      'usage',
      `Expected bits to be indexed as they are, got the representation "${spec.representation}".`,
      { hint: 'Use the representation vector, which is the column as it is.' },
    );
  }
  const support = comparesBits(metric) ? kind.bits : kind.representations[spec.representation];
  const what = comparesBits(metric) ? 'bits' : spec.representation;
  if (support === undefined) {
    throw new PgvtuneError('usage', `Expected a representation of ${kind.title}, got "${spec.representation}".`, {
      hint: `${kind.title} supports ${Object.keys(kind.representations).join(', ')}.`,
    });
  }
  if (!support.metrics.includes(metric)) {
    throw new PgvtuneError('usage', `Expected a metric that ${kind.title} on ${what} supports, got "${metric}".`, {
      hint: `It supports ${support.metrics.join(', ')}.`,
    });
  }
  checkHalf(spec, context.beyondHalf);
  if (context.nonZeros === undefined) checkDense(spec, { kind, support, what, dimensions });
  else checkSparse(kind, spec.representation, { nonZeros: context.nonZeros, dimensions });
  const needs = [
    context.nonZeros === undefined
      ? { what: `${kind.title} on ${what}`, since: support.since }
      : { what: `${kind.title} on sparse vectors`, since: SPARSE_SINCE },
    { what: `the metric ${metric}`, since: METRIC_SINCE[metric] ?? '0.1.0' },
  ];
  const lacks = needs.find(({ since }) => pgvector !== undefined && isOlder(pgvector, since));
  if (lacks !== undefined) {
    throw new PgvtuneError(
      'usage',
      `Expected pgvector ${lacks.since} or later for ${lacks.what}, the server has ${pgvector}.`,
      { hint: 'Update the extension (ALTER EXTENSION vector UPDATE), or leave it out.' },
    );
  }
  checkParameters(kind, spec, rows);
}
