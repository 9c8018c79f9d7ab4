/*
 * Bundles dist/ into lib/, which is what the package holds and `npm link` runs: some dozens of files instead of one a module, and the declarations
 * that index.d.ts leads to. All scripts lie in one folder, where `workerEntry` finds those of threads and processes by name.
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = [
  'index.js',
  'cli/bin.js',
  'postgres/servers/supervisor.js',
  'postgres/servers/embedded-process.js',
  'datasets/formats/hdf5/worker.js',
  'exact/scan-worker.js',
  'measure/load/client-worker.js',
  'measure/load/load-process.js',
];

rmSync('lib', { recursive: true, force: true });
const bundle = await rolldown({
  input: ENTRIES.map((entry) => join('dist', entry)),
  external: /^[^./]/,
  platform: 'node',
  tsconfig: false,
});
await bundle.write({ dir: 'lib', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
await bundle.close();
cpSync('dist/postgres/servers/embedded-cluster.tar.gz', 'lib/embedded-cluster.tar.gz');

const declarations = new Set(['index.d.ts']);
for (const file of declarations) {
  cpSync(join('dist', file), join('lib', file));
  for (const [, path] of readFileSync(join('dist', file), 'utf8').matchAll(
    /(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g,
  )) {
    declarations.add(normalize(join(dirname(file), `${path}.d.ts`)));
  }
}
