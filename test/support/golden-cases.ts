import type { ConfigInput } from '../../src/config/index.js';
import type { RunManifest } from '../../src/results/index.js';

/** A small run whose reports are kept. */
export interface GoldenCase {
  readonly name: string;
  readonly command: Exclude<RunManifest['command'], 'churn' | 'gate'>;
  /** Name of the case whose run is there already when this one is measured. */
  readonly after?: string;
  /** @param judgements path of a file that says which rows are relevant to which query */
  readonly config: (judgements: string) => ConfigInput;
}

const generate = { rows: 4000, dimensions: 64, queries: 200 };
const text = { words: 20, agreement: 0.8 };
const measure = { samples: 100, concurrency: [] };

export const goldenCases: readonly GoldenCase[] = [
  {
    name: 'plain',
    command: 'tune',
    config: () => ({ server: 'local', dataset: { generate }, measure }),
  },
  {
    name: 'infeasible',
    command: 'tune',
    config: () => ({
      server: 'local',
      dataset: { generate },
      indexes: [{ hnsw: { m: [8, 16] } }, { ivfflat: { lists: [50] } }],
      target: { p95: '0.2ms', index_size: '1.5MB' },
      measure,
    }),
  },
  {
    name: 'filtered',
    command: 'tune',
    config: () => ({
      server: 'local',
      dataset: {
        generate: {
          ...generate,
          attributes: {
            tenant: { kind: 'category', selectivity: 0.1 },
            year: { kind: 'number', min: 2000, max: 2020 },
          },
        },
      },
      indexes: [{ hnsw: {} }],
      workloads: [
        'plain',
        { filtered: { column: 'tenant', selectivity: [0.5, 0.1], correlation: [0] } },
        {
          filtered: {
            filters: { recent: { column: 'year', op: '>=', value: 2010 } },
            strategies: [
              'post-filter',
              'iterative-relaxed',
              'pre-filter',
              'exact-scan',
              'block-ranges',
              'by-class-size',
            ],
          },
        },
      ],
      measure,
    }),
  },
  {
    name: 'hybrid',
    command: 'tune',
    config: (judgements) => ({
      server: 'local',
      dataset: { generate: { ...generate, queries: 150, text } },
      indexes: [{ hnsw: {} }],
      workloads: [{ hybrid: { fusion: ['rrf', 'weighted-sum'], judgements } }],
      measure,
    }),
  },
  {
    name: 'hybrid-unjudged',
    command: 'tune',
    config: () => ({
      server: 'local',
      dataset: { generate: { ...generate, queries: 130, text } },
      indexes: [{ hnsw: {} }],
      workloads: [{ hybrid: { fusion: ['rrf', 'text-filter'] } }],
      measure,
    }),
  },
  {
    name: 'load',
    command: 'tune',
    after: 'plain',
    config: () => ({
      server: 'local',
      dataset: { generate },
      indexes: [{ hnsw: {} }],
      measure: { samples: 100, repeats: 3, concurrency: [1, 2], slo: 'p95<=20ms', seconds: 0.3 },
    }),
  },
  {
    name: 'rows-budget',
    command: 'tune',
    config: () => ({
      server: 'local',
      dataset: { generate: { ...generate, rows: 8000 } },
      rows_budget: 2000,
      measure: { samples: 100, reuse: false },
    }),
  },
  {
    name: 'bench',
    command: 'bench',
    config: () => ({
      server: 'local',
      dataset: { generate },
      // Under load the planner would rather read the table than look into every list.
      indexes: [{ hnsw: { ef_search: [10, 40, 160] } }, { ivfflat: { lists: [50], probes: [2, 8, 50] } }],
      measure: { samples: 100, concurrency: [2], rate: 100, slo: 'p99<=0.01ms', seconds: 0.3 },
    }),
  },
  {
    name: 'capacity',
    command: 'capacity',
    config: () => ({
      server: 'local',
      dataset: { generate: { rows: 8000, dimensions: 96, queries: 300, intrinsic_dimension: 40 } },
      target: { recall: 0.95 },
      measure: { samples: 100, concurrency: [1, 2, 3], seconds: 0.3, reuse: false },
    }),
  },
  {
    name: 'exact-scan-suffices',
    command: 'tune',
    config: () => ({
      server: 'embedded',
      dataset: { generate: { rows: 300, dimensions: 8, queries: 150 } },
      measure: { samples: 100 },
    }),
  },
];
