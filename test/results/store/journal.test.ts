import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JournalRecord, openJournal, readJournal } from '../../../src/results/index.js';
import { hasPrlimit, withFileLimit } from '../../support/file-limit.js';
import { loadRecord } from '../../support/records.js';

const record = (rows: number): JournalRecord => loadRecord({ rows });

describe('journal', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pgvtune-journal-'));
    path = join(folder, 'journal.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const written = (count: number): void => {
    const journal = openJournal(path);
    for (let i = 0; i < count; i++) journal.append(record(i));
    journal.close();
  };

  it('gives back what was appended, also after it is opened again', () => {
    written(2);
    const journal = openJournal(path);
    journal.append(record(2));
    expect(journal.records.map((r) => r.type === 'load' && r.rows)).toEqual([0, 1, 2]);
    journal.close();
    expect(readJournal(path)).toHaveLength(3);
  });

  it('is NDJSON: every line is one JSON document', () => {
    written(3);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).record.rows)).toEqual([0, 1, 2]);
  });

  it('loses nothing but the unfinished line, wherever a crash cuts it', () => {
    written(3);
    const whole = readFileSync(path);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        writeFileSync(path, whole);
        truncateSync(path, length);
        const kept = ends.filter((end) => end <= length).length;
        const journal = openJournal(path);
        expect(journal.records).toHaveLength(kept);
        journal.append(record(99));
        journal.close();
        expect(readJournal(path)).toHaveLength(kept + 1);
      }),
    );
  });

  it('keeps what was measured together, or none of it, wherever a crash cuts it', () => {
    const journal = openJournal(path);
    journal.append(record(0));
    expect(journal.appendTogether([record(1), record(2), record(3)])).toHaveLength(3);
    journal.close();
    const whole = readFileSync(path);
    const [first = 0] = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    for (let length = first; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const kept = length === whole.length ? 4 : 1;
      const again = openJournal(path);
      expect(again.records).toHaveLength(kept);
      again.append(record(9));
      again.close();
      expect(readJournal(path).map((r) => r.type === 'load' && r.rows)).toEqual([...[0, 1, 2, 3].slice(0, kept), 9]);
    }
  });

  it('refuses a damaged last line that ends in a newline: it had been written whole', () => {
    written(2);
    appendFileSync(path, '{"crc":"00000000","record":{"type":"load"}}\n');
    expect(() => openJournal(path)).toThrow(/line 3: the record does not match its checksum/);
  });

  it('refuses a line that is no JSON although its checksum is right', () => {
    const text = '{"type":';
    writeFileSync(path, `{"crc":"${crc32(text).toString(16).padStart(8, '0')}","record":${text}}\n`);
    expect(() => readJournal(path)).toThrow(/line 1 is not JSON/);
  });

  it.runIf(hasPrlimit())('acknowledges nothing when the disk is full, and goes on once there is room', () => {
    const line = JSON.stringify(record(0)).length;
    for (let spare = 0; spare <= line; spare += 7) {
      rmSync(path, { force: true });
      const journal = openJournal(path);
      journal.append(record(0));
      const before = readFileSync(path);
      withFileLimit(before.length + spare, () => {
        expect(() => journal.append(record(1))).toThrow(expect.objectContaining({ code: 'environment' }));
      });
      expect(readFileSync(path)).toEqual(before);
      expect(journal.records).toHaveLength(1);
      journal.append(record(2));
      journal.close();
      expect(readJournal(path).map((r) => r.type === 'load' && r.rows)).toEqual([0, 2]);
    }
  });

  it('refuses a journal whose middle was changed, and says where', () => {
    written(3);
    const text = readFileSync(path, 'utf8').replace('"rows":1', '"rows":7');
    writeFileSync(path, text);
    expect(() => readJournal(path)).toThrow(/line 2: the record does not match its checksum/);
  });

  it('refuses a record of another version, and says where', () => {
    const text = JSON.stringify({ type: 'build', key: 1 });
    writeFileSync(path, `{"crc":"${crc32(text).toString(16).padStart(8, '0')}","record":${text}}\n`);
    expect(() => readJournal(path)).toThrow(/line 1: the record is of another version of pgvtune \(key: /);
  });

  it('refuses to write a record that is not of the schema', () => {
    const journal = openJournal(path);
    expect(() => journal.append(loadRecord({ seconds: Number.NaN }))).toThrow();
    journal.close();
    expect(readJournal(path)).toHaveLength(0);
  });
});
