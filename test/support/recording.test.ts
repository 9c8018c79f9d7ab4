import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRecord, loadRecord, pointRecord, throughputFigures, throughputRecord, tuneAnswer } from './records.js';
import { temporaryFolder } from './processes.js';
import { readRecording, type Recording, replay, writeRecording } from './recording.js';
import { manifest } from './run-manifest.js';

const build = buildRecord();
const point = pointRecord({ request: { build: build.key } });
const load = throughputRecord({
  measured: throughputFigures({ samples: { startMs: 'AAAA', latencyMs: 'AAAA', lagMs: '' } }),
});
const loadedBefore = loadRecord();
const recording: Recording = {
  dataset: 'ab',
  server: manifest('local').server,
  situation: { sessions: Infinity, coldBytes: 1024 },
  records: [build, point],
};

describe('a recording', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'mine.ndjson.gz');
  });
  afterEach(() => folder.remove());

  const edit = (change: (text: string) => string): void =>
    writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));

  it('gives back what was written, but for the answer and the samples of loads', () => {
    const answer = { type: 'answer', key: 'answer', finishedAt: build.startedAt, answer: tuneAnswer() } as const;
    writeRecording(path, { ...recording, records: [build, point, load, answer] });
    const measured = throughputFigures({ samples: { startMs: '', latencyMs: '', lagMs: '' } });
    expect(readRecording(path)).toEqual({ ...recording, records: [build, point, { ...load, measured }] });
  });

  it('goes on with new keys where a request was rewritten', () => {
    writeRecording(path, recording);
    edit((text) => text.replaceAll('"ef_construction":64', '"ef_construction":65'));
    const parameters = { m: 16, ef_construction: 65 };
    const other = buildRecord({ request: { spec: { ...build.request.spec, parameters } } });
    expect(other.key).not.toBe(build.key);
    expect(readRecording(path).records).toEqual([other, pointRecord({ request: { build: other.key } })]);
  });

  it('says what to do where a record is of another version', () => {
    writeRecording(path, recording);
    edit((text) => text.replaceAll('"attempt":1', '"tries":1'));
    expect(() => readRecording(path)).toThrow(/of another version \(attempt: .*PGVTUNE_RECORD=mine npx vitest run/);
  });

  it('replies with what it holds, and names what it does not', () => {
    const { reply, journal } = replay([loadedBefore, build, point], 'mine');
    expect(reply({ kind: 'build', requests: [build.request] })).toEqual([build]);
    expect(journal()).toEqual([loadedBefore, build]);
    expect(() => reply({ kind: 'point', requests: [{ ...point.request, queries: 7 }] })).toThrow(
      /mine holds no point of .*"queries":7.*PGVTUNE_RECORD=mine/,
    );
  });

  it('gives the first of a build that was built again', () => {
    const { reply } = replay([build, point, { ...build, attempt: 2 }], 'mine');
    expect(reply({ kind: 'build', requests: [build.request] })).toEqual([build]);
  });
});
