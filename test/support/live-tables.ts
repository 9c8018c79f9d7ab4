import { type Session, vectorText } from '../../src/postgres/index.js';
import { createRandom } from '../../src/random.js';

/** Vectors around a few centres, as rows of numbers: the same on every machine. */
export function clusteredVectors(rows: number, dimensions: number, seed: string): Float32Array[] {
  const random = createRandom(seed);
  const centres = Array.from({ length: 12 }, () => Float32Array.from({ length: dimensions }, () => random.normal()));
  return Array.from({ length: rows }, () => {
    const centre = centres[random.int(centres.length)]!;
    return centre.map((x) => x + 0.6 * random.normal());
  });
}

/** Inserts rows `(id, tenant, embedding)`, ids from 0; null stands for no vector. */
export async function insertVectors(
  session: Session,
  table: string,
  vectors: readonly (Float32Array | null)[],
): Promise<void> {
  await session.query(
    `INSERT INTO ${table} SELECT n - 1, (n - 1) % 10, v::vector FROM unnest($1::text[]) WITH ORDINALITY AS given(v, n)`,
    [vectors.map((vector) => (vector ? vectorText(vector) : null)) as string[]],
  );
}
