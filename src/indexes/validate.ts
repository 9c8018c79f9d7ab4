import { PgvtuneError } from '../errors.js';
import { formatCount } from '../units.js';
import { comparesBits, type IndexSpec, type Metric, type Representation } from '../vocabulary.js';
import type { BuildParameter, IndexKind, RepresentationSupport } from './kind.js';
import { listOf, listText, parametersOf } from './kind.js';
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
  /** Versions of the extensions that the database has, by their names; left out when unknown. */
  readonly extensions?: Readonly<Record<string, string>>;
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

function isAllowed(parameter: BuildParameter, value: number | string): boolean {
  if (parameter.kind === 'choice') return typeof value === 'string' && parameter.values.includes(value);
  const { min, max, integer } = parameter;
  const isIn = (one: number): boolean => (integer ? Number.isInteger(one) : true) && one >= min && one <= max;
  if (parameter.kind === 'number') return typeof value === 'number' && isIn(value);
  const members = typeof value === 'string' ? listOf(value) : null;
  return (
    members !== null &&
    listText(members, parameter) === value &&
    members.length <= parameter.mostMembers &&
    members.every((member, i) => isIn(member) && member >= members[Math.max(0, i - 1)]!)
  );
}

function expected(parameter: BuildParameter): string {
  if (parameter.kind === 'choice') return `one of ${parameter.values.join(', ')}`;
  const range = `from ${parameter.min} to ${parameter.max}`;
  const whole = parameter.integer ? 'whole ' : '';
  return parameter.kind === 'number'
    ? `a ${whole}number ${range}`
    : `a list of at most ${parameter.mostMembers} ${whole}numbers ${range}, ascending`;
}

function checkParameters(
  kind: IndexKind,
  spec: IndexSpec,
  { rows, dimensions, metric }: Pick<SpecContext, 'rows' | 'dimensions' | 'metric'>,
): void {
  for (const [name, value] of Object.entries(spec.parameters)) {
    const parameter = kind.parameters.find((p) => p.name === name);
    if (parameter === undefined) {
      const known = kind.parameters.map((p) => p.name).join(', ') || 'none';
      throw new PgvtuneError('usage', `Expected a build parameter of ${kind.title}, got "${name}".`, {
        hint: `${kind.title} has these build parameters: ${known}.`,
      });
    }
    if (!isAllowed(parameter, value)) {
      throw new PgvtuneError('usage', `Expected ${name} to be ${expected(parameter)}, got ${value}.`, {
        hint: `Leave ${name} out for the default, ${parameter.default}.`,
      });
    }
  }
  const conflict = kind.conflict(parametersOf(kind, spec), { rows, dimensions, metric });
  if (conflict !== null) throw new PgvtuneError('usage', conflict.message, { hint: conflict.hint });
}

/** @throws {PgvtuneError} `usage` where the database lacks the extension that the access method belongs to, or has an older one */
function checkExtension({ title, extension, since }: IndexKind, extensions: SpecContext['extensions']): void {
  if (extensions === undefined || extension === 'vector') return;
  const version = extensions[extension];
  if (version === undefined) {
    throw new PgvtuneError('usage', `The server has no extension "${extension}"; ${title} belongs to it.`, {
      hint: `Run CREATE EXTENSION ${extension} CASCADE; as a role that may, or leave the index out.`,
    });
  }
  if (since === undefined || !isOlder(version, since)) return;
  throw new PgvtuneError('usage', `Expected ${extension} ${since} or later for ${title}, the server has ${version}.`, {
    hint: `Update the extension (ALTER EXTENSION ${extension} UPDATE), or leave the index out.`,
  });
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
 *   with more elements than it indexes, or an extension that is missing or too old
 */
export function validateSpec(spec: IndexSpec, context: SpecContext): void {
  const { dimensions, metric, pgvector } = context;
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
  if (support === undefined || support === null) {
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
  checkExtension(kind, context.extensions);
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
  checkParameters(kind, spec, context);
}

/** What {@link validateSpec} refuses a spec for; null when it does not. */
export function problemOfSpec(spec: IndexSpec, context: SpecContext): PgvtuneError | null {
  try {
    validateSpec(spec, context);
    return null;
  } catch (error) {
    if (error instanceof PgvtuneError) return error;
    throw error;
  }
}
