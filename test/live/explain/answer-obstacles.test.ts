import { beforeAll, describe, expect, it } from 'vitest';
import { answerObstacles } from '../../../src/live/explain/answer-obstacles.js';
import { findSearch, loadGrammar, readSelect } from '../../../src/statements/index.js';

const COLUMNS = ['id:int4', 'v:vector'].map((column) => {
  const [name = '', type = ''] = column.split(':');
  return { name, type, vectorIndexes: 0 };
});

/** A plan that uses an index, on a server with these settings. */
async function foundOn(settings: Readonly<Record<string, string>>, sql: string) {
  const rows = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const root = readSelect(sql);
  const asked: [Record<string, unknown>, Record<string, unknown>] = [
    {
      session: { query: () => Promise.resolve(rows) },
      table: { indexes: [{ name: 'docs_v', method: 'hnsw', extension: 'vector' }], rowSecurity: { active: false } },
      values: new Map(),
    },
    { look: { nodes: [{ index: 'docs_v', isFiltered: true }] }, settings: {} },
  ];
  const search = findSearch(root, [{ schema: null, name: 'docs', columns: COLUMNS }]);
  return answerObstacles(...(asked as unknown as [never, never]), search);
}

beforeAll(loadGrammar);

describe('rows that an index loses', () => {
  const filtered = 'SELECT id FROM docs WHERE id < 9 ORDER BY v <=> $1 LIMIT 5000';

  it('are brought back by an iterative scan', async () => {
    const found = await foundOn({ 'hnsw.ef_search': '40', 'hnsw.iterative_scan': 'off' }, filtered);
    const remedy = { kind: 'setting', settings: { 'hnsw.iterative_scan': 'strict_order' } };
    expect(found).toMatchObject([
      { code: 'limit-above-setting', remedy },
      { code: 'filter-after-scan', remedy },
    ]);
  });

  it('stay lost on a server that has none', async () => {
    const found = await foundOn({ 'hnsw.ef_search': '40' }, filtered);
    expect(found).toMatchObject([{ code: 'limit-above-setting', remedy: { kind: 'none' } }]);
  });
});
