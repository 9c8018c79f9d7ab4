import { EXIT } from '../../../errors.js';
import { loadExit } from '../../load-exit.js';
import type { SearchOutcome } from '../../run-search.js';

/** The exit code of a run of `tune`. Where nothing could be measured nothing is refuted: that is no "no". */
export function tuneExit(outcome: Pick<SearchOutcome, 'answer' | 'files'>): number {
  const { answer } = outcome;
  if (answer.kind !== 'tune') throw new TypeError(`Expected the answer of tune, got that of ${answer.kind}.`);
  const hasFigures = ({ options }: { options: readonly { readonly point: string | null }[] }): boolean =>
    options.some(({ point }) => point !== null);
  const parts = [...(answer.filtered ?? []).flatMap(({ filters }) => filters), ...(answer.hybrid ?? [])];
  // Of all that was asked and has no recommendation: whether there are figures to say so.
  const missed = [
    ...(answer.verdict === 'not reached' ? [answer.nearest.length > 0] : []),
    ...parts.filter(({ best }) => best === null).map(hasFigures),
  ];
  if (missed.length === 0) return loadExit(outcome);
  return missed.includes(true) ? EXIT.no : EXIT.inconclusive;
}
