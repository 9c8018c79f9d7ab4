import * as wasm from './assembler.js';
import { f32x4, f64, f64x2, i32, relaxedF32x4, v128, type Arithmetic, type Code, type Local } from './assembler.js';
import { instantiate, pagesOf, type WasmMemory } from './engine.js';
import {
  BLOCK_QUERIES,
  BLOCK_ROWS,
  FLOAT_BYTES,
  LANES,
  MAX_TILE_ROWS,
  strideOf,
  type Kernel,
  type ScoreRows,
  type SumName,
} from './kernel.js';

/*
 * The kernel in WebAssembly SIMD, assembled for one length of vector.
 *
 * Scoring works on blocks of 2 queries × 4 rows. Eight sums, the six vectors that they grow from and one product take
 * fifteen 128-bit registers, as many as V8 has to give on x86-64: a larger block spills sums to the stack, a smaller one
 * loads more for each product.
 *
 * Only scores may be relaxed: they are bounded whether a product is rounded before it is added or not, and choose rows
 * whose distances are summed in float64, which are the same everywhere.
 */

const REGISTER_BYTES = LANES * FLOAT_BYTES;

/** The sum so far, some values of one vector and of another ↦ the sum with their terms. */
type AddTerms = (lanes: Arithmetic, sum: Code, a: Code, b: Code) => Code;

const addTerms: Record<SumName, AddTerms> = {
  products: ({ addProduct }, sum, a, b) => addProduct(sum, a, b),
  squaredDifferences: ({ addProduct, sub }, sum, a, b) => addProduct(sum, sub(a, b), sub(a, b)),
  absoluteDifferences: ({ add, sub, abs }, sum, a, b) => add(sum, abs(sub(a, b))),
};

function scoreFunction(name: SumName, stride: number, lanes: Arithmetic): wasm.WasmFunction {
  const parameters = { queries: 'i32', rows: 'i32', count: 'i32', scales: 'i32', scores: 'i32' } as const;
  return wasm.defineFunction(`score ${name}`, { parameters, results: [] }, (p, declare) => {
    const query = declare('i32');
    const row = declare('i32');
    const queryEnd = declare('i32');
    const scoresEnd = declare('i32');
    const queryValues = times(BLOCK_QUERIES, () => declare('v128'));
    const rowValues = times(BLOCK_ROWS, () => declare('v128'));
    const sums = queryValues.map((a) => rowValues.map((b) => ({ a, b, total: declare('v128') })));

    const addFourDimensions = [
      ...rowValues.flatMap((values, c) => values.set(v128.load(row.get, c * stride))),
      ...queryValues.flatMap((values, r) => values.set(v128.load(query.get, r * stride))),
      ...sums.flat().flatMap(({ a, b, total }) => total.set(addTerms[name](lanes, total.get, a.get, b.get))),
      ...advance(row, REGISTER_BYTES),
      ...advance(query, REGISTER_BYTES),
    ];
    const scoreBlock = [
      ...sums.flat().flatMap(({ total }) => total.set(v128.zero)),
      ...row.set(p.rows.get),
      ...query.set(p.queries.get),
      ...wasm.repeatWhile(addFourDimensions, i32.lessThan(query.get, queryEnd.get)),
      ...sums.flatMap((ofQuery, r) => {
        const totals = addLanes(ofQuery.map(({ total }) => total.get));
        const scaled = f32x4.mul(totals, v128.load(p.scales.get));
        return v128.store(p.scores.get, scaled, r * MAX_TILE_ROWS * FLOAT_BYTES);
      }),
      ...advance(p.rows, BLOCK_ROWS * stride),
      ...advance(p.scales, BLOCK_ROWS * FLOAT_BYTES),
      ...advance(p.scores, BLOCK_ROWS * FLOAT_BYTES),
    ];
    return [
      ...queryEnd.set(i32.add(p.queries.get, i32.const(stride))),
      ...scoresEnd.set(i32.add(p.scores.get, i32.mul(p.count.get, i32.const(FLOAT_BYTES)))),
      ...wasm.repeatWhile(scoreBlock, i32.lessThan(p.scores.get, scoresEnd.get)),
    ];
  });
}

/** The sums of the lanes of four registers, in one register. */
function addLanes(registers: readonly Code[]): Code {
  const [a, b, c, d] = registers as [Code, Code, Code, Code];
  const addPairs = (x: Code, y: Code) => f32x4.add(v128.shuffle(x, y, [0, 2, 4, 6]), v128.shuffle(x, y, [1, 3, 5, 7]));
  return addPairs(addPairs(a, b), addPairs(c, d));
}

function sumFunction(name: SumName, stride: number): wasm.WasmFunction {
  const parameters = { a: 'i32', b: 'i32' } as const;
  return wasm.defineFunction(`sum ${name}`, { parameters, results: ['f64'] }, (p, declare) => {
    const end = declare('i32');
    const a = declare('v128');
    const b = declare('v128');
    const halves = [
      { lanes: [0, 1, 0, 1], total: declare('v128') },
      { lanes: [2, 3, 2, 3], total: declare('v128') },
    ];
    const widened = (values: Local, lanes: readonly number[]) =>
      f64x2.promoteLow(v128.shuffle(values.get, values.get, lanes));
    const addFourDimensions = [
      ...a.set(v128.load(p.a.get)),
      ...b.set(v128.load(p.b.get)),
      ...halves.flatMap(({ lanes, total }) =>
        total.set(addTerms[name](f64x2, total.get, widened(a, lanes), widened(b, lanes))),
      ),
      ...advance(p.a, REGISTER_BYTES),
      ...advance(p.b, REGISTER_BYTES),
    ];
    const [low, high] = halves.map(({ total }) => total.get) as [Code, Code];
    return [
      ...end.set(i32.add(p.a.get, i32.const(stride))),
      ...wasm.repeatWhile(addFourDimensions, i32.lessThan(p.a.get, end.get)),
      ...a.set(f64x2.add(low, high)),
      ...f64.add(f64x2.lane(0)(a.get), f64x2.lane(1)(a.get)),
    ];
  });
}

function findWithinFunction(): wasm.WasmFunction {
  const parameters = { scores: 'i32', from: 'i32', to: 'i32', limit: 'f32' } as const;
  return wasm.defineFunction('findWithin', { parameters, results: ['i32'] }, (p, declare) => {
    const within = declare('i32');
    const scores = v128.load(i32.add(p.scores.get, i32.mul(p.from.get, i32.const(FLOAT_BYTES))));
    const lookAtFour = [
      ...within.set(v128.bitmask(v128.not(f32x4.greaterThan(scores, f32x4.splat(p.limit.get))))),
      ...wasm.returnIf(within.get, i32.add(p.from.get, i32.trailingZeros(within.get))),
      ...advance(p.from, LANES),
    ];
    return [...wasm.repeatWhile(lookAtFour, i32.lessThan(p.from.get, p.to.get)), ...p.from.get];
  });
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const advance = (local: Local, amount: number): Code => local.set(i32.add(local.get, i32.const(amount)));

/** null when the engine has no SIMD. */
export function createSimdKernel(memory: WasmMemory, dimensions: number): Kernel | null {
  const stride = strideOf(dimensions);
  const names = Object.keys(addTerms) as SumName[];
  const exportsWith = (lanes: Arithmetic): unknown => {
    const functions = names.flatMap((name) => [scoreFunction(name, stride, lanes), sumFunction(name, stride)]);
    return instantiate(
      wasm.assembleModule([...functions, findWithinFunction()], pagesOf(memory.buffer.byteLength)),
      memory,
    );
  };
  const exports = (exportsWith(relaxedF32x4) ?? exportsWith(f32x4)) as Record<string, unknown> | null;
  if (exports === null) return null;
  const byName = <F>(kind: string) =>
    Object.fromEntries(names.map((name) => [name, exports[`${kind} ${name}`]])) as Record<SumName, F>;
  return {
    score: byName<ScoreRows>('score'),
    sum: byName<Kernel['sum'][SumName]>('sum'),
    findWithin: exports['findWithin'] as Kernel['findWithin'],
  };
}
