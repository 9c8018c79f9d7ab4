import { latencyQuantile } from '../../../analysis/index.js';
import type { TunedChoice, TunedIndex } from '../../../audit/index.js';
import { choicePoint, pointOf, recommendedRecall, type RunView, tuneAnswer } from '../../../reports/index.js';
import type { Choice, Estimate, TuneAnswer } from '../../../results/index.js';

/** What a finished run of `tuneBesideExisting` says of the index that it was for. */
export const tunedFacts = (run: RunView): Pick<TunedIndex, 'run' | 'outcome' | 'existing' | 'recommended'> => ({
  run: run.manifest.run,
  outcome: outcomeOf(tuneAnswer(run)!),
  ...figuresOf(run),
});

function outcomeOf({ recommendation, budget }: TuneAnswer): TunedIndex['outcome'] {
  if (recommendation?.spec.method === 'none' && budget && budget.omissions.length > 0) return 'out-of-time';
  if (recommendation === null) return 'not-reached';
  return recommendation.spec.method === 'none' ? 'exact-scan' : 'tuned';
}

/** The recommendation as most queries show it; costs of both are those that were measured side by side. */
function figuresOf(run: RunView): Pick<TunedIndex, 'existing' | 'recommended'> {
  const { recommendation, existing, ...answer } = tuneAnswer(run)!;
  if (recommendation === null || recommendation.spec.method === 'none') return { existing: null, recommended: null };
  const shown = choicePoint(run, recommendation)?.measured;
  const recall = shown ? recommendedRecall({ ...answer, recommendation }, shown) : undefined;
  return {
    existing: existing ? choiceFigures(run, existing.choice, existing.choice.point) : null,
    recommended:
      choiceFigures(run, recommendation, existing?.beside ?? recommendation.point, recall) ??
      choiceFigures(run, recommendation, recommendation.point, recall),
  };
}

function choiceFigures(run: RunView, { spec, settings }: Choice, point: string, recall?: Estimate): TunedChoice | null {
  const view = pointOf(run, point);
  if (!view?.measured) return null;
  const { measured, build } = view;
  return {
    method: spec.method,
    representation: spec.representation,
    parameters: spec.parameters,
    settings,
    recall: interval(recall ?? measured.recall.mean),
    pages: interval(measured.buffers.mean),
    p95Ms: latencyQuantile(measured, 0.95)?.estimate?.value ?? null,
    bytes: build.index?.bytes ?? 0,
  };
}

const interval = ({ value, low, high }: Estimate): TunedChoice['recall'] => ({
  value,
  low: low ?? 0,
  high: high ?? Infinity,
});
