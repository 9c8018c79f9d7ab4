import { configOf } from '../../src/config/index.js';
import type { JournalRecord, TuneAnswer } from '../../src/results/index.js';
import { tuneBesideExisting } from '../../src/tune/index.js';
import type { SearchSettings } from '../../src/vocabulary.js';
import { answer, syntheticBench, type SyntheticServer } from './synthetic-bench.js';

const situation = {
  rows: 30_000,
  dimensions: 96,
  metric: 'cosine',
  queries: 500,
  recallQueries: 500,
  pgvector: '0.8.6',
  sessions: 10,
  settings: {},
  versionNumber: 170_000,
  coldBytes: 0,
  filtered: [],
  hybrid: [],
} as const;

/** Denser graphs need a smaller ef_search. */
export const denserIsBetter: SyntheticServer = {
  figures({ method, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 20, buffers: 5000 };
    const m = Number(parameters['m']);
    return {
      recall: Math.min(0.999, 1 / (1 + Math.exp(-1 - 0.9 * Math.log2((knob * m) / 64)))),
      medianMs: 0.2 + 0.0011 * knob * m ** 0.6,
      buffers: 100 + 2 * knob * m ** 0.6,
    };
  },
  indexBytes: ({ parameters }) => 14e6 + 1e5 * Number(parameters['m'] ?? 0),
};

export const hnsw = (m: number, settings: SearchSettings) => ({
  spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m, ef_construction: 64 } },
  settings,
});

/** Tunes on a made-up server, beside an existing index. */
export function tunedBeside(
  existing: ReturnType<typeof hnsw>,
  server: SyntheticServer = denserIsBetter,
): {
  readonly result: TuneAnswer;
  readonly bench: ReturnType<typeof syntheticBench>;
  readonly records: readonly JournalRecord[];
} {
  const config = configOf({ metric: 'cosine', indexes: [{ hnsw: {} }], measure: { concurrency: [] } });
  const search = tuneBesideExisting(config, existing);
  search.check(situation);
  const bench = syntheticBench(server);
  const records: JournalRecord[] = [];
  const result = answer(search.search(situation), (ask) => {
    const reply = bench.reply(ask);
    records.push(...reply);
    return reply;
  });
  return { result, bench, records };
}
