import { RECORD_VERSION, type RunManifest } from '../../src/results/index.js';

/** What a run stood on, made up. */
export const manifest = (server: RunManifest['server']['kind'], dataset = 'docs'): RunManifest => ({
  version: RECORD_VERSION,
  run: 'r',
  command: 'bench',
  startedAt: '2026-01-01T00:00:00.000Z',
  pgvtune: '0.1.0',
  dataset: {
    name: dataset,
    hash: 'ab'.repeat(32),
    rows: 30_000,
    dimensions: 64,
    queries: 1000,
    synthetic: false,
  },
  metric: 'cosine',
  target: null,
  config: {},
  server: {
    kind: server,
    label: server === 'embedded' ? 'embedded (WebAssembly)' : server,
    version: '15.20',
    versionNumber: 150_020,
    pgvector: '0.8.0',
    settings: {},
  },
  client: { node: 'v20', platform: 'linux x64', cpu: 'cpu', cores: 2, memoryBytes: 1e9 },
});
