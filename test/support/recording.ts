import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  buildKey,
  fusionsKey,
  indexName,
  plannerMapKey,
  pointKey,
  throughputKey,
  writesKey,
} from '../../src/experiment/keys.js';
import type { Situation } from '../../src/experiment/index.js';
import { type Ask, type JournalRecord, recordSchema, type Reply, type RunManifest } from '../../src/results/index.js';

/*
 * A recorded run: what its server was, and what came of every question that its search asked. One line of JSON each,
 * compressed; no answer, for that is made again from the rest.
 */

export interface Recording {
  /** Content hash of the dataset. */
  readonly dataset: string;
  readonly server: RunManifest['server'];
  readonly situation: Pick<Situation, 'coldBytes' | 'sessions'>;
  readonly records: readonly JournalRecord[];
}

export function writeRecording(path: string, { records, situation, ...header }: Recording): void {
  const lines = [
    { ...header, situation: { coldBytes: finite(situation.coldBytes), sessions: finite(situation.sessions) } },
    ...records.filter(({ type }) => type !== 'answer').map(withoutLoadSamples),
  ];
  writeFileSync(path, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 }));
}

/** @throws {Error} where a record is not of today's schema */
export function readRecording(path: string): Recording {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const { situation, ...known } = JSON.parse(header);
  const parse = (line: string): JournalRecord => {
    const record = recordSchema.safeParse(JSON.parse(line));
    if (record.success) return record.data;
    const { path: member, message } = record.error.issues[0]!;
    throw new Error(
      `${path}: a record is of another version (${member.join('.')}: ${message}). Rewrite it as the schema was. ` +
        recordAnew(basename(path, '.ndjson.gz')),
    );
  };
  return {
    ...known,
    situation: { coldBytes: situation.coldBytes ?? Infinity, sessions: situation.sessions ?? Infinity },
    records: withKeysOfToday(lines, parse),
  };
}

/** How to measure a case anew. */
export const recordAnew = (name: string): string =>
  `Record it anew: npm run build && PGVTUNE_RECORD=${name} npx vitest run test/reports/golden.test.ts -u`;

/** JSON has no infinity. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Megabytes that no search and no report looks at. */
function withoutLoadSamples(record: JournalRecord): JournalRecord {
  if (record.type !== 'throughput' || !record.measured) return record;
  return { ...record, measured: { ...record.measured, samples: { startMs: '', latencyMs: '', lagMs: '' } } };
}

/** A key is a hash of its request: a recording in which a word of requests was renamed goes on with its new keys. */
function withKeysOfToday(lines: readonly string[], parse: (line: string) => JournalRecord): readonly JournalRecord[] {
  let text = lines.join('\n');
  for (const line of lines) {
    const record = parse(line);
    if (record.type !== 'build') continue;
    const key = buildKey(record.request);
    text = text.replaceAll(record.key, key).replaceAll(indexName(record.key), indexName(key));
  }
  return text.split('\n').map((line) => {
    const record = parse(line);
    return { ...record, key: keyOf(record) } as JournalRecord;
  });
}

function keyOf(record: JournalRecord): string {
  switch (record.type) {
    case 'build':
      return buildKey(record.request);
    case 'point':
      return pointKey(record.request);
    case 'throughput':
      return throughputKey(record.request);
    case 'planner-map':
      return plannerMapKey(record.request);
    case 'fusions':
      return fusionsKey(record.request);
    case 'writes':
      return writesKey(record.request);
    case 'load':
    case 'answer':
      return record.key;
  }
}

/**
 * Replies to a search from records, as a run does that is resumed, and knows which of them it was asked for.
 *
 * @param name of the recording
 */
export function replay(records: readonly JournalRecord[], name: string) {
  const asked = new Set<string>();

  function find<T extends JournalRecord['type']>(type: T, key: string, request: unknown) {
    const ofKey = records.filter(
      (record): record is Extract<JournalRecord, { type: T }> => record.type === type && record.key === key,
    );
    // Of a build the first, though it may have been built again since.
    const found = type === 'build' ? ofKey[0] : ofKey.at(-1);
    if (!found)
      throw new Error(`The recording ${name} holds no ${type} of ${JSON.stringify(request)}. ${recordAnew(name)}`);
    asked.add(key);
    return found;
  }

  const reply = (ask: Ask): Reply => {
    switch (ask.kind) {
      case 'build':
        return { kind: 'build', build: find('build', buildKey(ask.build), ask.build) };
      case 'points':
        return { kind: 'points', points: ask.points.map((request) => find('point', pointKey(request), request)) };
      case 'throughput':
        return { kind: 'throughput', throughput: find('throughput', throughputKey(ask.throughput), ask.throughput) };
      case 'planner-map':
        return { kind: 'planner-map', map: find('planner-map', plannerMapKey(ask.map), ask.map) };
      case 'fusions':
        return { kind: 'fusions', fusions: find('fusions', fusionsKey(ask.fusions), ask.fusions) };
      case 'writes':
        return { kind: 'writes', writes: find('writes', writesKey(ask.writes), ask.writes) };
      case 'release':
        return { kind: 'release' };
    }
  };

  /** What would be in the journal of a run that asked the same. */
  const journal = (): readonly JournalRecord[] => records.filter(({ type, key }) => type === 'load' || asked.has(key));

  return { reply, journal };
}
