import type { SeenServer } from '../../monitoring/index.js';
import type { Labels, Metric } from '../exports/text-format.js';
import { gauge } from './metric.js';

const BUILD_STATES = ['progressing', 'working', 'waiting', 'stalled'] as const;

/** CREATE INDEX and REINDEX that run. */
export function metricsOfBuilds({ look: { builds, hiddenBuilds } }: SeenServer): readonly Metric[] {
  const labelsOf = ({ last }: (typeof builds)[number]): Labels => ({
    table: last.table ?? '',
    index: last.index ?? '',
    method: last.method ?? '',
  });
  const each = (name: string, help: string, value: (build: (typeof builds)[number]) => number | null): Metric =>
    gauge(
      `index_build_${name}`,
      help,
      builds.map((build) => [labelsOf(build), value(build)]),
    );
  return [
    gauge('index_builds', 'CREATE INDEX and REINDEX that run on the server.', builds.length + hiddenBuilds),
    each('elapsed_seconds', 'For how long a build runs.', ({ last }) => last.elapsedMs / 1000),
    each('phase_progress_ratio', 'Share of its running phase that is done.', ({ forecast }) => forecast.share),
    each('phase_left_seconds', 'Time left of its running phase, at the present pace.', ({ forecast }) =>
      forecast.leftMs === null ? null : forecast.leftMs.value / 1000,
    ),
    gauge(
      'index_build_state',
      'Whether a build gets on: 1 for its state, 0 for all others.',
      builds.flatMap((build) =>
        BUILD_STATES.map((state) => [{ ...labelsOf(build), state }, Number(build.state.code === state)] as const),
      ),
    ),
  ];
}
