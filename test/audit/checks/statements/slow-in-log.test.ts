import { describe, expect, it } from 'vitest';
import { slowInLog } from '../../../../src/audit/checks/statements/slow-in-log.js';
import { each, foundInLog } from '../../../support/logged.js';

const reports = (times: number, ms: number) =>
  each(times, (day) => ({ text: `SELECT * FROM reports WHERE day = ${day}`, ms }));

describe('slow-in-log', () => {
  it('speaks of a statement that is often slow, more severely the more of the time it takes', async () => {
    const expected = (severity: string) => [
      expect.objectContaining({
        severity,
        object: expect.stringContaining('SELECT * FROM reports WHERE day = $1'),
        data: expect.objectContaining({ calls: 20, meanMs: 20 }),
      }),
    ];
    expect(await foundInLog(slowInLog, reports(20, 20))).toEqual(expected('medium'));
    const others = each(4000, (id) => ({ text: `SELECT name FROM users WHERE id = ${id}` }));
    expect(await foundInLog(slowInLog, [...reports(20, 20), ...others])).toEqual(expected('low'));
  });

  it('is silent of one that is fast, or seldom', async () => {
    expect(await foundInLog(slowInLog, reports(20, 19.9))).toEqual([]);
    expect(await foundInLog(slowInLog, reports(19, 500))).toEqual([]);
  });
});
