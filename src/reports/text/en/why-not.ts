import { describeSettings, describeSpec } from '../../../indexes/index.js';
import type { NotBuilt, Reason, WhyNot } from '../../../results/index.js';
import { formatApart, formatBytes, formatComparison, formatLow, formatMs } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import { comparisonText, upkeepText } from './cost-comparison.js';
import { fateText } from './grounds.js';
import { bufferCount, plural, randomRows } from './plural.js';
import { reasons } from './reasons.js';
import { unmet } from './target.js';

/** Why an index was not built. */
export const notBuilt: Catalogue<NotBuilt> = {
  'would-be-too-large': ({ bytes, bound }) =>
    `Not built: it would take ${formatApart(formatBytes, bytes, bound).join(', more than the allowed ')}.`,
  'centres-need-memory': ({ bytes, given }) =>
    `Not built: its centres need ${formatApart(formatBytes, bytes, given).join(' of maintenance_work_mem, more than ')}.`,
  'returns-too-few-rows': ({ knob, k }) =>
    `Not built: no value of its ${knob} returns ${plural(k, { one: 'row', other: 'rows' })}.`,
  'never-used-by-planner': ({ knob }) => `Not built: the planner would choose a sequential scan at any ${knob}.`,
  'denser-on-as-many-pages': ({ spec }) => `Not built: ${describeSpec(spec)} takes as many pages and finds more.`,
  'does-not-pay': ({ queriesPerDay, savedSeconds, buildSeconds }) =>
    `Not built on all rows: with ${plural(queriesPerDay, { one: 'query', other: 'queries' })} a day it is expected to save ${formatApart(seconds, savedSeconds, buildSeconds).join(' of their time, and its build may take ')}.`,
};

const seconds = (value: number, digits: number): string => formatMs(1000 * value, digits);

/** Why an index is not recommended. */
export const whyNot: Catalogue<WhyNot> = {
  ...notBuilt,
  'build-failed': ({ reason }) => `The build failed. ${textOf(reasons, reason)}`,

  'subset-gave-up': ({ rows, recall }) =>
    `Tried on ${randomRows(rows)} only: it costs too much before it reaches recall ${recall.toFixed(4)}.`,
  'subset-recall-ends': ({ rows, recall, beyond }) =>
    `Tried on ${randomRows(rows)} only: its recall is ${recall.toFixed(4)} at most${beyondText(beyond)}`,
  'subset-promises-less': ({ rows, ratio }) =>
    `Tried on ${randomRows(rows)} only: at the same recall it is expected to cost ${formatComparison(ratio, "pgvector's default index")}; other candidates were more promising.`,

  'misses-target': ({ settings, unmet: missed }) =>
    `With ${describeSettings(settings)}, ${missed.map((one) => textOf(unmet, one)).join('; ')}.`,
  compared: ({ settings, comparison }) =>
    `With ${describeSettings(settings)} it meets the target; ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
  'gave-up': ({ settings, buffers, recall, wanted }) =>
    `With ${describeSettings(settings)} it touches ${bufferCount(buffers)} per query and reaches only ${formatLow(recall)}; a setting that reaches ${wanted} takes longer.`,
  'recall-ends': ({ settings, recall, low, wanted, beyond }) =>
    `Recall is ${recall.toFixed(4)} at most (lower bound ${formatLow(low)}; wanted ${wanted}) with ${describeSettings(settings)}${beyondText(beyond)}`,
  'no-usable-point': ({ reason }) =>
    ['None of its points could be used.', ...(reason ? [textOf(reasons, reason)] : [])].join(' '),
};

/** Ends a sentence, and says what is beyond. */
const beyondText = (beyond: { readonly status: 'void' | 'failed'; readonly reason: Reason } | null): string =>
  beyond ? `; a point beyond ${fateText(beyond.status)}. ${textOf(reasons, beyond.reason)}` : '.';
