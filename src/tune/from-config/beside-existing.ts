import type { Config } from '../../config/index.js';
import { indexKind, validateSpec } from '../../indexes/index.js';
import {
  ask,
  askTogether,
  type Choice,
  keyOf,
  type PointRequest,
  type Search,
  type TuneAnswer,
} from '../../results/index.js';
import type { ChosenIndex } from './named-index.js';
import type { ConfiguredSearch } from './search.js';
import { tuneFromConfig } from './tune.js';

/**
 * What `tune` does with a configuration; and then an existing index, as it is searched today, side by side with what is recommended, on
 * the same rows.
 */
export const tuneBesideExisting = (config: Config, existing: ChosenIndex): ConfiguredSearch<TuneAnswer> => {
  const own = tuneFromConfig(config);
  return {
    check(shape) {
      own.check(shape);
      validateSpec(existing.spec, shape);
    },
    *search(situation) {
      const answer = yield* own.search(situation);
      // A scan of a sample says nothing of the whole table.
      if (!answer.recommendation || indexKind(answer.recommendation.spec.method).accessMethod === null) return answer;
      const compared = yield* compare(answer.recommendation, existing, {
        k: config.k,
        queries: situation.queries,
      });
      return compared ? { ...answer, existing: compared } : answer;
    },
  };
};

/** @returns undefined where the existing index cannot be built */
function* compare(
  recommended: Choice,
  { spec, settings }: ChosenIndex,
  { k, queries }: { readonly k: number; readonly queries: number },
): Search<TuneAnswer['existing']> {
  const build = yield* ask('build', { spec, repeat: 0 });
  if (build.status === 'failed') return undefined;
  const request = (one: Pick<Choice, 'build' | 'settings'>): PointRequest => ({
    build: one.build,
    settings: one.settings,
    workload: { kind: 'plain', k },
    queries,
    purpose: 'confirm',
  });
  const today = { spec, settings, build: build.key };
  const requests = [request(today), request(recommended)];
  const [todayKey, recommendedKey] = requests.map((one) => keyOf('point', one));
  if (todayKey === recommendedKey) return { choice: recommended, beside: recommended.point };
  // Whatever either was measured beside before, these two are measured beside one another.
  const points = yield* askTogether('point', [
    { ...requests[0]!, comparedWith: [recommendedKey!] },
    { ...requests[1]!, comparedWith: [todayKey!] },
  ]);
  return { choice: { ...today, point: points[0]!.key }, beside: points[1]!.key };
}
