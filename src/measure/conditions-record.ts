import { availableParallelism } from 'node:os';
import type { Conditions as SeenConditions } from './conditions.js';
import type { Conditions } from '../results/index.js';

/**
 * What was seen around a measurement, as a record holds it.
 *
 * @param attempt 1, or more when the measurement was begun anew
 */
export function toConditions({ canary, machine, ...seen }: SeenConditions, attempt: number): Conditions {
  const copy = ({ roundTripMs, cpuMs }: SeenConditions['canary']['before']) => ({
    roundTripMs: [...roundTripMs],
    cpuMs: [...cpuMs],
  });
  return {
    ...seen,
    attempt,
    machine: { ...machine, cores: availableParallelism() },
    canary: { before: copy(canary.before), after: copy(canary.after) },
  };
}
