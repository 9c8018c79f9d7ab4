/*
 * Feeds damaged files of every format to the readers. A reader may read them or refuse them with the file's name; it may
 * not throw anything else, hang, or take the process along. Prints counts a format, and what was wrong with its seed.
 *
 *   npm run build && npx tsc -p campaign && node dist-campaign/campaign/readers.js [seed=1] [inputs=100000] [minutes=60]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzReaders } from './fuzz-readers.js';

const [seed = '1', inputs = '100000', minutes = '60'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'pgvtune-readers-'));
try {
  const { counts, wrong } = await fuzzReaders({
    folder,
    seed: Number(seed),
    inputs: Number(inputs),
    mostMs: Number(minutes) * 60_000,
  });
  const lines = Array.from(counts, ([end, { read, refused }]) => `| ${end} | ${read} | ${refused} |`);
  process.stdout.write(
    ['| format | read | refused |', '| --- | --: | --: |', ...lines, '', `Wrong: ${wrong.length}`, ...wrong, ''].join(
      '\n',
    ),
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
