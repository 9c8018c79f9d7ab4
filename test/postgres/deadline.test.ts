import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchDeadlines } from '../../src/postgres/deadline.js';

describe('deadlines of one statement after another', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watch() {
    const passed: number[] = [];
    const begun = performance.now();
    const deadlines = watchDeadlines(() => passed.push(performance.now() - begun));
    return { passed, ...deadlines };
  }

  it('pass when the statement still runs, and not before', () => {
    const { begin, passed } = watch();
    begin(100);
    vi.advanceTimersByTime(99);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual([100]);
  });

  it('do not pass for statements that end in time, however many there are, and take one timer', () => {
    const { begin, end, passed } = watch();
    for (let n = 0; n < 50; n++) {
      begin(100);
      vi.advanceTimersByTime(60);
      end();
      expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
    }
    vi.advanceTimersByTime(1000);
    expect(passed).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are each counted from the beginning of their own statement', () => {
    const { begin, end, passed } = watch();
    begin(100);
    vi.advanceTimersByTime(60);
    end();
    begin(100);
    vi.advanceTimersByTime(1000);
    expect(passed).toEqual([160]);
  });

  it('may be shorter than the one before', () => {
    const { begin, end, passed } = watch();
    begin(30_000);
    end();
    begin(50);
    vi.advanceTimersByTime(60_000);
    expect(passed).toEqual([50]);
  });

  it('may be longer than any timer, or none at all', () => {
    const { begin, end, passed } = watch();
    begin(Infinity);
    vi.advanceTimersByTime(1e9);
    end();
    begin(2 ** 32);
    vi.advanceTimersByTime(2 ** 32 - 1);
    expect(passed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(passed).toHaveLength(1);
  });
});
