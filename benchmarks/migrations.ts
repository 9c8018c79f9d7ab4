/*
 * How long does it take to read and analyse a history, and to plan its squash? The example of 60 revisions of Alembic,
 * repeated into one chain of as many files as asked for.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/migrations.js [files=500]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { analyseHistory, graphOf, planSquash, readHistory } from '../src/migrations/index.js';

const [files = 500] = process.argv.slice(2).map(Number);
const EXAMPLE = 'test/fixtures/assistants-alembic/versions';

const folder = mkdtempSync(join(tmpdir(), 'pgvtune-benchmark-'));
try {
  const texts = readdirSync(EXAMPLE).map((name) => readFileSync(join(EXAMPLE, name), 'utf8'));
  for (let index = 0; index < files; index++) {
    const text = texts[index % texts.length]!.replace(/^revision = .*/m, `revision = 'r${index}'`).replace(
      /^down_revision = .*/m,
      `down_revision = ${index === 0 ? 'None' : `'r${index - 1}'`}`,
    );
    writeFileSync(join(folder, `${index}.py`), text);
  }
  const cpu = process.cpuUsage();
  const start = performance.now();
  const history = await readHistory(folder);
  const read = performance.now();
  const { coverage } = analyseHistory(history);
  const analysed = performance.now();
  const plan = planSquash(graphOf(history.revisions).order, () => true);
  const planned = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`| files | operations | read | analyse | plan a squash | CPU | statements |
|--:|--:|--:|--:|--:|--:|--:|
| ${files} | ${coverage.operations} | ${(read - start).toFixed(0)} ms | ${(analysed - read).toFixed(0)} ms | ${(planned - analysed).toFixed(0)} ms | ${((user + system) / 1e6).toFixed(1)} s | ${plan.statementsBefore} → ${plan.statementsAfter} |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
