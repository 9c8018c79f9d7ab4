import type { Hazard, HazardCode, Lock, TableToLock, Work } from '../../../migrations/index.js';
import { code } from '../../text/markdown.js';
import { formatBytes, formatCount, formatSpan } from '../../../units.js';

const LOCKS: Readonly<Record<Lock, string>> = {
  'ACCESS EXCLUSIVE': 'чтение и запись ждут',
  'SHARE ROW EXCLUSIVE': 'запись в обе таблицы ждёт',
  SHARE: 'запись ждёт',
  'SHARE UPDATE EXCLUSIVE': 'ждут только изменения схемы',
};

const WORK: Readonly<Record<Work, string>> = {
  none: '',
  scan: 'пока читается вся таблица',
  'index-build': 'пока строится индекс',
  rewrite: 'пока переписываются таблица и все её индексы, включая векторные',
};

const TEXTS: Readonly<Record<HazardCode, (table: string) => string>> = {
  'index-not-concurrent': (table) => `Индекс таблицы ${table} строится внутри транзакции.`,
  'concurrently-in-transaction': (table) =>
    `CONCURRENTLY для ${table} внутри транзакции: команда завершится ошибкой. Выполняйте её вне транзакции (Alembic: \`with op.get_context().autocommit_block():\`).`,
  'drop-index-not-concurrent': (table) =>
    `Индекс таблицы ${table} удаляется; блокировка короткая, но ждёт каждый идущий запрос, а все остальные ждут её.`,
  'not-null-scan': (table) => `SET NOT NULL для ${table}.`,
  'not-null-without-default': (table) =>
    `В ${table} добавляется столбец NOT NULL без значения по умолчанию: ошибка, как только в таблице есть строка.`,
  'type-change': (table) => `Столбец таблицы ${table} меняет тип.`,
  'constraint-validated': (table) => `Ограничение таблицы ${table} добавляется и сразу проверяется.`,
  'unique-built-under-lock': (table) =>
    `В ${table} добавляется ключ, и его индекс строится под самой сильной блокировкой.`,
  'rewriting-default': (table) =>
    `В ${table} добавляется столбец, значение которого у каждой строки своё (изменчивое значение по умолчанию, serial, identity или хранимое выражение).`,
  'rename-in-use': (table) =>
    `В ${table} меняется имя: программы со старым именем завершаются ошибкой, пока их не заменят. Добавьте новое имя рядом со старым (представление или второй столбец), разверните, затем удалите старое.`,
  'drop-in-use': (table) =>
    `Данные ${table} удаляются: программы, которые их ещё читают, завершатся ошибкой, а вернуть данные можно только из копии.`,
  'no-lock-timeout': (table) =>
    `Сильные блокировки на ${table} без lock_timeout: миграция ждёт один долгий запрос, а всё остальное ждёт миграцию.`,
  'rows-with-locks': (table) => `Строки ${table} меняются в транзакции, которая держит сильные блокировки.`,
  'enum-value-in-transaction': (table) =>
    `Значение, добавленное в ${table}, используется в той же транзакции: PostgreSQL это запрещает (unsafe use of new value). Разделите на две ревизии.`,
  'several-strong-locks': (table) =>
    `Одна транзакция блокирует несколько таблиц (${table}); возможна взаимная блокировка с программами, которые берут их в другом порядке.`,
  'extension-may-exist': () =>
    'CREATE EXTENSION без IF NOT EXISTS завершится ошибкой, если расширение уже создал суперпользователь.',
};

/** What a hazard is, in one paragraph. */
export function hazardText({ code: kind, data: { table, lock, work, size } }: Hazard): string {
  const parts = [
    TEXTS[kind](code(table)),
    ...(lock === null || kind === 'no-lock-timeout'
      ? []
      : [`Блокировка ${lock}: ${LOCKS[lock]}${work === 'none' ? '' : `, ${WORK[work]}`}.`]),
    ...(size === null ? [] : [sizeText(size, kind === 'rows-with-locks')]),
  ];
  return parts.join(' ');
}

/** @param isBound the work may be less than that */
function sizeText({ from, rows, bytes, seconds, heldSeconds }: TableToLock, isBound: boolean): string {
  const table = `${formatCount(rows)}, размер ${formatBytes(bytes)}`;
  const time = seconds === null ? '' : `: ${isBound ? 'не больше примерно' : 'около'} ${formatSpan(seconds)}`;
  const held =
    heldSeconds === null
      ? ''
      : ` Блокировка держится до конца транзакции, вместе с последующей работой ${formatSpan(heldSeconds)}.`;
  return `${from === 'server' ? `В живой таблице строк: ${table}` : `Строк: ${table}`}${time}.${held}`;
}
