import { describeRepresentation, indexKind } from '../../../indexes/index.js';
import type { FilterLimit, FilterMiss } from '../../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import type { RunTexts } from '../run-texts.js';
import { count, partOf, rows as rowCount } from './plural.js';
import { reasons } from './reasons.js';
import { unmet } from './target.js';

const limits: Catalogue<FilterLimit> = {
  'found-by-primary-key': () => 'Строки находит первичный ключ: это `pre-filter`.',
  'no-index-for-filter': () => 'Ни один индекс не находит строки, которые оставляет этот фильтр.',
  'not-a-range': () => 'Диапазоны блоков служат только условиям на диапазон значений.',
  'no-filter': () => 'Годится каждая строка: индекс не к чему ограничивать.',
  'no-rows': () => 'Такого значения нет ни в одной строке: для него нет ни индекса, ни секции.',
  'joined-rows-scattered': ({ table }) => `Строки, которые соединяются с ${table}, разбросаны по таблице.`,
  'no-vector-index': () => 'Нужен векторный индекс.',
  'needs-reranking': ({ spec }) =>
    `Строки из индекса по ${describeRepresentation(spec)} нужно переранжировать, а запросы с фильтром этого не делают.`,
  'no-iterative-scan': ({ method, mode }) => `У ${indexKind(method).title} нет итеративного просмотра ${mode}.`,
  'iterative-scan-too-new': ({ since, pgvector }) =>
    `Итеративный просмотр появился в pgvector ${since}; на сервере ${pgvector}.`,
  'predicate-on-joined-columns': ({ table }) =>
    `Индекс нельзя ограничить по столбцам ${table}: скопируйте их в строки.`,
  'too-many-indexes': ({ filters, most }) =>
    `Разных фильтров у запросов ${formatCount(filters)}, а индексов на таблицу допускается ${formatCount(most)}.`,
  'conflicting-parameters': () => 'Параметры построения не подходят к числу строк.',
  'all-classes-small': ({ rows }) =>
    `Ни один фильтр не оставляет столько (${rowCount(rows)}): все классы достаточно малы, чтобы их сортировать.`,
  'all-classes-large': ({ rows }) =>
    `Каждый фильтр оставляет не меньше (${rowCount(rows)}): ни один класс не мал настолько, чтобы его сортировать.`,
  'no-window': () => 'Секциям по диапазонам нужен фильтр с началом и концом.',
  'no-equality': () => 'Секциям нужен фильтр по = или IN.',
  'partition-by-joined-column': ({ table }) =>
    `Таблицу нельзя секционировать по столбцу ${table}: скопируйте его в строки.`,
  'partition-with-join': () => 'Секции не сочетаются с соединением.',
  'merged-out-of-order': () =>
    'Несколько секций, каждая из которых просматривается в нестрогом порядке, сливались бы не по порядку.',
  'too-many-partitions': ({ values, most }) =>
    `Разных значений у запросов ${formatCount(values)}, а секций допускается ${formatCount(most)}.`,
  'no-join': () => 'Нет соединения, которого можно избежать.',
  'orphaned-rows': ({ rows, key }) => `Строк без ${key}: ${formatCount(rows)}.`,
};

const misses: Catalogue<FilterMiss> = {
  'not-measured': () => 'Измерить не удалось.',
  'bounds-unmet': ({ unmet: missed }) =>
    `Полноты достаточно, но ${missed.map((fact) => textOf(unmet, fact)).join('; ')}.`,
  'recall-missed': ({ recall, completeness, medianMs, ended, timesSlower }) => {
    const rows = completeness < 0.995 ? ` и возвращает ${formatPercent(completeness, 1)} строк` : '';
    const reached = `${ended !== 'highest' && timesSlower === null ? 'В лучшем случае достигает' : 'Достигает'} полноты ${recall.toFixed(3)}${rows} за ${formatMs(medianMs)}`;
    if (ended === 'highest') return `${reached} при самых высоких настройках.`;
    if (timesSlower === null) return `${reached}.`;
    return `${reached}; настройки выше не испытывались, потому что другая стратегия быстрее в ${Number(timesSlower.toPrecision(2))} раза.`;
  },
};

/** Why a strategy is not the choice for a filter. */
export const filterObstacles: RunTexts['filterObstacles'] = { ...limits, ...misses, ...reasons };

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** What the data could not give of a filter. */
export const filterShortfalls: RunTexts['filterShortfalls'] = {
  'no-own-value': ({ column, queries, of }) => `Без собственного значения ${column}: ${partOf(queries, of)}.`,
  'nothing-so-selective': ({ column, selectivity }) => `Ничто в ${column} не оставляет ${percent(selectivity)} строк.`,
  'other-correlation': ({ column, selectivity, reached, asked }) =>
    `То, что в ${column} оставляет ${percent(selectivity)} строк, имеет корреляцию с запросами не выше ${reached.toFixed(2)}, а запрошена ${asked}.`,
  'shorter-than-window': ({ column, days }) => `Значения ${column} занимают меньше ${days} дней.`,
  'no-value-of-so-many-rows': ({ column, rows }) =>
    `Нет значения ${column} ровно для стольких строк: ${formatCount(rows)}.`,
  'cut-by-threshold': ({ within, mean, k, none, full, of }) =>
    `Ближе ${within} в среднем ${mean.toFixed(1)} из ${k} строк: все они — у ${full} из ${count(of, 'запроса', 'запросов', 'запросов')}, ни одной — у ${none}; последние ничего не говорят о полноте.`,
  'no-row-left': ({ queries, of }) => `Фильтр не оставляет ни одной строки: ${partOf(queries, of)}.`,
};
