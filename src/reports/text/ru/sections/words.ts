import type { RunTexts } from '../../run-texts.js';
import { count } from '../plural.js';

/** Headings of columns, states and verdicts: what several sections have. */
export const words: RunTexts['sections']['words'] = {
  build: 'построение',
  buffers: 'буферы',
  index: 'индекс',
  indexSize: 'размер индекса',
  indexes: 'индексы',
  plan: 'план',
  recall: 'полнота [95 %]',
  rows: 'строки',
  settings: 'настройки',
  size: 'размер',
  strategy: 'стратегия',
  measured: 'измерено',
  notMeasured: 'не измерено',
  plainQueries: 'простые запросы',
  runnerUp: 'второй вариант',
  undo: 'Отмена:',
  unknown: 'неизвестно',
  or: 'или',
  status: { ok: 'ok', void: 'недействительно', failed: 'ошибка' },
  purpose: { search: 'поиск', confirm: 'вперемежку' },
  caches: { warm: 'тёплый', prewarmed: 'прогрет pg_prewarm', cold: 'холодный', partial: 'частично в кэше' },
  outcome: {
    reaches: 'достигает',
    misses: 'не достигает',
    'another plan': 'другой план',
    unsuited: 'не подходит',
    failed: 'ошибка',
  },
  verdict: { better: 'лучше', worse: 'хуже', 'no difference': 'разница не показана' },
  buffersPerQuery: 'буферы на запрос',
  clock: (clocks) => `Часы: ${clocks}.`,
  firstOfSuch: {
    points: (number) => `первая из ${count(number, 'такой точки', 'таких точек', 'таких точек')}`,
    loads: (number) => `первая из ${count(number, 'такой нагрузки', 'таких нагрузок', 'таких нагрузок')}`,
  },
};
