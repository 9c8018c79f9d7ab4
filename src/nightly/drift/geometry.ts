import type { Random } from '../../random.js';
import type { Matrix } from '../../vocabulary.js';

const vectorOf = ({ dimensions, values }: Matrix, row: number): Float32Array =>
  values.subarray(row * dimensions, (row + 1) * dimensions);

/** Sum of squares of the differences; the vectors have one length. */
function squared(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum;
}

/** Euclidean lengths of the vectors. */
export const lengthsOf = (vectors: Matrix): Float64Array =>
  Float64Array.from({ length: vectors.rows }, (_, row) =>
    Math.sqrt(vectorOf(vectors, row).reduce((sum, value) => sum + value * value, 0)),
  );

/** The vectors at length 1; those of length 0 as they are. */
export function directionsOf(vectors: Matrix): Matrix {
  const lengths = lengthsOf(vectors);
  const { dimensions } = vectors;
  return { ...vectors, values: vectors.values.map((value, i) => value / (lengths[Math.trunc(i / dimensions)]! || 1)) };
}

/** One after the other. */
export function pooled(...parts: readonly Matrix[]): Matrix {
  const { dimensions } = parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const values = new Float32Array(rows * dimensions);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { rows, dimensions, values };
}

/** Rows of a matrix, without copying. */
export const rowsOf = ({ dimensions, values }: Matrix, from: number, to: number): Matrix => ({
  rows: to - from,
  dimensions,
  values: values.subarray(from * dimensions, to * dimensions),
});

/** Euclidean distances between all rows, n × n. */
export function distancesAmong(vectors: Matrix): Float32Array {
  const n = vectors.rows;
  const distances = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    const vector = vectorOf(vectors, i);
    for (let j = i + 1; j < n; j++) {
      const distance = Math.sqrt(squared(vector, vectorOf(vectors, j)));
      distances[i * n + j] = distance;
      distances[j * n + i] = distance;
    }
  }
  return distances;
}

/** Of each vector: which of the others is nearest, and how far it is. */
export function nearestOf(
  vectors: Matrix,
  others: Matrix,
): { readonly rows: Int32Array; readonly distances: Float64Array } {
  const rows = new Int32Array(vectors.rows);
  const distances = new Float64Array(vectors.rows);
  for (let i = 0; i < vectors.rows; i++) {
    const vector = vectorOf(vectors, i);
    let [nearest, least] = [0, Infinity];
    for (let j = 0; j < others.rows; j++) {
      const square = squared(vector, vectorOf(others, j));
      if (square < least) [nearest, least] = [j, square];
    }
    rows[i] = nearest;
    distances[i] = Math.sqrt(least);
  }
  return { rows, distances };
}

const ROUNDS = 10;

/**
 * Centres of groups of vectors, as IVFFlat makes its lists: k-means, begun at vectors far from one another (Arthur and
 * Vassilvitskii, k-means++: The advantages of careful seeding, SODA 2007).
 *
 * @param count at most one a vector
 */
export function centresOf(vectors: Matrix, count: number, random: Random): Matrix {
  const { dimensions } = vectors;
  let centres = firstCentres(vectors, count, random);
  for (let round = 0; round < ROUNDS; round++) {
    const { rows } = nearestOf(vectors, centres);
    const [sums, sizes] = [new Float64Array(count * dimensions), new Uint32Array(count)];
    for (const [row, centre] of rows.entries()) {
      sizes[centre]!++;
      for (const [i, value] of vectorOf(vectors, row).entries()) sums[centre * dimensions + i]! += value;
    }
    // A centre that lost its vectors stays where it is.
    const values = Float32Array.from(sums, (sum, i) => {
      const size = sizes[Math.trunc(i / dimensions)]!;
      return size === 0 ? centres.values[i]! : sum / size;
    });
    centres = { ...centres, values };
  }
  return centres;
}

function firstCentres(vectors: Matrix, count: number, random: Random): Matrix {
  const { dimensions, rows } = vectors;
  const values = new Float32Array(count * dimensions);
  const squares = new Float64Array(rows).fill(Infinity);
  let chosen = random.int(rows);
  for (let centre = 0; centre < count; centre++) {
    const vector = vectorOf(vectors, chosen);
    values.set(vector, centre * dimensions);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      squares[row] = Math.min(squares[row]!, squared(vectorOf(vectors, row), vector));
      total += squares[row]!;
    }
    let left = random.next() * total;
    chosen = Math.max(
      0,
      squares.findIndex((square) => (left -= square) < 0),
    );
  }
  return { rows: count, dimensions, values };
}
