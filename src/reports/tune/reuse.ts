import type { RunView } from './run-view.js';

/** What a run took from earlier ones, in one sentence; empty where it took nothing. */
export function reuseSentence({ points, builds, texts }: RunView): string {
  const known = [...points.values()].flatMap(({ fromRun }) => fromRun ?? []);
  const spared = [...builds.values()].filter(({ fromRun }) => fromRun !== undefined);
  if (known.length === 0) return '';
  return texts.sections.tradeOffs.reuse({ points: known.length, runs: [...new Set(known)], builds: spared.length });
}
