import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Journal, openJournal, type PointRecord, readJournal } from '../../../src/results/index.js';
import { loadRecord, measured, pointRecord } from '../../support/records.js';

const good = measured({ recall: 0.96, medianMs: 1 });
const ranked = (rbo: number): PointRecord =>
  pointRecord({
    measured: { ...good, ranking: { rbo: { value: rbo, low: null, high: null }, judged: null, plans: [] } },
  });

describe('a figure that its schema refuses', () => {
  let folder: string;
  let journal: Journal;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pgvtune-journal-'));
    journal = openJournal(join(folder, 'journal.ndjson'));
  });
  afterEach(() => {
    journal.close();
    rmSync(folder, { recursive: true });
  });

  it('is lost alone: the other figures of the point stay, and a finding names it', () => {
    const kept = journal.append(ranked(NaN));
    expect(kept.measured).toEqual(good);
    expect(kept).toMatchObject({ status: 'ok', reason: null });
    expect(kept.findings.at(-1)).toMatchObject({
      code: 'figure-refused',
      data: { figure: 'measured.ranking.rbo.value' },
    });
    expect(journal.records).toEqual([kept]);
    expect(readJournal(join(folder, 'journal.ndjson'))).toEqual([kept]);
  });

  it('that is null where it may be is only that', () => {
    const serverMs = { explain: { n: 50, median: { value: NaN, low: null, high: null } }, statements: null };
    const kept = journal.append(pointRecord({ measured: { ...good, serverMs } }));
    expect(kept.measured?.serverMs).toEqual({ explain: { n: 50, median: null }, statements: null });
  });

  it('and that a point cannot do without makes the point a failed one, with the reason', () => {
    const kept = journal.append(
      pointRecord({ measured: { ...good, recall: { ...good.recall, mean: { value: NaN, low: 0, high: 1 } } } }),
    );
    expect(kept).toMatchObject({
      status: 'failed',
      measured: null,
      reason: { code: 'figures-refused', data: { figures: ['measured.recall.mean.value'] } },
    });
  });

  it('leaves a record that is in order untouched, and refuses what is none', () => {
    const point = ranked(1);
    expect(journal.append(point)).toEqual(point);
    expect(() => journal.append({ ...loadRecord(), rows: NaN })).toThrow();
    expect(journal.records).toEqual([point]);
  });
});
