import { describe, expect, it } from 'vitest';
import { conditionFindings, dataFindings, voidReason } from '../../../src/analysis/index.js';
import { moveOf } from '../../../src/analysis/findings/conditions.js';
import { createRandom } from '../../../src/random.js';
import { textOf, textsIn } from '../../../src/reports/index.js';
import type { Conditions } from '../../../src/results/index.js';

const reading = { roundTripMs: [0.1, 0.11, 0.1, 0.1, 0.12, 0.1], cpuMs: [0.5, 0.5, 0.51, 0.5, 0.5, 0.52] };

const quiet: Conditions = {
  attempt: 1,
  looks: 5,
  server: {
    interrupted: false,
    checkpoints: 0,
    vacuums: 0,
    changedRows: 0,
    autovacuumWorkers: 0,
    otherSessions: 0,
  },
  machine: {
    cores: 4,
    load: { before: 1, after: 1.2 },
    mhz: { before: 3000, after: 2950 },
    stealShare: 0.001,
    otherWork: { share: 0.02, idleShare: 0.6 },
    swappedPages: 0,
  },
  canary: { before: reading, after: reading },
};

const nothingKnown: Conditions = {
  ...quiet,
  server: {
    interrupted: false,
    checkpoints: null,
    vacuums: null,
    changedRows: null,
    autovacuumWorkers: null,
    otherSessions: null,
  },
  machine: {
    cores: 4,
    load: { before: null, after: null },
    mhz: { before: null, after: null },
    stealShare: null,
    otherWork: null,
    swappedPages: null,
  },
};

const server = (changes: Partial<Conditions['server']>): Conditions => ({
  ...quiet,
  server: { ...quiet.server, ...changes },
});
const machine = (changes: Partial<Conditions['machine']>): Conditions => ({
  ...quiet,
  machine: { ...quiet.machine, ...changes },
});
const slowed = (by: number): Conditions => ({
  ...quiet,
  canary: { before: reading, after: { ...reading, cpuMs: reading.cpuMs.map((ms) => ms * by) } },
});

describe('conditions of a point', () => {
  it('that are quiet, or cannot be known, are no finding', () => {
    expect(conditionFindings(quiet)).toEqual([]);
    expect(conditionFindings(nothingKnown)).toEqual([]);
    expect(voidReason(quiet)).toBeNull();
    expect(voidReason(nothingKnown)).toBeNull();
  });

  it.each([
    ['checkpoint', server({ checkpoints: 1 }), '1 checkpoint started'],
    ['vacuum', server({ vacuums: 2 }), '2 VACUUMs or ANALYZEs of the table finished'],
    ['autovacuum', server({ autovacuumWorkers: 1 }), '1 worker'],
    ['other-sessions', server({ otherSessions: 3 }), '3 other sessions'],
    ['cpu-steal', machine({ stealShare: 0.08 }), '8.0 % of the CPU time'],
    ['swapping', machine({ swappedPages: 40 }), '40 pages'],
    ['cpu-frequency', machine({ mhz: { before: 3000, after: 2000 } }), 'from 3000 to 2000 MHz'],
    ['busy-machine', machine({ otherWork: { share: 0.34, idleShare: 0.03 } }), 'used 34.0 % of its CPU time'],
    ['canary-moved', slowed(1.2), 'a loop of arithmetic took 0.5 ms before and 0.6 ms after'],
    ['measured-again', { ...quiet, attempt: 2 }, 'attempt 2 counts'],
  ])('%s is one', (code, conditions, text) => {
    const findings = conditionFindings(conditions);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(textOf(textsIn('en').findings, findings[0]!)).toContain(text);
  });

  it('with a load of its own in this minute or the one before, or others that leave processors idle, say nothing', () => {
    const ownWork = { load: { before: 9, after: 9.5 }, otherWork: { share: 0.01, idleShare: 0 } };
    expect(conditionFindings(machine(ownWork))).toEqual([]);
    expect(conditionFindings(machine({ otherWork: { share: 0.3, idleShare: 0.4 } }))).toEqual([]);
  });

  it('that make figures worthless are a reason to void', () => {
    expect(voidReason(server({ interrupted: true }))).toEqual({ code: 'server-interrupted', data: {} });
    expect(voidReason(server({ changedRows: 7 }))).toEqual({ code: 'rows-changed', data: { rows: 7 } });
  });

  it('with a canary that moved within its own spread, or by next to nothing, say nothing', () => {
    expect(moveOf([1, 1.1, 1.3], [1.25, 1.5, 1.4]).moved).toBe(false);
    expect(moveOf([1, 1, 1], [1.02, 1.02, 1.02]).moved).toBe(false);
    expect(moveOf([1, 1, 1], [1.05, 1.05, 1.05])).toEqual({ before: 1, after: 1.05, moved: true });
    expect(moveOf([1.05, 1.06], [1, 0.9]).moved).toBe(true);
  });

  it('simulated: an unchanged machine moves its canary once in five hundred times', () => {
    const random = createRandom('canary');
    // Latencies of a busy machine: now and then ten times as long.
    const batch = (factor: number): number[] =>
      Array.from({ length: 6 }, () => factor * Math.exp(0.2 * random.normal()) * (random.next() < 0.05 ? 10 : 1));
    const moved = (factor: number): number => {
      let count = 0;
      for (let i = 0; i < 20_000; i++) if (moveOf(batch(1), batch(factor)).moved) count++;
      return count / 20_000;
    };
    expect(moved(1)).toBeLessThan(0.004);
    expect(moved(1)).toBeGreaterThan(0.0008);
    expect(moved(2)).toBeGreaterThan(0.5);
  });
});

describe('findings on a dataset', () => {
  const clean = { rows: 1000, queries: 100, queriesInBase: 0, duplicateRows: 0, tiedShare: 0 };

  it('are none for one without repetitions', () => {
    expect(dataFindings({ ...clean, duplicateRows: 5, tiedShare: 0.005 })).toEqual([]);
  });

  it.each([
    ['queries-in-base', { queriesInBase: 3 }, '3 of 100 queries are rows of the table'],
    ['duplicates', { duplicateRows: 200 }, '20.0 % of the rows'],
    ['ties', { tiedShare: 0.4 }, '40.0 % of the queries'],
  ])('%s is one', (code, facts, text) => {
    const [finding, ...others] = dataFindings({ ...clean, ...facts });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code, severity: 'medium' });
    expect(textOf(textsIn('en').findings, finding!)).toContain(text);
  });
});
