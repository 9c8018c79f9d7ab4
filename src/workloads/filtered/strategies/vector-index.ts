import { describeRepresentation, indexKind, isOlder, isReranked } from '../../../indexes/index.js';
import type { IndexSpec } from '../../../vocabulary.js';

/** Why a strategy that searches a vector index cannot use this one, whatever it does with it; null when it can. */
export function vectorIndexLimit(spec: IndexSpec): string | null {
  if (indexKind(spec.method).accessMethod === null) return 'It needs a vector index.';
  return isReranked(spec)
    ? `An index on ${describeRepresentation(spec)} has to be re-ranked, which filtered queries do not.`
    : null;
}

/** Why an index cannot be scanned iteratively; null when it can. */
export function iterativeLimit({ method }: IndexSpec, mode: string, pgvector: string): string | null {
  const kind = indexKind(method);
  const knob = kind.knobs.find(({ name }) => name === 'iterative_scan');
  if (knob?.kind !== 'choice' || !knob.values.includes(mode)) return `${kind.title} has no iterative scan in ${mode}.`;
  return isOlder(pgvector, knob.since)
    ? `Iterative scans came with pgvector ${knob.since}, the server has ${pgvector}.`
    : null;
}
