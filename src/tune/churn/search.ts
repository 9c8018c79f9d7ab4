import { ask, type ChurnAnswer, type ChurnRequest, type Search } from '../../results/index.js';

/** One question: an index wears on one table, and every state follows from the one before. */
export function* churn(request: ChurnRequest): Search<ChurnAnswer> {
  const { key } = yield* ask('churn', request);
  return { kind: 'churn', record: key };
}
