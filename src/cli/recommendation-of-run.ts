import { PgvtuneError } from '../errors.js';
import { readRun, type RunFiles, tuneAnswerOf } from '../results/index.js';
import type { ChosenIndex } from '../tune/index.js';
import type { Io } from './io.js';
import { placeOfRun } from './place-of-run.js';

/** A run that was named by name or folder. */
export function readEarlier(given: string, io: Io): RunFiles {
  const { results, run } = placeOfRun(io.cwd, given);
  return readRun(results, run);
}

/** @throws {PgvtuneError} `usage` for a run without one */
export function recommendationOf({ manifest, records }: RunFiles): ChosenIndex {
  const recommendation = tuneAnswerOf(records)?.recommendation;
  if (recommendation) return { spec: recommendation.spec, settings: recommendation.settings };
  throw new PgvtuneError('usage', `The run ${manifest.run} recommends no index.`, {
    hint: 'Name a finished run of tune or gate that reached its target, or a configuration with one index.',
  });
}
