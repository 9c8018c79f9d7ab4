import type { NPlusOneFinding } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { calls as callsOf, routesOf, UNITS } from './words.js';

export const nPlusOneTexts: FindingCatalogue<NPlusOneFinding> = {
  'query-for-each-row': {
    title: 'Запрос на каждую строку другого запроса',
    says: ({ parent, parentCalls, parentRows, child, childCalls, childMs, foreignKey, queriesPerCall }) =>
      `Первый запрос (${callsOf(parentCalls)}) вернул ${figures.count(parentRows)} строк, а второй вызван ${figures.count(childCalls)} раз (всего ${figures.ms(childMs)}), вдоль ${foreignKey}: около ${figures.count(queriesPerCall)} запросов на страницу, где хватило бы двух. Первый: ${parent} — второй: ${child}`,
    effect: ({ childCalls, parentCalls, childTable, childColumn }) =>
      `Вместо ${figures.count(childCalls)} вызовов — ${figures.count(parentCalls)}: SELECT … FROM ${childTable} WHERE ${childColumn} = ANY($1), с ключами страницы.`,
    doubt: () =>
      'Это арифметика, а не трассировка: другие запросы с тем же числом вызовов выглядят так же. Внешний ключ между ними делает это вероятным.',
  },
  'query-in-loop': {
    title: 'Запрос в цикле',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes, parent, link }) =>
      `Выполнений: ${figures.count(calls)}, каждое с другими параметрами; ${UNITS[unit]}: ${figures.count(units)}. В одной в среднем ${figures.decimal(calls / units, 1)}, не больше ${figures.count(mostCalls)}${totalMs === null ? '' : `; всего ${figures.ms(totalMs)}`}.${routesOf(routes)} Запрос: ${query}${parent === null ? '' : ` — после: ${parent}`}${link === null ? '' : ` (вдоль ${link.foreignKey})`}`,
    effect: ({ calls, units, link, nearest }) =>
      nearest
        ? 'Все спросит один запрос: SELECT … FROM unnest($1::vector[]) AS q CROSS JOIN LATERAL (SELECT … ORDER BY embedding <=> q LIMIT k) AS nearest. Он экономит обмены с сервером, но не сами поиски.'
        : `Вместо ${figures.count(calls)} выполнений — около ${figures.count(units)}${link === null ? ': загрузите строки всех ключей сразу, с = ANY($1) или соединением.' : `: SELECT … FROM ${link.childTable} WHERE ${link.childColumn} = ANY($1), с ключами страницы.`}`,
    doubt: ({ unit, link }) =>
      unit === 'gap'
        ? 'Эти запросы связывает только время: обращения, которые делят соединение пула, выглядят как одно. Отличить их позволят метки с traceparent (sqlcommenter).'
        : link === null
          ? 'Задание, которое разбирает очередь или повторяет попытки, может делать это намеренно.'
          : 'Журнал с выборкой запросов (log_statement_sample_rate) показывает меньше выполнений, чем было; задание может делать это намеренно.',
  },
  'repeated-query': {
    title: 'Один и тот же запрос снова и снова',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes }) =>
      `Выполнений: ${figures.count(calls)}; ${UNITS[unit]}: ${figures.count(units)}, и в каждой с одними и теми же параметрами. В одной в среднем ${figures.decimal(calls / units, 1)}, не больше ${figures.count(mostCalls)}${totalMs === null ? '' : `; всего ${figures.ms(totalMs)}`}.${routesOf(routes)} Запрос: ${query}`,
    effect: ({ calls, units }) =>
      `Вместо ${figures.count(calls)} выполнений — ${figures.count(units)}: сохраните ответ до конца обращения.`,
    doubt: () => 'Цикл, который ждёт изменения, спрашивает одно и то же намеренно.',
  },
  'write-in-loop': {
    title: 'Строки записывают по одной',
    says: ({ query, unit, units, calls, mostCalls, totalMs, routes }) =>
      `Выполнений: ${figures.count(calls)}; ${UNITS[unit]}: ${figures.count(units)}, в одной не больше ${figures.count(mostCalls)}${totalMs === null ? '' : `; всего ${figures.ms(totalMs)}`}.${routesOf(routes)} Запрос: ${query}`,
    effect: () =>
      'INSERT со многими строками или COPY, а также UPDATE и DELETE с = ANY($1) или FROM unnest($1, $2) экономят обмен с сервером на каждой строке.',
    doubt: () => 'Если каждую строку нужно проверить отдельно, одним запросом не обойтись.',
  },
  'nearest-in-loop': {
    title: 'Векторный поиск на каждую строку другого запроса',
    says: ({ parentCalls, parentRows, searchCalls, searchMs, parent, search }) =>
      `Первый запрос (${callsOf(parentCalls)}) вернул ${figures.count(parentRows)} строк, а поиск вызван ${figures.count(searchCalls)} раз (всего ${figures.ms(searchMs)}). Первый: ${parent} — поиск: ${search}`,
    effect: () =>
      'Все спросит один запрос: SELECT … FROM unnest($1::vector[]) AS q CROSS JOIN LATERAL (SELECT … ORDER BY embedding <=> q LIMIT k) AS nearest. Он экономит обмены с сервером, но не сами поиски.',
    doubt: () => 'Числа могли совпасть случайно: в каталоге эти запросы ничто не связывает.',
  },
  'row-by-row-insert': {
    title: 'Строки вставляют по одной',
    says: ({ query, calls, rows, executionMs, share }) =>
      `${callsOf(calls)} вставили ${figures.count(rows)} строк (${figures.ms(executionMs)}, ${figures.percent(share)} времени всех запросов), и на каждую — обмен с сервером и, возможно, фиксация. Запрос: ${query}`,
    effect: () => 'INSERT со многими строками, unnest($1, $2) или COPY загружают в десятки раз быстрее.',
    doubt: () => 'Запросы многих пользователей, каждый со своей строкой, — не цикл.',
  },
};
