import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import type { RunTexts } from '../run-texts.js';
import { names } from './names.js';

const UP_TO_ONE = 'его полнота растёт до 1 вместе с probes';

/** What else can be done where nothing meets the target. */
export const waysOut: RunTexts['waysOut'] = {
  'more-queries': ({ spec, settings, recall, low, queries }) =>
    `Больше запросов (measure.queries): полнота ${names.choice({ spec, settings })} — ${recall.toFixed(4)}, но запросы (${formatCount(queries)}) показывают лишь, что она достигает ${low.toFixed(4)}.`,
  deduplicate: ({ share }) =>
    `Убрать дубли: у ${formatPercent(share)} строк тот же вектор, что и у другой строки. Элемент графа хранит десять строк с одним вектором; если их больше, копии ссылаются друг на друга и могут закрыть строки за собой. Индексируйте таблицу с одной строкой на вектор, а копии присоединяйте к ней.`,
  'higher-setting': ({ knob, highest }) => `Больший ${knob}: в конфигурации нет значений выше ${highest}.`,
  'denser-graph': ({ spec, recall, isStalled }) =>
    `Более плотный граф (больше m, ef_construction)${
      recall === null
        ? ''
        : `: полнота ${names.spec(spec)} не выше ${recall.toFixed(4)}${isStalled ? ', и больше кандидатов её почти не повышают' : ''}`
    }.`,
  'iterative-scan': ({ k }) =>
    `Итеративный просмотр (hnsw.iterative_scan = relaxed_order, pgvector 0.8 или новее): тогда подзапрос может взять из индекса больше строк, чем допускает ef_search, затем их сортируют заново и оставляют ${formatCount(k)}.`,
  ivfflat: () => `IVFFlat, которого нет в конфигурации: ${UP_TO_ONE}.`,
  'ivfflat-with-memory': ({ bytes }) =>
    `IVFFlat при maintenance_work_mem ${formatBytes(bytes)} (target.build_memory): ${UP_TO_ONE}.`,
  partitions: () =>
    'Секции по столбцу, по которому фильтруют запросы, каждая со своим индексом: меньший граф теряет меньше строк.',
  'exact-scan': ({ medianMs }) => `Точный перебор: он находит всех соседей без индекса, медиана ${formatMs(medianMs)}.`,
  'less-work': () =>
    'Меньше работы для той же полноты: меньше измерений (если модель обучена для этого) или более быстрая машина, где индекс в памяти.',
  'smaller-representation': ({ names: others }) =>
    `Индекс поменьше: ${others.join(', ')} (representation), которых нет в конфигурации.`,
  'less-to-index': () =>
    'Индекс поменьше: меньше строк, например частичный индекс или секции, либо модель с меньшим числом измерений.',
  'quicker-build': () =>
    'Более быстрое построение: больше max_parallel_maintenance_workers, меньше ef_construction или maintenance_work_mem, в который помещается весь граф.',
};
