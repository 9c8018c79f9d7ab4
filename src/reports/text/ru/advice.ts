import { describeSettings } from '../../../indexes/index.js';
import type { BoundName, DefaultIndex, Stranded } from '../../../results/index.js';
import { formatApart, formatBytes, formatExcess, formatFixed, formatMs, formatPercent } from '../../../units.js';
import type { Representation } from '../../../vocabulary.js';
import { textOf } from '../catalogue.js';
import type { RunTexts } from '../run-texts.js';
import { besideDefault, comparisonText, upkeepText } from './cost-comparison.js';
import { names } from './names.js';
import { count, onRandomRows, partOf } from './plural.js';
import { reasons } from './reasons.js';
import { bounds, needs } from './target.js';
import { notBuilt, whyNot } from './why-not.js';

const boundsText = (of: readonly BoundName[]): string => of.map((name) => bounds[name]).join(', ');

/** Which bound decides, or blocks. */
export const bindings: RunTexts['bindings'] = {
  'none-decides': () => 'Решающей границы нет: точный перебор находит всех соседей и не требует индекса.',
  'recall-decides': ({ more, tooLarge, nearP95Ms }) =>
    [
      more === null
        ? 'Решающая граница — полнота.'
        : `Решающая граница — полнота: ещё ${(100 * more.recall).toFixed(1)} процентного пункта потребовали бы примерно на ${formatExcess(more.buffersRatio)} больше буферов на запрос (${more.knob} ≈ ${Math.round(more.value)})${
            more.p95Ratio === null ? '' : ` и увеличили бы p95 примерно на ${formatExcess(more.p95Ratio)}`
          }; индекс бы не вырос.`,
      ...(tooLarge > 0
        ? [`Граница размера исключила ${count(tooLarge, 'другой индекс', 'других индекса', 'других индексов')}.`]
        : []),
      ...(nearP95Ms === null ? [] : [`Граница p95, ${formatMs(nearP95Ms)}, почти исчерпана.`]),
    ].join(' '),
  'one-blocks': ({ need, spec, settings }) =>
    `Мешает одна граница: ${bounds[need.code]}. Ближайшая конфигурация — ${names.choice({ spec, settings })}; понадобится: ${textOf(needs, need)}.`,
  'together-block': ({ bounds: of }) =>
    `По отдельности ни одна граница не мешает, а вместе мешают: достаточно ослабить одну из них (${boundsText(of)}).`,
  'several-block': ({ bounds: of }) =>
    `Мешают сразу несколько границ: ни одна конфигурация не соблюдает все, кроме одной. Ближайшая нарушает: ${boundsText(of)}.`,
};

/** `На 8,000 строках` */
const onRows = (rows: number): string => `На ${count(rows, 'строке', 'строках', 'строках')}`;

/** What becomes of the recommendation when the table doubles. */
export const growths: RunTexts['growths'] = {
  'exact-scan-doubles': () => 'На вдвое большем числе строк точный перебор займёт вдвое больше времени.',
  'lists-grow': ({ rows, bytes, lists }) =>
    `${onRows(rows)} индекс занял бы около ${formatBytes(bytes)}; ${count(lists, 'список', 'списка', 'списков')} и в √2 раза больше probes сохранили бы полноту примерно за 1.4 работы. Не измерено: на таком размере перестройте индекс и измерьте снова.`,
  'knob-grows': ({ rows, bytes, knob, value, buffersRatio }) =>
    `${onRows(rows)} индекс занял бы около ${formatBytes(bytes)}, а для той же полноты понадобился бы ${knob} ≈ ${Math.round(value)} (на ${formatExcess(buffersRatio)} больше буферов на запрос), если рост обычный. Не измерено: на таком размере выполните tune снова.`,
};

const defaultIndex = (spec: DefaultIndex['data']['spec']): string =>
  `Индекс pgvector по умолчанию (${names.spec(spec)})`;

/** How pgvector's default index does. */
export const defaultIndexes: RunTexts['defaultIndexes'] = {
  'is-recommended': ({ spec, settings }) =>
    `${defaultIndex(spec)} — лучший из найденных; нужно лишь задать ${describeSettings(settings)}.`,
  'misses-target': ({ spec }) => `${defaultIndex(spec)}: ни при какой настройке не показано, что он достигает цели.`,
  compared: ({ spec, settings, comparison }) =>
    `${defaultIndex(spec)} при ${describeSettings(settings)} достигает цели; ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
};

/** Queries that find none of their neighbours: how many, what finds them, and what to do. */
export const strandedQueries: RunTexts['strandedQueries'] = {
  'in-another-part-of-the-graph': (found) =>
    strandedText(
      found,
      'Их поиск заканчивается в другой части графа. Из-за немногих таких запросов за больший ef_search платят все; соединить части могут большие m или ef_construction или другое построение индекса.',
    ),
  'in-lists-not-probed': (found) =>
    strandedText(
      found,
      'Их соседи лежат в списках, которые не просматриваются. Из-за немногих таких запросов за большее probes платят все; при меньшем числе списков соседи лежат вместе.',
    ),
};

function strandedText(
  { settings, stranded, others, share, higher, other, duplicates }: Stranded['data'],
  cure: string,
): string {
  const left = (number: number): string => (number === 0 ? 'таких не остаётся' : `их остаётся ${number}`);
  return [
    `Запросов, которые при ${describeSettings(settings)} не находят ни одного своего соседа: ${partOf(stranded, stranded + others)}; на них приходится ${formatPercent(share, 0)} всех пропущенных строк.`,
    ...(higher
      ? [`При ${describeSettings(higher.settings)}, самой высокой измеренной настройке, ${left(higher.stranded)}.`]
      : []),
    ...(other
      ? [`${names.choice(other)}: буферов в ${other.buffersRatio.toFixed(2)} раза больше, ${left(other.stranded)}.`]
      : []),
    cure,
    ...(duplicates === null
      ? []
      : [
          `У ${formatPercent(duplicates, 1)} строк вектор повторяет вектор другой строки. Равные векторы связаны друг с другом и почти ни с чем больше: храните каждый вектор один раз.`,
        ]),
  ].join(' ');
}

const LOSSES: Readonly<Record<Representation, string>> = {
  vector: 'От этих векторов теряется слишком много',
  halfvec: 'Половинная точность теряет слишком много от этих векторов',
  bit: 'Один бит на измерение теряет слишком много от этих векторов',
  subvector:
    'Одни первые измерения содержат слишком мало от этих векторов (большую часть сведений в них помещают модели, обученные для этого)',
};

const memoryText = (savesMemory: boolean): string => (savesMemory ? ' Выбирайте его, если памяти мало.' : '');

/** Why another representation is used, or not. */
export const representations: RunTexts['representations'] = {
  ...notBuilt,
  'is-recommended': () => 'Рекомендуется именно оно.',
  'no-index-needed': () => 'Индекс не нужен.',
  'others-promised-more': () => 'Другие кандидаты обещали больше.',
  'build-failed': ({ reason }) => `Его индекс не удалось построить. ${textOf(reasons, reason)}`,
  'loses-too-much': ({ representation, rows, recall, wanted, isReranked }) =>
    `${LOSSES[representation]}: ${onRandomRows(rows)} полнота не выше ${formatApart(formatFixed, recall, wanted).join(', а цели соответствует ')}${isReranked ? ', сколько строк ни переранжировать' : ''}.`,
  expected: ({ rows, ratio, saved, savesMemory }) =>
    `${onRows(rows)} ожидается, что при той же полноте индекс обойдётся ${besideDefault(ratio)}; он ${
      saved === null ? 'не меньше' : `на ${formatPercent(saved, 0)} меньше, чем по полным векторам`
    }.${memoryText(savesMemory)}`,
  'misses-target': whyNot['misses-target'],
  'meets-target': ({ settings, comparison, savesMemory }) =>
    `При ${describeSettings(settings)} достигает цели; ${comparisonText(comparison)}; ${upkeepText(comparison)}.${memoryText(savesMemory)}`,
};

export const verdicts: RunTexts['verdicts'] = {
  recommended: 'рекомендуется',
  'no gain': 'не быстрее',
  'not recommended': 'не рекомендуется',
  'not tried': 'не испытывалось',
};
