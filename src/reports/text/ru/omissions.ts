import { indexKind } from '../../../indexes/index.js';
import type { Omission } from '../../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import type { RunTexts } from '../run-texts.js';
import { filteredStrategies } from './filtered-strategies.js';
import { names } from './names.js';
import { count, times } from './plural.js';

const titles: Readonly<Record<string, string | undefined>> = filteredStrategies;

/** What was left out for want of time. */
export const omissions: RunTexts['omissions'] = {
  build: ({ spec, ...needs }) => `${names.spec(spec)} не построен по всем строкам: ${needsText(needs)}.`,
  'subset-comparison': (needs) => `Индексы не сравнивались на подмножестве строк: ${needsText(needs)}.`,
  'subset-build': ({ spec, ...needs }) =>
    `${names.spec(spec)} не сравнивался на подмножестве строк: ${needsText(needs)}.`,
  'confidence-price': () => 'Самая дешёвая настройка, достигающая полноты в среднем, не искалась.',
  rebuilds: ({ spec, builds, ...needs }) =>
    `${names.spec(spec)} не построен ещё ${times(builds)}: ${needsText(needs)}.`,
  'cold-caches': () => 'С холодным кэшем ничего не измерено.',
  load: () => 'Рекомендация не испытана под нагрузкой.',
  writes: () => 'Стоимость записи не измерена.',
  'filter-queries': ({ queries, of, ...filter }) =>
    `Показатели фильтра ${filterText(filter)} получены по ${onQueries(queries)} вместо ${formatCount(of)}.`,
  'recall-queries': ({ queries, of }) =>
    `Полнота показана по ${onQueries(queries)} вместо ${formatCount(of)}: поиск точных соседей для всех занял бы слишком много времени.`,
  filter: (filter) => `Фильтр ${filterText(filter)} не рассмотрен.`,
  'filter-strategies': ({ strategies, ...filter }) =>
    `Для фильтра ${filterText(filter)} не рассмотрены стратегии: ${strategies
      .map(({ strategy, method }) => strategyText(strategy, method))
      .join(', ')}.`,
  crossovers: () => 'Не искалась доля строк, при которой меняется лучшая стратегия.',
  'hybrid-strategies': ({ strategies }) =>
    `Не рассмотрены стратегии гибридных запросов: ${strategies
      .map(({ strategy, text, spec }) => `${strategy}, текст ${text}, ${names.spec(spec)}`)
      .join('; ')}.`,
  configuration: () => 'Нагрузки не измерены, когда на таблице есть индексы всех.',
};

const needsText = ({ seconds, leftSeconds }: { readonly seconds: number; readonly leftSeconds: number }): string =>
  `это может занять ${formatMs(seconds * 1000, 2)}, а осталось ${formatMs(leftSeconds * 1000, 2)}`;

const onQueries = (number: number): string => count(number, 'запросу', 'запросам', 'запросам');

function filterText({ name, cell }: Extract<Omission, { code: 'filter' }>['data']): string {
  if (name !== null || cell === null) return name ?? 'без имени';
  return `${formatPercent(cell.selectivity, 1)}, корреляция ${cell.correlation}`;
}

function strategyText(strategy: string, method: string): string {
  const title = titles[strategy] ?? strategy;
  return method === 'none' ? title : `${title} (${indexKind(method).title})`;
}
