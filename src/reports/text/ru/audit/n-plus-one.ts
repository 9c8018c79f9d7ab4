import type { NPlusOneFinding } from '../../../../audit/index.js';
import { formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { calls as callsOf } from './words.js';

export const nPlusOneTexts: FindingCatalogue<NPlusOneFinding> = {
  'query-for-each-row': {
    title: 'Запрос на каждую строку другого запроса',
    says: ({ parent, parentCalls, parentRows, child, childCalls, childMs, foreignKey, queriesPerCall }) =>
      `Первый запрос (${callsOf(parentCalls)}) вернул ${formatCount(parentRows)} строк, а второй вызван ${formatCount(childCalls)} раз (всего ${formatMs(childMs)}), вдоль ${foreignKey}: около ${formatCount(queriesPerCall)} запросов на страницу, где хватило бы двух. Первый: ${parent} — второй: ${child}`,
    effect: ({ childCalls, parentCalls, childTable, childColumn }) =>
      `Вместо ${formatCount(childCalls)} вызовов — ${formatCount(parentCalls)}: SELECT … FROM ${childTable} WHERE ${childColumn} = ANY($1), с ключами страницы.`,
    doubt: () =>
      'Это арифметика, а не трассировка: другие запросы с тем же числом вызовов выглядят так же. Внешний ключ между ними делает это вероятным.',
  },
  'nearest-in-loop': {
    title: 'Векторный поиск на каждую строку другого запроса',
    says: ({ parentCalls, parentRows, searchCalls, searchMs, parent, search }) =>
      `Первый запрос (${callsOf(parentCalls)}) вернул ${formatCount(parentRows)} строк, а поиск вызван ${formatCount(searchCalls)} раз (всего ${formatMs(searchMs)}). Первый: ${parent} — поиск: ${search}`,
    effect: () =>
      'Все спросит один запрос: SELECT … FROM unnest($1::vector[]) AS q CROSS JOIN LATERAL (SELECT … ORDER BY embedding <=> q LIMIT k) AS nearest. Он экономит обмены с сервером, но не сами поиски.',
    doubt: () => 'Числа могли совпасть случайно: в каталоге эти запросы ничто не связывает.',
  },
  'row-by-row-insert': {
    title: 'Строки вставляют по одной',
    says: ({ query, calls, rows, executionMs, share }) =>
      `${callsOf(calls)} вставили ${formatCount(rows)} строк (${formatMs(executionMs)}, ${formatPercent(share)} времени всех запросов), и на каждую — обмен с сервером и, возможно, фиксация. Запрос: ${query}`,
    effect: () => 'INSERT со многими строками, unnest($1, $2) или COPY загружают в десятки раз быстрее.',
    doubt: () => 'Запросы многих пользователей, каждый со своей строкой, — не цикл.',
  },
};
