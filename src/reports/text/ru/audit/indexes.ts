import type { IndexFinding, KeepReason } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { calls as callsOf, count, date, list, times } from './words.js';

export const indexTexts: FindingCatalogue<IndexFinding> = {
  'invalid-index': {
    title: 'Недействительный индекс',
    says: ({ index, bytes, unique, leftover }) =>
      leftover
        ? `${index} (${figures.bytes(bytes)}) остался от прерванного REINDEX CONCURRENTLY. Каждая запись его обновляет, ни один запрос не использует.`
        : `${index} (${figures.bytes(bytes)}) недействителен: построение CONCURRENTLY не удалось или было прервано. Каждая запись его обновляет, ни один запрос не использует${unique ? ', и уникальность он не гарантирует' : ''}.`,
    effect: ({ leftover, bytes }) =>
      leftover
        ? `Освободится ${figures.bytes(bytes)}, запись обновляет на один индекс меньше.`
        : 'Запросы снова могут использовать индекс.',
    doubt: ({ unique }) =>
      `Построение, которое другая сессия начала после снимка, выглядит так же до своего конца.${unique ? ' REINDEX не удастся, пока есть строки с равными ключами: сначала удалите дубли.' : ''}`,
  },
  'btree-bloat': {
    title: 'Раздутое B-дерево',
    says: ({ index, bytes, expectedBytes, ratio, rows }) =>
      `${index} занимает ${figures.bytes(bytes)}; построенный заново для стольких строк (${figures.count(rows)}) — около ${figures.bytes(expectedBytes)}, в ${figures.decimal(ratio, 1)} раза меньше.`,
    effect: ({ bytes, expectedBytes }) =>
      `Освободится около ${figures.bytes(bytes - expectedBytes)}, в кэш войдёт большая часть индекса.`,
    doubt: () =>
      'Это оценка по средней ширине и числу разных значений столбцов. Индексу, который скоро снова заполнится, перестроение не поможет.',
  },
  'workload-index': {
    title: 'Индекс, которого не хватает запросам',
    says: ({ table, columns, predicate, proof, share, statements }) =>
      `Запросам (${statements.length}), на которые уходит ${figures.percent(share)} времени всех, пригодился бы ${predicate === null ? 'индекс' : 'частичный индекс'} ${table} (${columns.join(', ')})${predicate === null ? '' : ` WHERE ${predicate.sql} (таких строк ${figures.percent(predicate.share)})`}: ${proof === 'hypopg' ? 'планировщик выбрал его гипотетическим (HypoPG)' : 'так говорит оценка его стоимости; HypoPG не установлен, и планировщика не спрашивали'}. ${statements.map(({ query, calls, meanMs, costBefore, costAfter }) => `${callsOf(calls)} по ${figures.ms(meanMs)}, стоимость ${figures.count(costBefore)} → ${figures.count(costAfter)}: ${query}`).join('; ')}`,
    effect: ({ statements, writes, bytes, table }) =>
      `Стоимость упадёт до ${figures.percent(Math.max(...statements.map(({ costBefore, costAfter }) => costAfter / costBefore)))} или ниже. Цена: ${bytes === null ? '' : `около ${figures.bytes(bytes)}, и `}каждая запись в ${table} (пока ${figures.count(writes)}) обновляет на один индекс больше.`,
    doubt: ({ predicate, proof }) =>
      `${
        predicate === null
          ? 'Стоимость — не время, и план построен без параметров: значениям, которые есть у большинства строк, индекс не поможет.'
          : `Стоимость — не время, а доля строк — на момент последнего ANALYZE.${predicate.value === null ? '' : ' В текстах нет констант: о каком значении спрашивают, видно лишь по среднему числу строк на вызов. Подготовленный запрос использует индекс, только пока планируется со значением (plan_cache_mode).'}`
      }${proof === 'hypopg' ? '' : ' Оценка считает, что строки разбросаны случайно, а в индексе есть столбцы всех условий.'}`,
  },
  'unindexed-foreign-key': {
    title: 'Внешний ключ без индекса',
    says: ({ constraint, table, columns, parent, rows, parentDeletes, parentUpdates, onDelete }) =>
      `${constraint}: нет индекса, по которому в ${table} находят строки по ${list(columns)}. Каждый DELETE из ${parent} и каждый UPDATE его ключа читает все ${figures.count(rows)} строк ${table}${onDelete === 'no action' || onDelete === 'restrict' ? '' : ` (ON DELETE ${onDelete.toUpperCase()})`}. С момента сброса статистики в ${parent}: удалений ${figures.count(parentDeletes)}, изменений ${figures.count(parentUpdates)}.`,
    effect: ({ rows, parent }) =>
      `Удаление из ${parent} находит строки по индексу, а не читает ${figures.count(rows)}; соединения по ключу тоже могут его использовать.`,
    doubt: ({ parent }) =>
      `Если строки ${parent} никогда не удаляют, ключи не меняют и по ключу ничего не соединяют, индекс только замедлит запись.`,
  },
  'duplicate-index': {
    title: 'Повторяющийся индекс',
    says: ({ index, kept, bytes, writes }) =>
      `${index} (${figures.bytes(bytes)}) содержит те же записи, что и ${kept}, в том же порядке и с теми же параметрами. Операций записи, которые обновили оба с момента сброса статистики: ${figures.count(writes)}.`,
    effect: ({ bytes, kept }) =>
      `Освободится ${figures.bytes(bytes)}, запись обновляет на один индекс меньше. Запросы обслужит ${kept}.`,
    doubt: ({ index }) =>
      `Имя ${index} может встречаться вне базы: в миграции, в подсказке pg_hint_plan, в ON CONFLICT ON CONSTRAINT.`,
  },
  'redundant-index': {
    title: 'Избыточный индекс',
    says: ({ index, wider, bytes, widerBytes, scans }) =>
      `Ключи ${index} (${figures.bytes(bytes)}, использован ${times(scans)}) — начало ключей ${wider} (${figures.bytes(widerBytes)}), который обслуживает те же запросы.`,
    effect: ({ bytes }) => `Освободится ${figures.bytes(bytes)}, запись обновляет на один индекс меньше.`,
    doubt: ({ wider, bytes, widerBytes }) =>
      `Просмотр ${wider} читает больше страниц (${figures.bytes(widerBytes)} против ${figures.bytes(bytes)}): запросы, которые читают много записей, могут замедлиться.`,
  },
  'unused-index': {
    title: 'Неиспользуемый индекс',
    says: ({ index, bytes, writes, since, windowDays, shortestWindowDays }) =>
      `Ни один запрос не использовал ${index} (${figures.bytes(bytes)}) с ${date(since)} (${days(windowDays)}); операций записи, которые его обновили: ${figures.count(writes)}. Он не обеспечивает ограничений, не поддерживает внешних ключей и не служит для репликации.${
        windowDays < shortestWindowDays
          ? ` Это меньше ${shortestWindowDays} дней: проверьте ещё раз позже, прежде чем удалять.`
          : ''
      }`,
    effect: ({ bytes }) => `Освободится ${figures.bytes(bytes)}, запись обновляет на один индекс меньше.`,
    doubt: ({ method }) =>
      `Использование на репликах считается там, а не здесь. Задания, которые выполняются реже (конец квартала), в окно не попали.${method === 'hnsw' || method === 'ivfflat' ? ' Индекс по векторам не используется, если в запросе другой оператор или порядок: исправьте запрос и проверьте снова.' : ''}`,
  },
  'needed-though-unused': {
    title: 'Не используется, но нужен',
    says: ({ index, bytes, reasons, since }) =>
      `${index} (${figures.bytes(bytes)}) не использовался с ${date(since)}, но удалять его нельзя: ${list(reasons.map((reason) => KEEP[reason]))}.`,
    effect: () => 'Никакого: он назван, потому что другие программы считают его лишним.',
    doubt: () => 'Если больше не нужно само ограничение или ключ, не нужен и индекс.',
  },
  'rarely-used-index': {
    title: 'Редко используемый индекс',
    says: ({ index, scans, writes, bytes, since }) =>
      `${index} (${figures.bytes(bytes)}) с ${date(since)} использован ${times(scans)}, а обновлён ${times(writes)}.`,
    effect: () => 'Найдите запрос, которому он нужен. Если это отчёт, без индекса может быть дешевле.',
    doubt: () => 'Единственное использование может быть важным: ночное задание, которое без индекса шло бы часами.',
  },
  'index-variants': {
    title: 'Тот же индекс с другими параметрами',
    says: ({ variants }) =>
      `Одни и те же записи с разными параметрами: ${list(
        variants.map(
          ({ index, options, scans, bytes }) =>
            `${index} (${options.length === 0 ? 'по умолчанию' : options.join(', ')}; ${figures.bytes(bytes)}, использован ${times(scans)})`,
        ),
      )}.`,
    effect: () =>
      'Оставьте тот, который выбирает планировщик и полнота которого достаточна (pgvtune recall), другой удалите.',
    doubt: () => 'Оба могут быть нужны: для сравнения или пока один заменяет другой.',
  },
  'mostly-null-index': {
    title: 'Индекс почти из одних NULL',
    says: ({ index, column, nullFraction, bytes }) =>
      `У ${figures.percent(nullFraction)} строк нет ${column}, и в ${index} (${figures.bytes(bytes)}) есть запись для каждой из них.`,
    effect: ({ bytes, nullFraction, index }) =>
      `Частичный индекс займёт около ${figures.bytes(bytes * (1 - nullFraction))}, строки без значения его не обновляют. Затем удалите ${index}.`,
    doubt: ({ column }) => `Запросам со строками, где ${column} IS NULL, или в его порядке нужен весь индекс.`,
  },
  'sequential-scans': {
    title: 'Большую таблицу читают целиком',
    says: ({ table, rows, scans, rowsPerScan, indexScans, since }) =>
      `${table} (строк: ${figures.count(rows)}) с ${date(since)} прочитана последовательно ${times(scans)}, по ${figures.count(rowsPerScan)} строк; по индексу ${times(indexScans)}.`,
    effect: () => 'Запросы, которые её читают, названы в slow_queries_report.md, если установлен pg_stat_statements.',
    doubt: () =>
      'Резервные копии (pg_dump), CREATE INDEX, отчёты и точный поиск по векторам читают всю таблицу с любыми индексами.',
  },
  'many-indexes': {
    title: 'Много индексов на изменяемой таблице',
    says: ({ table, indexes, updates, hotUpdates, neverScanned, since }) =>
      `У ${table} ${count(indexes, 'индекс', 'индекса', 'индексов')}, и только ${figures.count(hotUpdates)} из ${figures.count(updates)} изменений с ${date(since)} обошлись без них (HOT): остальные писали во все.${neverScanned.length === 0 ? '' : ` Не использовались: ${list(neverScanned)}.`}`,
    effect: () =>
      'Меньше индексов или меньший fillfactor (если индексированные столбцы не меняются) удешевят изменения.',
    doubt: () => 'Если изменения затрагивают индексированные столбцы и все индексы нужны, такова цена.',
  },
};

const KEEP: Readonly<Record<KeepReason, string>> = {
  'primary-key': 'это первичный ключ',
  unique: 'он обеспечивает уникальность',
  exclusion: 'он обеспечивает ограничение-исключение',
  constraint: 'он принадлежит ограничению уникальности',
  referenced: 'на него ссылаются внешние ключи',
  'replica-identity': 'он служит для логической репликации',
  'cluster-order': 'по нему CLUSTER упорядочивает таблицу',
  'foreign-key': 'только он поддерживает внешний ключ',
  partition: 'он часть индекса секционированной таблицы',
  'expression-statistics': 'он даёт планировщику статистику выражения',
};

const days = (number: number): string => (number < 1 ? 'меньше дня' : count(Math.floor(number), 'день', 'дня', 'дней'));
