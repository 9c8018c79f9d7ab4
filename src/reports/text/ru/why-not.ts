import { describeSettings } from '../../../indexes/index.js';
import type { NotBuilt, Reason } from '../../../results/index.js';
import { formatApart, formatBytes, formatCount, formatLow, formatMs } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import type { RunTexts } from '../run-texts.js';
import { besideDefault, comparisonText, upkeepText } from './cost-comparison.js';
import { names } from './names.js';
import { buffers as bufferCount, onRandomRows, rows as rowCount } from './plural.js';
import { reasons } from './reasons.js';
import { unmet } from './target.js';

/** Why an index was not built. */
export const notBuilt: Catalogue<NotBuilt> = {
  'would-be-too-large': ({ bytes, bound }) =>
    `Не построен: он занял бы ${formatApart(formatBytes, bytes, bound).join(', а допустимо ')}.`,
  'centres-need-memory': ({ bytes, given }) =>
    `Не построен: его центрам нужно ${formatApart(formatBytes, bytes, given).join(' maintenance_work_mem, а задано ')}.`,
  'returns-too-few-rows': ({ knob, k }) =>
    `Не построен: ни при каком ${knob} он не возвращает столько, сколько нужно (${rowCount(k)}).`,
  'never-used-by-planner': ({ knob }) =>
    `Не построен: при любом ${knob} планировщик выбрал бы последовательный просмотр.`,
  'denser-on-as-many-pages': ({ spec }) =>
    `Не построен: ${names.spec(spec)} занимает столько же страниц, а находит больше.`,
  'does-not-pay': ({ queriesPerDay, savedSeconds, buildSeconds }) =>
    `Не построен по всем строкам: на запросах одного дня (${formatCount(queriesPerDay)}) он сберёг бы около ${formatApart(seconds, savedSeconds, buildSeconds).join(', а строится до ')}.`,
};

const seconds = (value: number, digits: number): string => formatMs(1000 * value, digits);

/** Why an index is not recommended. */
export const whyNot: RunTexts['whyNot'] = {
  ...notBuilt,
  'build-failed': ({ reason }) => `Построение завершилось ошибкой. ${textOf(reasons, reason)}`,

  'subset-gave-up': ({ rows, recall }) =>
    `Испытан только ${onRandomRows(rows)}: он обходится слишком дорого, ещё не достигнув полноты ${recall.toFixed(4)}.`,
  'subset-recall-ends': ({ rows, recall, beyond }) =>
    `Испытан только ${onRandomRows(rows)}: его полнота не выше ${recall.toFixed(4)}${beyondText(beyond)}`,
  'subset-promises-less': ({ rows, ratio }) =>
    `Испытан только ${onRandomRows(rows)}: при той же полноте ожидается, что он обойдётся ${besideDefault(ratio)}; другие кандидаты обещали больше.`,

  'misses-target': ({ settings, unmet: missed }) =>
    `При ${describeSettings(settings)}: ${missed.map((one) => textOf(unmet, one)).join('; ')}.`,
  compared: ({ settings, comparison }) =>
    `При ${describeSettings(settings)} достигает цели; ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
  'gave-up': ({ settings, buffers, recall, wanted }) =>
    `При ${describeSettings(settings)} читает ${bufferCount(buffers)} на запрос и достигает лишь ${formatLow(recall)}; настройка, достигающая ${wanted}, работает дольше.`,
  'recall-ends': ({ settings, recall, low, wanted, beyond }) =>
    `Полнота не выше ${recall.toFixed(4)} (нижняя граница ${formatLow(low)}; нужно ${wanted}) при ${describeSettings(settings)}${beyondText(beyond)}`,
  'no-usable-point': ({ reason }) =>
    ['Ни одна его точка не пригодна.', ...(reason ? [textOf(reasons, reason)] : [])].join(' '),
};

/** Ends a sentence, and says what is beyond. */
const beyondText = (beyond: { readonly status: 'void' | 'failed'; readonly reason: Reason } | null): string =>
  beyond
    ? `; точка дальше ${beyond.status === 'void' ? 'недействительна' : 'завершилась ошибкой'}. ${textOf(reasons, beyond.reason)}`
    : '.';
