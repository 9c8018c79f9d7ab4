import { historyIn } from '../../src/cli/commands/migrations/read.js';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveSquash } from '../../src/experiment/index.js';
import { analyseHistory, graphOf, planSquash, squashedScripts, upgradeScripts } from '../../src/migrations/index.js';
import { migrationDocument } from '../../src/reports/index.js';
import { hasLocal } from '../support/servers.js';

/** The documented example: an application with users, assistants, documents, chats, billing, bots and embeddings. */
const EXAMPLE = join(import.meta.dirname, '../fixtures/assistants-alembic');
const golden = (language: string): string => join(import.meta.dirname, `golden/${language}.md`);

async function example() {
  const history = await historyIn(EXAMPLE);
  const { order } = graphOf(history.revisions);
  return { history, order, squash: planSquash(order, () => true) };
}

const native = await hasLocal();

describe('the example', () => {
  it('is understood completely', async () => {
    const { history } = await example();
    const { coverage, graph, revisions } = analyseHistory(history);
    expect(revisions).toHaveLength(readdirSync(join(EXAMPLE, 'versions')).length);
    expect(revisions).toHaveLength(60);
    expect(coverage.share).toBe(1);
    expect(graph.heads).toHaveLength(1);
  });

  it('has the debt that was put into it', async () => {
    const { history } = await example();
    const { findings, vectors } = analyseHistory(history);
    expect(findings.map(({ code }) => code)).toEqual([
      'fails-for-certain',
      'data-with-schema',
      'redundant-index',
      'redundant-index',
      'redundant-index',
      'type-steps',
      'renamed-back',
      'cancelling-revisions',
      'no-downgrade',
      'recreated-index',
      'often-altered',
      'dropped-tables',
      'dropped-indexes',
      'branch-points',
    ]);
    expect(vectors.map(({ code }) => code)).toEqual([
      'vector-index-lost',
      'vector-index-lost',
      'ivfflat-on-empty-table',
      'vector-index-build',
      'vector-index-build',
      'vector-cast-expression',
    ]);
  });

  it.each(['en', 'ru'] as const)('reads like a plan (%s)', async (language) => {
    const { history, squash } = await example();
    const since = '387239bbc918';
    const folders = { history: 'alembic', squash: 'docs/db/squash' };
    const analysis = analyseHistory(history, { since, deployment: { rows: 2_000_000 } });
    const document = migrationDocument({ name: 'assistants', folders, analysis, since, squash }, language);
    await expect(document).toMatchFileSnapshot(golden(language));
  });

  it.runIf(native)('is squashed to an equal schema', { timeout: 300_000 }, async () => {
    const { order, squash } = await example();
    const context = { run: 'test', signal: new AbortController().signal, note: () => undefined };
    const proof = await proveSquash(
      { choice: 'local', before: [] },
      context,
      upgradeScripts(order),
      squashedScripts(squash, order),
    );
    expect(proof).toMatchObject({ history: { failure: null }, squashed: { failure: null }, differences: [] });
    expect(proof.objects).toBeGreaterThan(150);
    expect(squash.statementsAfter).toBeLessThan(squash.statementsBefore / 2);
  });
});
