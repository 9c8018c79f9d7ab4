import type { CostComparison } from '../../../results/index.js';
import { formatCount, formatExcess, formatPercent } from '../../../units.js';
import { confidenceText } from '../figures.js';
import type { RunTexts } from '../run-texts.js';
import { names } from './names.js';

/** What the confidence in the recall costs. */
export const confidencePrices: RunTexts['confidencePrices'] = {
  nothing: ({ recall }) =>
    `Доверие ничего не стоит: ни одна измеренная настройка дешевле не имеет средней полноты ${recall}.`,
  costs: ({ recall, confidence, cheapest, mean, shown, buffers, p95, queries, within }) =>
    [
      `Самая дешёвая настройка со средней полнотой не ниже ${recall} — ${names.choice(cheapest)}. Её средняя по этим запросам — ${mean.toFixed(4)}; ${shownText({ recall, shown })}.`,
      `Рекомендация достигает ${recall} с доверительной вероятностью ${confidenceText(confidence)}. Для этого ей нужно ${timesText(buffers)} (${buffers.one.buffers.toFixed(0)} вместо ${buffers.other.buffers.toFixed(0)}); ${latencyText(p95)}.`,
      queries === null
        ? 'Сколько запросов закрыло бы разрыв, неизвестно.'
        : `Около ${formatCount(queries)} проверочных запросов хватило бы, чтобы показать настройку, которой нужно не больше чем на ${formatPercent(within, 0)} буферов сверх самой дешёвой.`,
    ].join(' '),
};

/** A capital that did not double shows nothing. */
const shownText = ({ recall, shown }: { readonly recall: number; readonly shown: number }): string =>
  shown < 0.5
    ? `они не показывают, что она достигает ${recall}`
    : `они показывают, что она достигает ${recall}, с доверительной вероятностью ${confidenceText(Number(shown.toPrecision(2)))}`;

function timesText({ ratio }: CostComparison): string {
  if (ratio === null) return 'другое число буферов';
  if (ratio >= 2) return `в ${ratio.toFixed(1)} раза больше буферов`;
  return ratio >= 1 ? `на ${formatExcess(ratio)} больше буферов` : `на ${formatPercent(1 - ratio, 0)} меньше буферов`;
}

function latencyText({ verdict, ratio, low, high }: CostComparison): string {
  if (ratio === null || verdict === 'undecided' || verdict === 'equivalent')
    return 'различие p95 задержки не установлено';
  const interval = `[${low.toFixed(2)}, ${high === null ? '∞' : high.toFixed(2)}]`;
  return `p95 задержки выше в ${ratio.toFixed(2)} ${interval} раза`;
}
