import { type Config, layoutOf } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { partsOf } from '../../indexes/index.js';
import { type GateAnswer, type RunFiles, type RunManifest, tuneAnswerOf } from '../../results/index.js';
import { type ConfiguredSearch, tuneFromConfig } from '../../tune/index.js';
import type { Shape } from '../../workloads/index.js';
import { questionOf } from '../compare/likeness.js';
import type { GateRules } from './decide.js';
import { type BaselineSetting, gate } from './search.js';

/** What `gate` does with a configuration: `tune`, and then tonight's recommendation against the baseline's. */
export const gateFromConfig = (
  config: Config,
  options: { readonly baseline: RunFiles; readonly rules: GateRules; readonly budgetMs: number },
): ConfiguredSearch<GateAnswer> => {
  const setting = baselineSettingOf(options.baseline);
  const tonight = tuneFromConfig({ ...config, measure: { ...config.measure, concurrency: [] } });
  return {
    check(shape) {
      if (!config.workloads.some((workload) => 'plain' in workload)) {
        throw new PgvtuneError('usage', 'gate judges plain queries, and the configuration has none.', {
          hint: 'Add "plain" to its workloads.',
        });
      }
      refuseUnlike(options.baseline.manifest, config, shape);
      tonight.check(shape);
    },
    search: (situation) =>
      gate({
        ...options,
        baseline: setting,
        tonight: tonight.search(situation),
        k: config.k,
        queries: situation.queries,
      }),
  };
};

/** @throws {PgvtuneError} `usage` for data or a question that the baseline did not have */
function refuseUnlike(baseline: RunManifest, now: Config, shape: Shape): void {
  const { run, dataset, metric } = baseline;
  const asked = questionOf(baseline);
  const figures = [
    ['rows', dataset.rows, shape.rows],
    ['dimensions', dataset.dimensions, shape.dimensions],
    ['metric', metric, shape.metric],
    ['k', asked?.k, now.k],
    ['seed', asked?.seed, now.seed],
    ['partitions', partsOf(baseline.layout), partsOf(layoutOf(now))],
  ] as const;
  const unlike = figures.filter(([, then, tonight]) => then !== tonight);
  if (unlike.length === 0) return;
  throw new PgvtuneError(
    'usage',
    `Tonight is not comparable with the baseline ${run}: ${unlike.map(([name, then, tonight]) => `${name} (${then} and ${tonight})`).join(', ')}.`,
    { hint: 'Measure what the baseline measured, or make a new baseline with pgvtune tune.' },
  );
}

/**
 * What the baseline recommends for plain queries.
 *
 * @throws {PgvtuneError} `usage` when it recommends nothing
 */
function baselineSettingOf({ manifest, records }: RunFiles): BaselineSetting {
  const choice = tuneAnswerOf(records)?.recommendation;
  if (!choice) {
    throw new PgvtuneError('usage', `The baseline ${manifest.run} recommends no index for plain queries.`, {
      hint: 'Take a run of pgvtune tune that reached its target.',
    });
  }
  return { run: manifest.run, spec: choice.spec, settings: choice.settings };
}
