import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Counters,
  countersOf,
  countersSchema,
  countingFrom,
  type DatabaseSnapshot,
  type Statement,
} from '../../src/audit/index.js';
import { isUnread, unread } from '../../src/findings.js';

const STATEMENT: Statement = {
  id: '1',
  role: 'app',
  query: 'SELECT $1',
  shape: null,
  calls: 10,
  rows: 10,
  executionMs: 100,
  planningMs: 0,
  meanMs: 10,
  deviationMs: 2,
  maximumMs: 15,
  blocksHit: 0,
  blocksRead: 0,
  temporaryBlocksWritten: 0,
  walBytes: 0,
  ioMs: 0,
  jitMs: 0,
};

/** Only what counters are taken from. */
const snapshot = (takenAt: string, scans: number, statements: readonly Statement[] = [STATEMENT]): DatabaseSnapshot =>
  ({
    server: { database: 'shop', takenAt, startedAt: '2026-01-01T00:00:00.000Z', statisticsResetAt: null },
    tables: [],
    indexes: [{ oid: 7, scans, entriesRead: scans }],
    activity: {
      blocksHit: scans,
      blocksRead: 0,
      commits: 0,
      rollbacks: 0,
      deadlocks: 0,
      temporaryFiles: 0,
      temporaryBytes: 0,
      activeMs: scans,
      idleInTransactionMs: null,
    },
    checkpoints: { timed: 0, requested: 0, resetAt: null },
    statements: { version: '1.10', resetAt: null, evictions: 0, statements },
  }) as unknown as DatabaseSnapshot;

const MONDAY = '2026-11-23T00:00:00.000Z';
const SUNDAY = '2026-11-29T00:00:00.000Z';

/** Through the file that they are kept in. */
const kept = (of: DatabaseSnapshot): Counters => countersSchema.parse(JSON.parse(JSON.stringify(countersOf(of))));

describe('counters that count from an earlier snapshot', () => {
  it('are the difference, over a window that is known', () => {
    const result = countingFrom(kept(snapshot(MONDAY, 100)), snapshot(SUNDAY, 130));
    expect(result.server.statisticsResetAt).toBe(MONDAY);
    expect(result.indexes[0]).toMatchObject({ scans: 30, entriesRead: 30 });
    expect(result.activity).toMatchObject({ blocksHit: 30, activeMs: 30, idleInTransactionMs: null });
    expect(result.statements).toMatchObject({ resetAt: MONDAY, statements: [] });
  });

  it('are those since a reset, where there was one', () => {
    const after = snapshot(SUNDAY, 30);
    const reset = { ...after, server: { ...after.server, statisticsResetAt: '2026-11-25T00:00:00.000Z' } };
    const result = countingFrom(kept(snapshot(MONDAY, 100)), reset);
    expect(result.server.statisticsResetAt).toBe('2026-11-25T00:00:00.000Z');
    expect(result.indexes[0]!.scans).toBe(30);
  });

  it('are those of an object that is new, or counts from zero again', () => {
    expect(countingFrom(kept(snapshot(MONDAY, 100)), snapshot(SUNDAY, 30)).indexes[0]!.scans).toBe(30);
  });

  it('leave statements unread where they are', () => {
    const after = { ...snapshot(SUNDAY, 1), statements: unread('no-statement-statistics') };
    expect(isUnread(countingFrom(kept(snapshot(MONDAY, 0)), after).statements)).toBe(true);
  });

  it.each([
    ['another database', { database: 'other' }],
    ['a later time', { takenAt: '2026-12-24T00:00:00.000Z' }],
  ])('refuse counters of %s', (_title, change) => {
    expect(() => countingFrom({ ...kept(snapshot(MONDAY, 0)), ...change }, snapshot(SUNDAY, 0))).toThrow(
      /counters are of/,
    );
  });

  it('have mean and deviation of the calls in between', () => {
    const times = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, times, (first, second) => {
        const statement = (ms: readonly number[]): Statement => {
          const executionMs = ms.reduce((sum, one) => sum + one, 0);
          const meanMs = executionMs / ms.length;
          const squares = ms.reduce((sum, one) => sum + (one - meanMs) ** 2, 0);
          return { ...STATEMENT, calls: ms.length, executionMs, meanMs, deviationMs: Math.sqrt(squares / ms.length) };
        };
        const result = countingFrom(
          kept(snapshot(MONDAY, 0, [statement(first)])),
          snapshot(SUNDAY, 0, [statement([...first, ...second])]),
        );
        const expected = statement(second);
        if (isUnread(result.statements)) throw new Error(result.statements.unread);
        const [found] = result.statements.statements;
        expect(found!.calls).toBe(expected.calls);
        expect(found!.meanMs).toBeCloseTo(expected.meanMs, 6);
        expect(found!.deviationMs ** 2).toBeCloseTo(expected.deviationMs ** 2, 2);
      }),
    );
  });
});
