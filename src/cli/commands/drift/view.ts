import { z } from 'zod';
import { type Dataset, type DatasetPair, idsOf, type PairSide } from '../../../datasets/index.js';
import { PgvtuneError } from '../../../errors.js';
import type { Drift } from '../../../nightly/index.js';

interface DriftParts {
  readonly base: Dataset;
  readonly candidate: Dataset;
  readonly pair: DatasetPair;
  readonly drift: Drift;
}

/** What is printed: the comparison, the datasets, and a row of each region by its id. */
export async function driftView({ base, candidate, pair, drift }: DriftParts) {
  const ids = await idsOfExamples(candidate, drift.regions, pair.candidate.rows);
  return {
    base: describe(base, pair.base),
    candidate: describe(candidate, pair.candidate),
    ...drift,
    regions: drift.regions.map((region, i) => ({ ...region, exampleId: ids[i]! })),
  };
}

/** @throws {PgvtuneError} `usage` for two datasets whose vectors cannot be compared */
export function refuseUnlike(base: Dataset, candidate: Dataset): void {
  const [one, other] = [base.manifest, candidate.manifest];
  if (one.dimensions !== other.dimensions) {
    throw new PgvtuneError(
      'usage',
      `Expected two datasets of the same dimensions, got ${one.dimensions} in ${one.name} and ${other.dimensions} in ${other.name}.`,
      { hint: 'Vectors of another model are not comparable.' },
    );
  }
  if (one.metric !== null && other.metric !== null && one.metric !== other.metric) {
    throw new PgvtuneError(
      'usage',
      `Expected two datasets of the same metric, got ${one.metric} in ${one.name} and ${other.metric} in ${other.name}.`,
      { hint: 'Import one of them again with --metric.' },
    );
  }
}

const sampleSchema = z.object({ kind: z.literal('table'), rows: z.number() });

function describe({ manifest }: Dataset, { onlyHere }: PairSide) {
  const { name, hash, rows, queries, queriesHeldOut, checks, source } = manifest;
  const asked = sampleSchema.safeParse(source).data?.rows ?? Infinity;
  return {
    name,
    hash,
    rows,
    duplicates: checks.duplicateRows / rows,
    onlyHere,
    // As many as were asked for: the table may have more.
    isSample: rows + (queriesHeldOut ? queries : 0) >= asked,
  };
}

/** In the order of the regions; null where a region has no row of the candidate. */
async function idsOfExamples(
  candidate: Dataset,
  regions: readonly { readonly example: number | null }[],
  rows: readonly number[],
): Promise<readonly (string | number | null)[]> {
  const numbers = regions.map(({ example }) => (example === null ? null : rows[example]!));
  const known = numbers.filter((number) => number !== null);
  const ids = new Map<number, string | number>();
  for (const [i, id] of (await idsOf(candidate, known)).entries()) ids.set(known[i]!, id);
  return numbers.map((number) => (number === null ? null : ids.get(number)!));
}
