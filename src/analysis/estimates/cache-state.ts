import type { CacheJudgement } from '../../results/index.js';
import type { CacheState } from '../../vocabulary.js';

/** Up to this share of a query's buffers may come from outside shared_buffers in a cache that is called warm. */
const WARM_SHARE = 0.01;

/**
 * Judges by what the queries read whether the caches were as they were declared.
 *
 * @param options.prewarmed pg_prewarm had read in table and index
 * @param options.method access method of the index
 */
export function judgeCache(
  { mean, meanRead }: { readonly mean: number; readonly meanRead: number },
  options: { readonly declared: CacheState; readonly prewarmed: boolean; readonly method: string },
): CacheJudgement {
  const { declared, prewarmed, method } = options;
  const readShare = mean === 0 ? 0 : meanRead / mean;
  const isAsDeclared = declared === 'cold' ? meanRead > 0 : readShare <= WARM_SHARE;
  return {
    state: isAsDeclared ? declared : 'partial',
    declared,
    readShare,
    prewarmed,
    // IvfflatBeginscan in pgvector's ivfscan.c asks for BAS_BULKREAD.
    isRing: method === 'ivfflat' && !prewarmed,
  };
}
