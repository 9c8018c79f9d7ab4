import { describe, expect, it } from 'vitest';
import { repeatedQuery } from '../../../../src/audit/checks/n-plus-one/repeated-query.js';
import { each, foundInLog, transaction } from '../../../support/logged.js';

const settings = (key: number) => ({ text: `SELECT value FROM settings WHERE key = ${key}` });

describe('repeated-query', () => {
  it('speaks of a query that one transaction runs again and again with the same parameters', async () => {
    expect(await foundInLog(repeatedQuery, transaction(...each(20, () => settings(7))))).toEqual([
      expect.objectContaining({
        severity: 'low',
        confidence: 'high',
        data: expect.objectContaining({
          query: 'SELECT value FROM settings WHERE key = $1',
          unit: 'transaction',
          calls: 20,
        }),
      }),
    ]);
  });

  it('doubts it where nothing but time holds the executions together', async () => {
    const page = { text: 'SELECT title FROM pages WHERE id = 1' };
    const loop = each(20, () => settings(7));
    expect(await foundInLog(repeatedQuery, [page, ...loop])).toEqual([
      expect.objectContaining({ severity: 'info', confidence: 'low', data: expect.objectContaining({ unit: 'gap' }) }),
    ]);
    // Requests that share a connection of a pool look the same.
    expect(await foundInLog(repeatedQuery, loop)).toEqual([]);
  });

  it('is silent of few executions, of other parameters each time, and of writes', async () => {
    expect(await foundInLog(repeatedQuery, transaction(...each(19, () => settings(7))))).toEqual([]);
    expect(await foundInLog(repeatedQuery, transaction(...each(20, settings)))).toEqual([]);
    const writes = each(20, () => ({ text: 'UPDATE visits SET n = n + 1 WHERE page = 7' }));
    expect(await foundInLog(repeatedQuery, transaction(...writes))).toEqual([]);
  });
});
