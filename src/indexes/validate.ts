import { PgvtuneError } from '../errors.js';
import { formatCount } from '../units.js';
import type { IndexSpec, Metric } from '../vocabulary.js';
import type { IndexKind } from './kind.js';
import { parametersOf } from './kind.js';
import { indexKind } from './registry.js';
import { isOlder } from './defects.js';
import { storedValue } from './storages.js';

/** What is known about the table and the server that a spec is meant for. */
export interface SpecContext {
  readonly dimensions: number;
  readonly metric: Metric;
  /** Rows with a vector; left out when unknown. */
  readonly rows?: number;
  /** Version of the extension, `0.8.6`; left out when unknown. */
  readonly pgvector?: string;
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

function checkSubvector({ storage, dimensions: kept }: IndexSpec, dimensions: number): void {
  if (storage === 'subvector' ? kept !== undefined && kept < dimensions : kept === undefined) return;
  const got = kept === undefined ? 'none' : formatCount(kept);
  throw new PgvtuneError(
    'usage',
    storage === 'subvector'
      ? `Expected a subvector to have fewer dimensions than the ${formatCount(dimensions)} of the vector, got ${got}.`
      : `Expected dimensions to be named for a subvector only, got ${got} for ${storage}.`,
    { hint: 'Name how many of the first dimensions: subvector(256), or in a configuration {subvector: 256}.' },
  );
}

/**
 * Refuses a spec that the server would refuse, or that cannot be meant, before anything is built.
 *
 * @throws {PgvtuneError} `usage`: unknown method or parameter, a value out of range, parameters that contradict each
 *   other, a storage or metric that the method does not index, too many dimensions, a subvector without any to leave out, or an extension that is too old
 */
export function validateSpec(spec: IndexSpec, context: SpecContext): void {
  const { dimensions, metric, rows, pgvector } = context;
  const kind = indexKind(spec.method);
  const support = kind.storages[spec.storage];
  if (support === undefined) {
    throw new PgvtuneError('usage', `Expected a storage of ${kind.title}, got "${spec.storage}".`, {
      hint: `${kind.title} supports ${Object.keys(kind.storages).join(', ')}.`,
    });
  }
  if (!support.metrics.includes(metric)) {
    throw new PgvtuneError(
      'usage',
      `Expected a metric that ${kind.title} on ${spec.storage} supports, got "${metric}".`,
      {
        hint: `It supports ${support.metrics.join(', ')}.`,
      },
    );
  }
  checkSubvector(spec, dimensions);
  const stored = storedValue(spec, dimensions).dimensions;
  if (stored > support.maxDimensions) {
    const roomier = Object.entries(kind.storages).find(([, s]) => stored <= s.maxDimensions)?.[0];
    throw new PgvtuneError(
      'usage',
      `Expected at most ${formatCount(support.maxDimensions)} dimensions for ${kind.title} on ${spec.storage}, got ${formatCount(stored)}.`,
      {
        hint:
          roomier === undefined
            ? 'Use vectors with fewer dimensions.'
            : `Use storage ${roomier}, which allows that many.`,
      },
    );
  }
  if (pgvector !== undefined && isOlder(pgvector, support.since)) {
    throw new PgvtuneError(
      'usage',
      `Expected pgvector ${support.since} or later for ${kind.title} on ${spec.storage}, the server has ${pgvector}.`,
      { hint: 'Update the extension, or leave this index out.' },
    );
  }
  checkParameters(kind, spec, rows);
}
