import { describeChoice, describeSettings, describeSpec } from '../../../indexes/index.js';
import type {
  Binding,
  BoundName,
  DefaultIndex,
  Growth,
  RepresentationVerdict,
  Stranded,
} from '../../../results/index.js';
import {
  formatApart,
  formatBytes,
  formatComparison,
  formatExcess,
  formatFixed,
  formatMs,
  formatPercent,
} from '../../../units.js';
import type { Representation } from '../../../vocabulary.js';
import { type Catalogue, textOf } from '../catalogue.js';
import { comparisonText, upkeepText } from './cost-comparison.js';
import { plural, randomRows } from './plural.js';
import { reasons } from './reasons.js';
import { bounds, needs } from './target.js';
import { notBuilt, whyNot } from './why-not.js';

const boundsText = (names: readonly BoundName[]): string => names.map((name) => `the ${bounds[name]}`).join(' and ');

/** Which bound decides, or blocks. */
export const bindings: Catalogue<Binding> = {
  'none-decides': () => 'No bound is decisive: the exact scan finds every neighbour and needs no index.',
  'recall-decides': ({ more, tooLarge, nearP95Ms }) =>
    [
      more === null
        ? 'Recall is the deciding bound.'
        : `Recall is the deciding bound: ${(100 * more.recall).toFixed(1)} percentage points more would take about ${formatExcess(more.buffersRatio)} more buffers per query (${more.knob} ≈ ${Math.round(more.value)})${
            more.p95Ratio === null ? '' : ` and raise p95 by about ${formatExcess(more.p95Ratio)}`
          }; the index would not grow.`,
      ...(tooLarge > 0
        ? [`The bound on index size ruled out ${plural(tooLarge, { one: 'other index', other: 'other indexes' })}.`]
        : []),
      ...(nearP95Ms === null ? [] : [`The bound on p95, ${formatMs(nearP95Ms)}, is nearly used up.`]),
    ].join(' '),
  'one-blocks': ({ need, spec, settings }) =>
    `The ${bounds[need.code]} is the blocking bound. The nearest configuration is ${describeChoice({ spec, settings })}, with ${textOf(needs, need)}.`,
  'together-block': ({ bounds: names }) =>
    `No bound blocks alone, but together they do: it would be enough to relax one of ${boundsText(names)}.`,
  'several-block': ({ bounds: names }) =>
    `Several bounds block at once: no configuration meets all but one of them. The nearest misses ${boundsText(names)}.`,
};

/** What becomes of the recommendation when the table doubles. */
export const growths: Catalogue<Growth> = {
  'exact-scan-doubles': () => 'With twice the rows the exact scan takes twice the time.',
  'lists-grow': ({ rows, bytes, lists }) =>
    `With ${rowCount(rows)} the index would take about ${formatBytes(bytes)}; ${plural(lists, { one: 'list', other: 'lists' })} and √2 times the probes would keep the recall for about 1.4 times the work. Not measured: rebuild and measure again at that size.`,
  'knob-grows': ({ rows, bytes, knob, value, buffersRatio }) =>
    `With ${rowCount(rows)} the index would take about ${formatBytes(bytes)}, and the same recall would need ${knob} ≈ ${Math.round(value)} (${formatExcess(buffersRatio)} more buffers per query), assuming typical growth. Not measured: tune again at that size.`,
};

const rowCount = (rows: number): string => plural(rows, { one: 'row', other: 'rows' });

const defaultIndex = (spec: DefaultIndex['data']['spec']): string => `pgvector's default index (${describeSpec(spec)})`;

/** How pgvector's default index does. */
export const defaultIndexes: Catalogue<DefaultIndex> = {
  'is-recommended': ({ spec, settings }) =>
    `${defaultIndex(spec)} is the best index found; only ${describeSettings(settings)} has to be set.`,
  'misses-target': ({ spec }) => `${defaultIndex(spec)} is not shown to meet the target with any setting.`,
  compared: ({ spec, settings, comparison }) =>
    `${defaultIndex(spec)} with ${describeSettings(settings)} meets the target; ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
};

/** Queries that find none of their neighbours: how many, what finds them, and what to do. */
export const strandedQueries: Catalogue<Stranded> = {
  'in-another-part-of-the-graph': (found) =>
    strandedText(
      found,
      'Their search ends in another part of the graph. A higher ef_search makes all queries pay for these few; a larger m or ef_construction, or another build of the index, joins the parts.',
    ),
  'in-lists-not-probed': (found) =>
    strandedText(
      found,
      'Their neighbours are in lists that are not probed. More probes make all queries pay for these few; with fewer lists neighbours lie together.',
    ),
};

function strandedText(
  { settings, stranded, others, share, higher, other, duplicates }: Stranded['data'],
  cure: string,
): string {
  const left = (count: number): string =>
    count === 0
      ? 'all of them find some'
      : count === 1
        ? '1 of them still finds none'
        : `${count} of them still find none`;
  return [
    `${stranded} of ${plural(stranded + others, { one: 'query', other: 'queries' })} ${stranded === 1 ? 'finds' : 'find'} none of ${stranded === 1 ? 'its' : 'their'} neighbours with ${describeSettings(settings)}; ${formatPercent(share, 0)} of all missing rows are missing there.`,
    ...(higher
      ? [`With ${describeSettings(higher.settings)}, the highest setting measured, ${left(higher.stranded)}.`]
      : []),
    ...(other
      ? [
          `With ${describeChoice(other)}, for ${other.buffersRatio.toFixed(2)} times the buffers, ${left(other.stranded)}.`,
        ]
      : []),
    cure,
    ...(duplicates === null
      ? []
      : [
          `${formatPercent(duplicates, 1)} of the rows repeat the vector of another. Equal vectors are linked with one another and with little else: keep each vector once.`,
        ]),
  ].join(' ');
}

const LOSSES: Readonly<Record<Representation, string>> = {
  vector: 'Too much of these vectors is lost',
  halfvec: 'Half precision loses too much of these vectors',
  bit: 'One bit a dimension loses too much of these vectors',
  subvector:
    'The first dimensions alone hold too little of these vectors (models that are trained for it put most of the information there)',
};

const memoryText = (savesMemory: boolean): string => (savesMemory ? ' Choose it where memory is short.' : '');

/** Why another representation is used, or not. */
export const representations: Catalogue<RepresentationVerdict['why']> = {
  ...notBuilt,
  'is-recommended': () => 'It is the recommended one.',
  'no-index-needed': () => 'No index is needed.',
  'others-promised-more': () => 'Other candidates were more promising.',
  'build-failed': ({ reason }) => `Its index could not be built. ${textOf(reasons, reason)}`,
  'loses-too-much': ({ representation, rows, recall, wanted, isReranked }) =>
    `${LOSSES[representation]}: on ${randomRows(rows)} its recall is ${formatApart(formatFixed, recall, wanted).join(' at most, where the target corresponds to ')}${isReranked ? ', however many rows are re-ranked' : ''}.`,
  expected: ({ rows, ratio, saved, savesMemory }) =>
    `On ${rowCount(rows)} it is expected to cost ${formatComparison(ratio, "pgvector's default index")} at the same recall; its index is ${
      saved === null ? 'no smaller' : `${formatPercent(saved, 0)} smaller than one on the full vectors`
    }.${memoryText(savesMemory)}`,
  'misses-target': whyNot['misses-target'],
  'meets-target': ({ settings, comparison, savesMemory }) =>
    `With ${describeSettings(settings)} it meets the target; ${comparisonText(comparison)}; ${upkeepText(comparison)}.${memoryText(savesMemory)}`,
};

export const verdicts: Readonly<Record<RepresentationVerdict['verdict'], string>> = {
  recommended: 'recommended',
  // Its index may be smaller.
  'no gain': 'no faster',
  'not recommended': 'not recommended',
  'not tried': 'not tried',
};
