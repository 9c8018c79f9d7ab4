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

/** @param bytes at most 4 GB; rounded up to whole pages */
export const allocateMemory = (bytes: number): WasmMemory =>
  new WebAssembly.Memory({ initial: pagesOf(bytes), maximum: pagesOf(bytes), shared: true });

/** A module's exports; null when the engine lacks an instruction. */
export function instantiate(binary: Uint8Array, memory: WasmMemory): unknown {
  if (!WebAssembly.validate(binary)) return null;
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { host: { memory } }).exports;
}
