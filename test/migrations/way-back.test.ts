import { describe, expect, it } from 'vitest';
import { wayBackText } from '../../src/reports/index.js';

const outcome = (fails: boolean) => ({
  revision: 'a',
  place: { file: 'a.sql', line: 1 },
  ms: 1,
  leftOut: [],
  failure: fails ? { place: { file: 'a.sql', line: 2 }, sqlstate: '42P01', lacks: null } : null,
});
const times = (down: readonly boolean[], upAgain: readonly boolean[]) => ({
  server: 's',
  up: [outcome(false)],
  down: down.map(outcome),
  upAgain: upAgain.map(outcome),
});

describe('wayBackText', () => {
  it('says which way fails, and where', () => {
    const said = (down: readonly boolean[], again: readonly boolean[]) => wayBackText(times(down, again), 'en');
    expect(said([], [])).toContain('the way down was not tried');
    expect(said([true], [])).toBe('The way down fails at a.sql:2.');
    expect(said([false], [true])).toMatch(/^Down runs; up again fails at a\.sql:2/);
    expect(said([false], [false])).toBe('Down and up again both run.');
  });
});
