import { cpus, totalmem } from 'node:os';
import { type Server, type ServerFacts, withoutPassword } from '../postgres/index.js';
import { RECORD_VERSION, type RunManifest } from '../results/index.js';
import type { Metric } from '../vocabulary.js';
import type { ExperimentOptions } from './options.js';

/** What a run rests on. */
export function manifestOf(
  options: Omit<ExperimentOptions, 'clock'>,
  server: Pick<Server, 'kind' | 'label'>,
  facts: ServerFacts,
  metric: Metric,
): RunManifest {
  const { manifest } = options.dataset;
  return {
    version: RECORD_VERSION,
    run: options.run,
    command: options.command,
    startedAt: options.now().toISOString(),
    pgvtune: options.version,
    dataset: {
      name: manifest.name,
      hash: manifest.hash,
      rows: manifest.rows,
      dimensions: manifest.dimensions,
      queries: manifest.queries,
      synthetic: manifest.synthetic,
    },
    metric,
    target: options.target,
    config: { ...options.config, server: withoutPassword(options.config.server) },
    server: {
      kind: server.kind,
      label: server.label,
      ...facts,
      extensions: { ...facts.extensions },
      settings: { ...facts.settings },
    },
    client: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
  };
}
