import { describeChoice } from '../../indexes/index.js';
import type { Cause, GateJudgement } from '../../nightly/index.js';
import type { GateAnswer } from '../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../units.js';
import { type Catalogue, textOf } from '../text/index.js';
import { digits } from '../text/figures.js';
import { escapeText, list, table } from '../text/markdown.js';
import { changeText, ratioDifference, signedPercent } from './figures.js';
import { figureTable } from './compare.js';

const CAUSES: Catalogue<Cause> = {
  'plan-changed': ({ base, candidate }) =>
    `The plan changed (${escapeText(base)} → ${escapeText(candidate)}): check the planner's costs and statistics.`,
  'more-work': ({ ratio }) =>
    `A query touches ${formatPercent(ratio - 1)} more buffers: the setting, the graph or the amount of data changed, not the machine.`,
  'cache-reads': ({ base, candidate }) =>
    `A query reads ${digits(candidate)} blocks that are not in shared_buffers, against ${digits(base)} before: the index no longer fits the cache, or something else uses it.`,
  'server-time': ({ ratio, workRatio }) =>
    `The server's time per query changed by ${signedPercent(ratio - 1)}, its buffers by ${signedPercent(workRatio - 1)}: each buffer costs more, as with JIT, another build of pgvector, a slower processor or larger vectors.`,
  'round-trip': ({ base, candidate }) =>
    `A round trip without a search takes ${formatMs(candidate)}, against ${formatMs(base)} before: check the network, the driver and the client's machine.`,
  planning: ({ base, candidate }) =>
    `Prepared statements switched from ${base} to ${candidate} plans: check plan_cache_mode.`,
};

/** What a night came to, as Markdown: the verdict, what changed, then and now, latency in turn, and likely causes. */
export function gateDocument(judgement: GateJudgement, answer: GateAnswer): string {
  const { baseline, tonight, changes, thenAndNow, causes, causesSince } = judgement;
  const isOtherData = changes.some(({ what }) => what === 'dataset');
  const sections = [
    `# Gate: ${escapeText(tonight)} against ${escapeText(baseline)}`,
    HEADLINES[judgement.verdict],
    `## What changed between the nights\n\n${changes.length === 0 ? 'Nothing that the runs recorded.' : list(changes.map(changeText))}`,
    `## The baseline's setting, then and now\n\n${escapeText(describeChoice(answer.baseline))}`,
    thenAndNow.length > 0
      ? figureTable(thenAndNow)
      : isOtherData
        ? 'Not compared: the data changed, and with them the neighbours of every query. Run pgvtune tune on them for a new baseline.'
        : 'One of the runs has no figures of it.',
    ...(causesSince.length === 0 ? [] : [causeList(causesSince)]),
    `## Latency in turn\n\n${latencyText(judgement, answer)}`,
    ...(answer.looks.length === 0 ? [] : [lookTable(answer)]),
    ...(causes.length === 0 ? [] : [`Likely causes:\n\n${causeList(causes)}`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const HEADLINES: Readonly<Record<GateJudgement['verdict'], string>> = {
  good: '**Passed.** Nothing is shown to be worse, and everything is known well enough.',
  bad: '**Failed.** Something is shown to be worse.',
  undecided: '**Undecided.** Nothing is shown to be worse, but something was not measured, or not well enough.',
};

const causeList = (causes: readonly Cause[]): string => list(causes.map((cause) => textOf(CAUSES, cause)));

/** One line for a terminal. */
export function gateSentence({ latency }: GateJudgement, answer: GateAnswer): string {
  return latencyText({ latency }, answer).replaceAll(/[`*\\]/g, '');
}

function latencyText({ latency }: Pick<GateJudgement, 'latency'>, answer: GateAnswer): string {
  const { verdict, looks, rules } = latency;
  const last = looks.at(-1);
  const choice = answer.tuned.recommendation;
  const names = `Tonight's recommendation${choice ? ` (${escapeText(describeChoice(choice))})` : ''}`;
  switch (verdict) {
    case 'same setting':
      return `${names} is the baseline's setting, so no latency was compared.`;
    case 'not reached':
      return 'No point measured tonight reaches the target.';
    case 'not measured':
      return choice === null
        ? "Tonight's search has no figures: its builds and points say why."
        : "No latency was compared: the baseline's setting or tonight's could not be built or measured. Their builds and points say why.";
    case 'slower':
      return `**${names} is slower than the baseline's setting:** ${signedPercent(last!.shift.value)} after ${formatCount(last!.pairs)} pairs of blocks (chance of a false alarm ${formatPercent(rules.falseAlarms)} in all).`;
    case 'not slower':
      return `${names} is not slower by ${formatPercent(rules.smallest)} or more: ${signedPercent(last!.shift.value)} after ${formatCount(last!.pairs)} pairs of blocks (chance of missing such a slowdown ${formatPercent(rules.misses)} in all).`;
    case 'undecided':
      return `${names} could not be distinguished from the baseline's setting within ${formatMs(rules.budgetMs)} of timed queries.`;
  }
}

const lookTable = ({ looks }: GateAnswer): string =>
  table(
    ['Look>', 'Pairs of blocks>', 'Slower by [bounds of this look]>'],
    looks.map(({ pairs, shift }, i) => [String(i + 1), formatCount(pairs), ratioDifference(shift)]),
  );
