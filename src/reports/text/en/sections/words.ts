import type { HybridOption, Difference, PointRecord } from '../../../../results/index.js';

type CacheState = NonNullable<PointRecord['measured']>['cache']['state'];

/** Headings of columns, states and verdicts: what several sections have. */
export const words = {
  build: 'build',
  buffers: 'buffers',
  index: 'index',
  indexSize: 'index size',
  indexes: 'indexes',
  plan: 'plan',
  recall: 'recall [95 %]',
  rows: 'rows',
  settings: 'settings',
  size: 'size',
  strategy: 'strategy',
  measured: 'measured',
  notMeasured: 'not measured',
  plainQueries: 'plain queries',
  runnerUp: 'runner-up',
  undo: 'Undo:',
  unknown: 'unknown',
  or: 'or',
  status: { ok: 'ok', void: 'void', failed: 'failed' } satisfies Record<PointRecord['status'], string>,
  purpose: { search: 'search', confirm: 'interleaved' } satisfies Record<PointRecord['request']['purpose'], string>,
  caches: { warm: 'warm', prewarmed: 'prewarmed', cold: 'cold', partial: 'partial' } satisfies Record<
    CacheState,
    string
  >,
  outcome: {
    reaches: 'reaches',
    misses: 'misses',
    'another plan': 'another plan',
    unsuited: 'unsuited',
    failed: 'failed',
  } satisfies Record<HybridOption['outcome'], string>,
  verdict: { better: 'better', worse: 'worse', 'no difference': 'no difference' } satisfies Record<
    Difference['verdict'],
    string
  >,
  buffersPerQuery: 'buffers per query',
  clock: (clocks: string): string => `Clock: ${clocks}.`,
  firstOfSuch: {
    points: (count: number) => `the first of ${count} such points`,
    loads: (count: number) => `the first of ${count} such loads`,
  },
};
