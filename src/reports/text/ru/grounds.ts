import { formatCount, formatLow } from '../../../units.js';
import { textOf } from '../catalogue.js';
import type { RunTexts } from '../run-texts.js';
import { comparisonText, upkeepText } from './cost-comparison.js';
import { buffers as bufferCount, count, rows } from './plural.js';
import { reasons } from './reasons.js';

/** Why an answer is what it is. */
export const grounds: RunTexts['grounds'] = {
  'no-plain-workload': () => 'В конфигурации нет простой нагрузки (plain).',
  'nothing-measured': ({ exactScan, reason }) =>
    [
      `Ни одному измерению нельзя доверять: точный перебор ${exactScan === null ? 'не измерен' : fateText(exactScan)}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'nothing-reaches': ({ recall, areBoundsAsked }) =>
    `Ни для одного испытанного индекса не показано, что он достигает полноты ${recall}${areBoundsAsked ? ' в остальных границах' : ''}.`,
  'exact-scan-suffices': ({ buffers, k }) =>
    `Точный перебор достигает цели ${
      buffers === null
        ? 'сам по себе'
        : `за ${bufferCount(buffers)} на запрос — не больше, чем любой индекс прочитал бы, чтобы вернуть ${rows(k)}`
    }: он находит всех соседей, и нет индекса, который надо строить и обслуживать.`,
  'nothing-else-meets': () => 'Ни один другой испытанный индекс не достигает цели.',
  'runner-up': ({ comparison }) =>
    `Второй вариант сравнивался на тех же запросах: ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
  'default-preferred': () => 'Из равноценных вариантов рекомендуется построение pgvector по умолчанию.',
  'builds-failed': ({ asked, failed, reason }) =>
    [
      `Повторных построений индекса с ошибкой: ${formatCount(failed)} из ${formatCount(asked)}${failed === asked ? ', поэтому о другом построении ничего не известно' : ''}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'builds-not-measured': ({ of, builds, reason }) =>
    [
      `Построений индекса без измерений при этой настройке: ${formatCount(builds)} из ${formatCount(of)}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'builds-differ': ({ builds, recallSd, low, wanted, reached }) =>
    `Стандартное отклонение полноты по ${count(builds, 'построению', 'построениям', 'построениям')} индекса — ${(100 * recallSd).toFixed(2)} п. п.; с учётом этого показано, что любое другое построение достигает ${formatLow(low)}${reached ? '' : `, но не ${wanted}`}.`,
};

/** What became of a point without figures, as a predicate. */
export const fateText = (status: 'void' | 'failed'): string =>
  status === 'void' ? 'недействителен' : 'завершился ошибкой';
