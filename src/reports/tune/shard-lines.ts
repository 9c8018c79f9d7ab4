import { describeChoice, describeSpec } from '../../indexes/index.js';
import { recallText, shortQuantileText } from '../text/figures.js';
import { reasonText, type RunView } from './run-view.js';

/** What was measured over several servers, for the console: a line for each index that has no figures, and for each point. */
export function shardLines(run: RunView): readonly string[] {
  const { ways } = run.texts.sections.shards;
  return run.sharded.flatMap(({ request: { spec }, reason, points }) => {
    if (reason) return [`${describeSpec(spec)}: ${reasonText(run, reason)}`];
    return points.map(({ settings, way, status, reason: why, measured }) => {
      const figures = measured
        ? `recall ${recallText(measured.recall.mean)}, p50 ${shortQuantileText(measured.latencyMs, 0.5)}, p95 ${shortQuantileText(measured.latencyMs, 0.95)}`
        : `${status}: ${reasonText(run, why)}`;
      return `${describeChoice({ spec, settings })}, ${ways[way]}: ${figures}`;
    });
  });
}
