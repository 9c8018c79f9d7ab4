import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type Ask,
  type JournalRecord,
  keyOf,
  type KindName,
  type RecordOf,
  recordSchema,
  type Reply,
  type RequestOf,
  type RunManifest,
} from '../../src/results/index.js';
import type { Situation } from '../../src/workloads/index.js';

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
    const key = keyOf('build', record.request);
    text = text.replaceAll(record.key, key).replaceAll(asIndexName(record.key), asIndexName(key));
  }
  return text.split('\n').map((line) => {
    const record = parse(line);
    if (!('request' in record)) return record;
    return { ...record, key: keyOf(record.type, record.request) };
  });
}

/** What the index of a build is named after its key. */
const asIndexName = (key: string): string => key.replaceAll('-', '_');

/**
 * Replies to a search from records, as a run does that is resumed, and knows which of them it was asked for.
 *
 * @param name of the recording
 */
export function replay(records: readonly JournalRecord[], name: string) {
  const asked = new Set<string>();

  function find<K extends KindName>(kind: K, request: RequestOf<K>): RecordOf<K> {
    const key = keyOf(kind, request);
    // Of a build the first, though it may have been built again since.
    const found = records.find((record): record is RecordOf<K> => record.type === kind && record.key === key);
    if (!found) {
      throw new Error(`The recording ${name} holds no ${kind} of ${JSON.stringify(request)}. ${recordAnew(name)}`);
    }
    asked.add(key);
    return found;
  }

  const reply = (ask: Ask): Reply =>
    ask.kind === 'release' ? [] : ask.requests.map((request) => find(ask.kind, request));

  /** What would be in the journal of a run that asked the same. */
  const journal = (): readonly JournalRecord[] => records.filter(({ type, key }) => type === 'load' || asked.has(key));

  return { reply, journal };
}
