/*
 * Random histories, built on a server by their migrations and again by their squashed form: any difference of the catalogs,
 * and any statement that fails, is a fault. The histories of the test suite are larger in number, but most of them are proved
 * by the model of a schema in memory; these by PostgreSQL.
 *
 *   npx tsc -p campaign && node dist-campaign/campaign/migrations.js [histories=2000] [seed=19]
 */
import fc from 'fast-check';
import { readCatalog } from '../src/experiment/migrations/catalog.js';
import { emptyDatabase, roleNames } from '../src/experiment/migrations/empty-database.js';
import { runScripts } from '../src/experiment/migrations/run-scripts.js';
import { compareCatalogs, planSquash, squashedScripts, upgradeScripts } from '../src/migrations/index.js';
import { openServer } from '../src/postgres/index.js';
import { loadGrammar } from '../src/statements/index.js';
import { randomHistory } from '../test/support/random-histories.js';

const [count = '2000', seed = '19'] = process.argv.slice(2);
await loadGrammar();
const server = await openServer('local', {
  run: 'campaign',
  signal: new AbortController().signal,
  note: () => undefined,
  asIs: true,
});
const session = await server.connect('campaign');
const roles = await roleNames(session);

async function built(scripts: Parameters<typeof runScripts>[1]) {
  await emptyDatabase(session, roles);
  const failed = (await runScripts(session, scripts)).find(({ failure }) => failure !== null);
  if (failed) throw new Error(`${failed.revision} fails: ${failed.failure?.sqlstate ?? 'unknown'}`);
  return readCatalog(session);
}

let [histories, statements, objects] = [0, 0, 0];
const start = performance.now();
try {
  await fc.assert(
    fc.asyncProperty(randomHistory(40), async ({ revisions }) => {
      const plan = planSquash(revisions, () => true);
      const first = await built(upgradeScripts(revisions));
      const differences = compareCatalogs(first, await built(squashedScripts(plan, revisions)));
      if (differences.length > 0) throw new Error(JSON.stringify(differences.slice(0, 5)));
      [histories, statements, objects] = [histories + 1, statements + plan.statementsBefore, objects + first.length];
      if (histories % 100 === 0) report();
    }),
    { numRuns: Number(count), seed: Number(seed) },
  );
} finally {
  report();
  await server.stop();
}

function report(): void {
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(`${histories} histories, ${statements} statements, ${objects} objects compared, ${seconds} s\n`);
}
