/*
 * How long does it take to read and analyse a history, and to plan its squash? The example of 60 revisions of Alembic,
 * repeated into one chain of as many files as asked for; or any folder of migrations.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/migrations.js [files=500 | folder]
 */
import { historyIn } from '../src/cli/commands/migrations/read.js';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { analyseHistory, graphOf, planSquash } from '../src/migrations/index.js';

const [what = '500'] = process.argv.slice(2);
const EXAMPLE = 'test/fixtures/assistants-alembic/versions';

if (/^\d+$/.test(what)) {
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-benchmark-'));
  try {
    writeChain(folder, Number(what));
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else await measure(what);

function writeChain(folder: string, files: number): void {
  const texts = readdirSync(EXAMPLE).map((name) => readFileSync(join(EXAMPLE, name), 'utf8'));
  for (let index = 0; index < files; index++) {
    const text = texts[index % texts.length]!.replace(/^revision = .*/m, `revision = 'r${index}'`).replace(
      /^down_revision = .*/m,
      `down_revision = ${index === 0 ? 'None' : `'r${index - 1}'`}`,
    );
    writeFileSync(join(folder, `${index}.py`), text);
  }
}

async function measure(folder: string): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const history = await historyIn(folder);
  const read = performance.now();
  const { coverage } = analyseHistory(history);
  const analysed = performance.now();
  const reading = process.cpuUsage(cpu);
  const plan = planSquash(graphOf(history.revisions).order, () => true);
  const planned = performance.now();
  const planning = process.cpuUsage(cpu);
  const seconds = ({ user, system }: NodeJS.CpuUsage): string => ((user + system) / 1e6).toFixed(1);
  console.log(`| format | revisions | operations | understood | read | analyse | CPU | plan a squash | CPU in all | statements |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
| ${history.format} | ${history.revisions.length} | ${coverage.operations} | ${(100 * coverage.share).toFixed(1)} % | ${(read - start).toFixed(0)} ms | ${(analysed - read).toFixed(0)} ms | ${seconds(reading)} s | ${(planned - analysed).toFixed(0)} ms | ${seconds(planning)} s | ${plan.statementsBefore} → ${plan.statementsAfter} |`);
}
