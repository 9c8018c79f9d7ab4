import { indexKind, isOlder, isReranked } from '../../../indexes/index.js';
import type { FilterLimit } from '../../../results/index.js';
import type { IndexSpec } from '../../../vocabulary.js';

/** Why a strategy that searches a vector index cannot use this one, whatever it does with it; null when it can. */
export function vectorIndexLimit(spec: IndexSpec): FilterLimit | null {
  if (indexKind(spec.method).accessMethod === null) return { code: 'no-vector-index', data: {} };
  return isReranked(spec) ? { code: 'needs-reranking', data: { spec } } : null;
}

/** Why an index cannot be scanned iteratively; null when it can. */
export function iterativeLimit({ method }: IndexSpec, mode: string, pgvector: string): FilterLimit | null {
  const knob = indexKind(method).knobs.find(({ name }) => name === 'iterative_scan');
  if (knob?.kind !== 'choice' || !knob.values.includes(mode)) {
    return { code: 'no-iterative-scan', data: { method, mode } };
  }
  return isOlder(pgvector, knob.since)
    ? { code: 'iterative-scan-too-new', data: { since: knob.since, pgvector } }
    : null;
}
