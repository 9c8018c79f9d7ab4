import { cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { type Config, layoutOf, liveTableOf } from '../config/index.js';
import { type Server, type ServerFacts, withoutPassword } from '../postgres/index.js';
import { RECORD_VERSION, type RunManifest, tableNamesSchema } from '../results/index.js';
import type { Metric } from '../vocabulary.js';
import type { ExperimentOptions } from './options.js';

/** What the source of a dataset says that is a sample of a table. */
const sampledTableSchema = z.object({ kind: z.literal('table'), names: tableNamesSchema });

function withoutPasswords(config: Config): Config {
  const live = liveTableOf(config);
  const dataset = live ? { ...live, server: withoutPassword(live.server) } : config.dataset;
  const shards = config.shards?.map(withoutPassword);
  return { ...config, server: withoutPassword(config.server), ...(shards ? { shards } : {}), dataset };
}

/** What a run on a dataset rests on. */
export function manifestOf(
  options: Omit<ExperimentOptions, 'clock'>,
  server: Pick<Server, 'kind' | 'label'>,
  facts: ServerFacts,
  metric: Metric,
): RunManifest {
  const { manifest } = options.dataset;
  const source = sampledTableSchema.safeParse(manifest.source);
  const layout = layoutOf(options.config);
  const dataset = {
    name: manifest.name,
    hash: manifest.hash,
    rows: manifest.rows,
    dimensions: manifest.dimensions,
    queries: manifest.queries,
    synthetic: manifest.synthetic,
    ...(source.success ? { table: source.data.names } : {}),
  };
  return manifestOn(options, server, facts, {
    dataset,
    metric,
    ...(layout.kind === 'single' ? {} : { layout }),
  });
}

/** What a run rests on, whatever its vectors are. */
export const manifestOn = (
  options: Pick<ExperimentOptions, 'run' | 'command' | 'version' | 'target' | 'config' | 'now'>,
  server: Pick<Server, 'kind' | 'label'>,
  facts: ServerFacts,
  on: Pick<RunManifest, 'dataset' | 'metric' | 'layout' | 'statement'>,
): RunManifest => ({
  version: RECORD_VERSION,
  run: options.run,
  command: options.command,
  startedAt: options.now().toISOString(),
  pgvtune: options.version,
  ...on,
  target: options.target,
  config: withoutPasswords(options.config),
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
});
