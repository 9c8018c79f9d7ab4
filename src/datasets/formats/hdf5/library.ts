import type * as H5wasm from 'h5wasm/node';

/**
 * h5wasm, loaded late: it is 14 MB of WebAssembly that most runs do not need. HDF5's own messages are thrown instead of
 * printed; what was thrown out of the middle of HDF5 leaves its state in disorder.
 */
export async function loadHdf5(): Promise<typeof H5wasm> {
  const h5wasm = await import('h5wasm/node');
  const module = await h5wasm.ready;
  module.activate_throwing_error_handler();
  return h5wasm;
}
