import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { hasLocal } from '../support/servers.js';

const local = await hasLocal();

describe('churn', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(() => {
    directory = workingDirectory();
    const index = (text: string, rows = 900): string =>
      `dataset: {generate: {rows: ${rows}, dimensions: 16, queries: 30}}\nindexes: [${text}]\n`;
    writeFileSync(join(directory.path, 'hnsw.yaml'), index('{hnsw: {m: 8, ef_construction: 32, ef_search: 20}}'));
    writeFileSync(join(directory.path, 'ivfflat.yaml'), index('{ivfflat: {lists: 20, probes: 3}}', 2000));
    writeFileSync(join(directory.path, 'two.yaml'), index('{hnsw: {m: [8, 16]}}'));
    writeFileSync(join(directory.path, 'bit.yaml'), `${index('{hnsw: {m: 8}}')}representation: [bit]\n`);
  });
  afterAll(() => directory.remove());

  const churn = (...argv: string[]) => pgvtune(directory.path, 'churn', ...argv);

  it('measures every state on the embedded server', async () => {
    const argv = ['hnsw.yaml', '--server', 'embedded', '--rounds', '2', '--turnover', '0.2', '--name', 'embedded'];
    const { code, stdout } = await churn(...argv, '--json');
    expect(code).toBe(0);
    const { plan } = JSON.parse(stdout);
    const { states, startRows } = plan.record;
    expect(states.map(({ after }: { after: { kind: string } }) => after.kind)).toEqual([
      'build',
      'changes',
      'changes',
      'vacuum',
      'reindex',
    ]);
    let rows = startRows;
    for (const state of states) {
      rows += (state.after.inserted ?? 0) - (state.after.deleted ?? 0);
      expect(state.rows).toBe(rows);
      expect(state.searches.recall.value).toBeGreaterThan(0.8);
      expect(state.after.beside ?? null).toBeNull();
    }
    expect(states[2].deadRows).toBeGreaterThan(states[1].deadRows);
    expect(states[3].deadRows).toBe(0);
    // Dead entries stay in the index until it is built anew.
    expect(states[2].indexBytes).toBeGreaterThan(states[4].indexBytes);
    const report = readFileSync(join(directory.path, 'results/embedded/maintenance.md'), 'utf8');
    expect(report).toContain('REINDEX INDEX CONCURRENTLY your_table_embedding_hnsw_8_32;');
    const again = await pgvtune(directory.path, 'report', 'embedded');
    expect(again.code).toBe(0);
    expect(readFileSync(join(directory.path, 'results/embedded/maintenance.md'), 'utf8')).toBe(report);
  });

  it.runIf(local)('searches beside the writes, and builds anew beside them', async () => {
    const argv = ['ivfflat.yaml', '--server', 'local', '--rounds', '3', '--turnover', '0.4', '--mix', '1:0:0'];
    const { code, stdout } = await churn(...argv, '--drift', '--json');
    expect(code).toBe(0);
    const { states, request } = JSON.parse(stdout).plan.record;
    expect(request).toMatchObject({ arrival: 'drifting', mix: { insert: 1, update: 0, delete: 0 } });
    const rounds = states.filter(({ after }: { after: { kind: string } }) => after.kind === 'changes');
    expect(rounds).toHaveLength(3);
    for (const { after } of rounds) expect(after.beside.queries).toBeGreaterThan(0);
    expect(states.at(-1).after).toMatchObject({ kind: 'reindex', concurrently: true });
  });

  it.each([
    [['two.yaml'], /churn looks at one index; the configuration names 2/],
    [['bit.yaml'], /does not measure indexes that are re-ranked/],
    [['hnsw.yaml', '--mix', '1:2'], /--mix: expected three numbers/],
    [['hnsw.yaml', '--mix', '0:0:0'], /--mix: expected three numbers/],
    [['hnsw.yaml', '--turnover', '2'], /--turnover: expected a share/],
    [['hnsw.yaml', '--rounds', '0'], /--rounds: expected 1 or more/],
    [['hnsw.yaml', '--changes', '0'], /--changes: expected more than 0/],
    [['--run', 'nothing'], /There is no run nothing/],
  ])('refuses %j', async (argv, message) => {
    const { code, stdout, stderr } = await churn(...argv, '--server', 'embedded');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
