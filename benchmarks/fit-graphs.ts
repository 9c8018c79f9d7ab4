import { add, identity, lusolve, matrix, multiply, transpose } from 'mathjs';
import type { GridBuild, RecordedGrid } from './grid-file.js';
import { fullBuilds } from './outcome.js';

/*
 * The logarithm of the buffers of a graph over those of pgvector's default graph at the same recall, fitted by m,
 * ef_construction and how far beyond k the default has to look there.
 */

const RECALLS = [0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995];
const DEFAULT = { m: 16, ef_construction: 64 };
/** Pulls the coefficients to zero, so that few grids do not bend the surface. */
const RIDGE = 0.3;

export interface Graph {
  readonly recall: number;
  readonly m: number;
  readonly efConstruction: number;
  /** Doublings from k to the ef_search that the default graph needs. */
  readonly depth: number;
  /** Logarithm of its buffers over those of the default graph. */
  readonly effort: number;
}

const recallOf = (hits: string): number =>
  Array.from(hits).reduce((sum, hit) => sum + Number.parseInt(hit, 16), 0) / hits.length / 10;

/** Between the settings recorded; null beyond them. */
function at({ points }: GridBuild, recall: number): { readonly buffers: number; readonly ef: number } | null {
  const known = points.map(({ hits, buffers, settings }) => ({
    recall: recallOf(hits),
    buffers,
    ef: Number(settings['ef_search']),
  }));
  const above = known.findIndex((point) => point.recall >= recall);
  const [left, right] = [known[above - 1], known[above]];
  if (!right) return null;
  if (!left) return right;
  const share = (recall - left.recall) / (right.recall - left.recall);
  const between = (a: number, b: number): number => a + share * (b - a);
  return { buffers: between(left.buffers, right.buffers), ef: between(left.ef, right.ef) };
}

/** The graphs of a grid on all rows in full precision, at each recall that they and the default one reach. */
export function graphsOf(grid: RecordedGrid): readonly Graph[] {
  const graphs = fullBuilds(grid).filter(({ spec }) => spec.method === 'hnsw' && spec.representation === 'vector');
  const parametersOf = ({ spec }: GridBuild) => ({
    m: Number(spec.parameters['m']),
    efConstruction: Number(spec.parameters['ef_construction']),
  });
  const usual = graphs.find((build) => {
    const { m, efConstruction } = parametersOf(build);
    return m === DEFAULT.m && efConstruction === DEFAULT.ef_construction;
  })!;
  return RECALLS.flatMap((recall) => {
    const control = at(usual, recall);
    if (!control) return [];
    return graphs.flatMap((build) => {
      const found = build === usual ? null : at(build, recall);
      return found
        ? [
            {
              recall,
              ...parametersOf(build),
              depth: Math.log2(control.ef / grid.header.k),
              effort: Math.log(found.buffers / control.buffers),
            },
          ]
        : [];
    });
  });
}

/** A quadratic in doublings of both parameters, each term of which may change with the depth; nothing at the default. */
function termsOf({ m, efConstruction, depth }: Graph): readonly number[] {
  const [a, b] = [Math.log2(efConstruction / DEFAULT.ef_construction), Math.log2(m / DEFAULT.m)];
  const terms = [a, a * a, b, b * b, a * b];
  return [...terms, ...terms.map((term) => term * depth)];
}

/** Ridge regression: five coefficients, and as many for each doubling of the depth. */
export function fit(graphs: readonly Graph[]): readonly number[] {
  const x = matrix(graphs.map((graph) => [...termsOf(graph)]));
  const y = matrix(graphs.map(({ effort }) => [effort]));
  const terms = x.size()[1]!;
  const normal = add(multiply(transpose(x), x), multiply(RIDGE, identity(terms)));
  return (lusolve(normal as never, multiply(transpose(x), y)) as unknown as { toArray(): number[][] })
    .toArray()
    .map(([coefficient]) => coefficient!);
}

export const predict = (coefficients: readonly number[], graph: Graph): number =>
  termsOf(graph).reduce((sum, term, i) => sum + term * coefficients[i]!, 0);
