import type { StatementFinding } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { calls as callsOf, list, routesOf } from './words.js';

export const statementTexts: FindingCatalogue<StatementFinding> = {
  'slow-statement': {
    title: 'Медленный запрос',
    says: ({ query, calls, meanMs, maximumMs, share, rowsPerCall, blocksPerCall }) =>
      `${callsOf(calls)}, в среднем ${figures.ms(meanMs)} (не больше ${figures.ms(maximumMs)}): ${figures.percent(share)} времени всех запросов. Вызов вернул ${figures.count(rowsPerCall)} строк и затронул ${figures.count(blocksPerCall)} страниц. Запрос: ${query}`,
    effect: ({ share }) =>
      `До ${figures.percent(share)} времени всех запросов. EXPLAIN (ANALYZE, BUFFERS) с настоящими параметрами покажет, на что оно уходит.`,
    doubt: () => 'Отчёт или пакетное задание может идти так долго намеренно.',
  },
  'slow-in-log': {
    title: 'Медленный запрос в журнале',
    says: ({ query, calls, meanMs, medianMs, p95Ms, maximumMs, share, routes }) =>
      `Выполнений в журнале: ${figures.count(calls)}, в среднем ${figures.ms(meanMs)} (медиана ${figures.ms(medianMs)}, p95 ${figures.ms(p95Ms)}, не больше ${figures.ms(maximumMs)}): ${figures.percent(share)} времени в журнале.${routesOf(routes)} Запрос: ${query}`,
    effect: ({ share }) =>
      `До ${figures.percent(share)} времени в журнале. EXPLAIN (ANALYZE, BUFFERS) с параметрами из журнала покажет, на что оно уходит.`,
    doubt: () =>
      'Если в журнал пишут только медленные запросы (log_min_duration_statement), быстрых выполнений того же запроса в нём нет, и среднее завышено. Отчёт может идти так долго намеренно.',
  },
  'scanning-statement': {
    title: 'Запрос без индекса',
    says: ({ query, table, columns, calls, blocksPerCall, tableBlocks, rowsPerCall, rows, meanMs }) =>
      `${callsOf(calls)} ищут строки ${table} по ${list(columns)}, с чего не начинается ни один индекс. Каждый затронул ${figures.count(blocksPerCall)} страниц таблицы из ${figures.count(tableBlocks)} (строк: ${figures.count(rows)}), занял ${figures.ms(meanMs)} и вернул ${figures.decimal(rowsPerCall, 1)} строк. Запрос: ${query}`,
    effect: ({ rowsPerCall, table, writes }) =>
      `Вызов затронет несколько страниц и около ${Math.ceil(rowsPerCall)} строк. Цена: каждая запись в ${table} (пока ${figures.count(writes)}) обновляет на один индекс больше.`,
    doubt: ({ columns }) =>
      `О просмотре говорят страницы, план не смотрели. Если искомое значение у большинства строк, индекс не используется; частичный может подойти лучше.${columns.length > 1 ? ' Порядок столбцов взят из запроса: первым поставьте тот, который нужен и другим запросам.' : ''}`,
  },
  'spilling-statement': {
    title: 'Запрос пишет на диск',
    says: ({ query, calls, bytesPerCall, workMem }) =>
      `Каждый вызов (${figures.count(calls)}) писал в среднем ${figures.bytes(bytesPerCall)} временных файлов; work_mem = ${workMem}. Запрос: ${query}`,
    effect: () =>
      'С достаточным work_mem для его роли или транзакции он останется в памяти; индекс в порядке сортировки избавит от неё.',
    doubt: () => 'Всё могли записать редкие вызовы с большим числом строк.',
  },
  'dominant-statement': {
    title: 'Запрос занимает большую часть времени',
    says: ({ query, share, totalMs, calls, meanMs }) =>
      `${figures.percent(share)} времени всех запросов: ${callsOf(calls)} по ${figures.ms(meanMs)}, всего ${figures.ms(totalMs)}. Запрос: ${query}`,
    effect: ({ share }) => `Вдвое быстрее или вдвое реже — и ${figures.percent(share / 2)} этого времени свободны.`,
    doubt: () => 'На сервере, который в основном простаивает, это неважно.',
  },
  'unbounded-result': {
    title: 'Запрос без LIMIT возвращает тысячи строк',
    says: ({ query, calls, rowsPerCall }) =>
      `Каждый вызов (${figures.count(calls)}) вернул в среднем ${figures.count(rowsPerCall)} строк, без LIMIT. Запрос: ${query}`,
    effect: () => 'Страницы по ключу (WHERE key > $1 ORDER BY key LIMIT n) или агрегаты в базе передают меньше.',
    doubt: () => 'Выгрузке нужны все строки.',
  },
  'unstable-statement': {
    title: 'Время запроса сильно меняется',
    says: ({ query, calls, meanMs, deviationMs, maximumMs }) =>
      `${callsOf(calls)}, в среднем ${figures.ms(meanMs)}, стандартное отклонение ${figures.ms(deviationMs)}, не больше ${figures.ms(maximumMs)}. Запрос: ${query}`,
    effect: () => 'Найдите медленные вызовы: auto_explain или log_min_duration_statement с параметрами.',
    doubt: () => 'Хватает одного вызова, который ждал блокировки или холодного кэша.',
  },
  'planning-dominates': {
    title: 'Планирование дольше выполнения',
    says: ({ query, calls, planningMs, executionMs }) =>
      `${callsOf(calls)}: планирование в среднем ${figures.ms(planningMs)}, выполнение ${figures.ms(executionMs)}. Запрос: ${query}`,
    effect: () =>
      'Подготовленный запрос планируется пять раз, а потом нет, если общий план не хуже. Меньше соединений, секций или индексов планируются быстрее.',
    doubt: () => 'За пулом в режиме транзакций подготовленным запросам нужен max_prepared_statements (PgBouncer 1.21).',
  },
  'list-variants': {
    title: 'Один запрос считается за несколько',
    says: ({ query, variants, calls }) =>
      `Записи (${variants}, вызовов ${figures.count(calls)}) различаются только длиной списков. Одна из них: ${query}`,
    effect: () =>
      'С = ANY($1) и массивом это один запрос, один подготовленный план и одна запись. (PostgreSQL 18 считает их за один.)',
    doubt: () => 'Если их мало, это стоит немного.',
  },
  'evicted-statements': {
    title: 'Статистика запросов неполна',
    says: ({ evictions, maximum }) =>
      `pg_stat_statements забывал запросы (${figures.count(evictions)}), потому что их больше pg_stat_statements.max (${maximum}): суммы — нижние границы.`,
    effect: () => 'Больший предел (и перезапуск) сохранит все; массивы вместо списков сделают их меньше.',
    doubt: () => 'Забыты те, которые вызывали реже всего.',
  },
};
