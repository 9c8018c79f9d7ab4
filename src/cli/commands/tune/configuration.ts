import { describeBuild, tuneAnswer, type RunView } from '../../../reports/index.js';
import { formatBytes } from '../../../units.js';

/** The one set of indexes for all workloads, in two lines for people; none where there is but one workload. */
export function configurationLines(run: RunView): readonly string[] {
  const configuration = tuneAnswer(run)?.configuration;
  if (!configuration) return [];
  const { builds, bytes, served } = configuration;
  const names = builds.flatMap((key) => {
    const build = run.builds.get(key);
    return build ? [describeBuild(run, build)] : [];
  });
  const well = served.filter(({ point }) => point !== null).length;
  return [
    '',
    `One configuration for the table: ${names.join('; ') || 'no index'}${builds.length > 0 ? `, ${formatBytes(bytes)} in total` : ''}`,
    `  serves ${well} of ${served.length} workloads, each measured with all of these indexes on the table`,
  ];
}
