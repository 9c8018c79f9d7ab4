import { EXIT } from '../errors.js';
import type { SearchOutcome } from './run-search.js';

/** The exit code that the loads of a run come to. */
export function loadExit({ answer, files }: Pick<SearchOutcome, 'answer' | 'files'>): number {
  const verdicts = (answer.sustainedRates ?? []).map(({ verdict }) => verdict);
  if (verdicts.includes('missed')) return EXIT.no;
  if (verdicts.some((verdict) => verdict !== 'held')) return EXIT.inconclusive;
  if (verdicts.length > 0) return EXIT.done;
  const undelivered = files.records.some(
    (record) => record.type === 'throughput' && record.request.mode.kind === 'open' && record.status === 'failed',
  );
  return undelivered ? EXIT.no : EXIT.done;
}
