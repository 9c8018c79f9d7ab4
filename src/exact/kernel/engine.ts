import { PgvtuneError } from '../../errors.js';
import { formatBytes } from '../../units.js';

/** Memory that WebAssembly code and several threads work on at once. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of the engine that is used here; TypeScript describes it only together with a browser's interfaces. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { host: { memory: WasmMemory } }) => { readonly exports: unknown };
  readonly validate: (binary: Uint8Array) => boolean;
};

/** Memory comes in pages of 64 kB. */
const PAGE_BYTES = 65_536;

export const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES);

/** @throws {PgvtuneError} `environment` when there are not so many bytes; WebAssembly's limit is 4 GB */
export function allocateMemory(bytes: number): WasmMemory {
  const pages = pagesOf(bytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new PgvtuneError('environment', `Cannot have ${formatBytes(bytes)} of memory for the exact search.`, {
      hint: 'Ask for fewer queries at a time, or free memory.',
      cause,
    });
  }
}

/** A module's exports; null when the engine lacks an instruction. */
export function instantiate(binary: Uint8Array, memory: WasmMemory): unknown {
  if (!WebAssembly.validate(binary)) return null;
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { host: { memory } }).exports;
}
