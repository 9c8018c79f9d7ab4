import { describe, expect, it } from 'vitest';
import { writeInLoop } from '../../../../src/audit/checks/n-plus-one/write-in-loop.js';
import { each, foundInLog, transaction } from '../../../support/logged.js';

const insert = (id: number) => ({ text: `INSERT INTO messages (id, body) VALUES (${id}, 'message ${id}')` });

describe('write-in-loop', () => {
  it('speaks of rows that one transaction writes one at a time', async () => {
    expect(await foundInLog(writeInLoop, transaction(...each(100, insert)))).toEqual([
      expect.objectContaining({
        severity: 'low',
        data: expect.objectContaining({ unit: 'transaction', units: 1, calls: 100, mostCalls: 100 }),
      }),
    ]);
  });

  it('is silent of few rows, and of reads', async () => {
    expect(await foundInLog(writeInLoop, transaction(...each(99, insert)))).toEqual([]);
    const reads = each(100, (id) => ({ text: `SELECT body FROM messages WHERE id = ${id}` }));
    expect(await foundInLog(writeInLoop, transaction(...reads))).toEqual([]);
  });
});
