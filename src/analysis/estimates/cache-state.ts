import type { Measured } from '../../results/index.js';
import type { CacheState } from '../../vocabulary.js';
import { formatPercent } from '../../units.js';

/** Up to this share of a query's buffers may come from outside shared_buffers in a cache that is called warm. */
const WARM_SHARE = 0.01;

export interface CacheJudgement {
  readonly state: NonNullable<Measured['cacheState']>;
  /** The same in words, for the record. */
  readonly text: string;
}

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
  const share = mean === 0 ? 0 : meanRead / mean;
  const read = `${formatPercent(share)} of a query's buffers came from outside shared_buffers`;
  if (declared === 'cold') {
    return meanRead > 0
      ? {
          state: 'cold',
          text: `cold: table and index were put out of shared_buffers before every timed query; ${read}`,
        }
      : { state: 'partial', text: 'partial: the caches were to be cold, but nothing was read' };
  }
  if (share > WARM_SHARE) {
    // IvfflatBeginscan in pgvector's ivfscan.c asks for BAS_BULKREAD.
    const ring =
      method === 'ivfflat' && !prewarmed
        ? '; IVFFlat reads its lists through a ring of 256 kB, so that a query leaves at most 32 pages in the cache: only pg_prewarm warms it'
        : '';
    return { state: 'partial', text: `partial: ${read}${ring}` };
  }
  if (declared === 'prewarmed') return { state: 'prewarmed', text: `prewarmed by pg_prewarm; ${read}` };
  const how = prewarmed ? 'pg_prewarm and queries' : 'queries alone';
  return { state: 'warm', text: `warm by ${how}; ${read}` };
}
