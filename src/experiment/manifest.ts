import { cpus, totalmem } from 'node:os';
import { PgvtuneError } from '../errors.js';
import { type Server, type ServerFacts, withoutPassword } from '../postgres/index.js';
import { createRun, type OpenRun, RECORD_VERSION, resumeRun, type RunManifest } from '../results/index.js';
import type { Metric } from '../vocabulary.js';
import type { ExperimentOptions } from './options.js';

/**
 * Creates a run, or opens the one to resume.
 *
 * @throws {PgvtuneError} `usage` when data, server or machine are not those that the run began with
 */
export function openRun(options: ExperimentOptions, server: Server, facts: ServerFacts, metric: Metric): OpenRun {
  const manifest = manifestOf(options, server, facts, metric);
  if (!options.resume) return createRun(options.results, manifest);
  const run = resumeRun(options.results, options.run);
  const before = run.manifest;
  const changed = [
    ...(before.dataset.hash === manifest.dataset.hash ? [] : ['the dataset']),
    ...(before.server.version === manifest.server.version ? [] : ['the version of PostgreSQL']),
    ...(before.server.pgvector === manifest.server.pgvector ? [] : ['the version of pgvector']),
    ...(before.server.label === manifest.server.label ? [] : ['the server']),
    ...(before.client.cpu === manifest.client.cpu ? [] : ['the processor']),
  ];
  if (changed.length > 0) {
    run.close();
    throw new PgvtuneError(
      'usage',
      `The run ${options.run} cannot be resumed: ${changed.join(', ')} changed since it began.`,
      {
        hint: 'Start a new run: figures from both would not be comparable.',
      },
    );
  }
  return run;
}

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
    server: { kind: server.kind, label: server.label, ...facts, settings: { ...facts.settings } },
    client: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
  };
}
