export { allocateMemory, type WasmMemory } from './engine.js';
export { BLOCK_QUERIES, BLOCK_ROWS, FLOAT_BYTES, MAX_TILE_ROWS, strideOf, type SumName } from './kernel.js';
export { createReferenceKernel } from './reference-kernel.js';
export { createSimdKernel } from './simd-kernel.js';
