import {
  type BuildSeconds,
  type BuildTimeInput,
  onDiskFactor,
  predictBuildSeconds,
  predictIndex,
} from '../../indexes/index.js';
import { fitGrowth } from './laws.js';
import type { GrowthFacts } from './plan.js';

/**
 * Times of builds on the machine where a run of `capacity` measured some: its law for more rows, and the model for other
 * dimensions, parameters, workers and memory. Of another method nothing was measured.
 */
export function buildSecondsFrom(facts: GrowthFacts): (input: BuildTimeInput) => BuildSeconds | null {
  const { spec, points, dimensions, server } = facts;
  const law = fitGrowth('buildSeconds', points, { modelledBytes: () => 1 });
  if (law === null) return predictBuildSeconds;
  const rows = points.at(-1)!.rows;
  const { parallelWorkers, spec: measured } = predictIndex({ ...server, rows, dimensions, spec });
  return (input) => {
    if (input.method !== spec.method) return predictBuildSeconds(input);
    const here = { ...input, dimensions, parameters: measured.parameters, parallelWorkers, spillRow: null };
    const ratio = predictBuildSeconds({ ...input, spillRow: null })!.value / predictBuildSeconds(here)!.value;
    const [expected, onDisk] = [law.at(Math.max(2, input.rows)), onDiskFactor(input)];
    return {
      value: expected.value * ratio * onDisk.value,
      low: expected.low * ratio * onDisk.low,
      high: expected.high * ratio * onDisk.high,
    };
  };
}
