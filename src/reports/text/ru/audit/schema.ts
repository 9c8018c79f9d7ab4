import type { DiscouragedType, SchemaFinding } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { list, rows } from './words.js';

export const schemaTexts: FindingCatalogue<SchemaFinding> = {
  'no-primary-key': {
    title: 'Нет первичного ключа',
    says: ({ table, rows: number, candidate }) =>
      `У ${table} (${rows(number)}) нет первичного ключа${candidate === null ? ': строки ничем не различаются, логическая репликация не может их менять и удалять' : `, но ${candidate} уникален и его столбцы не NULL`}.`,
    effect: () => 'Каждую строку можно назвать; работают логическая репликация, ORM и upsert.',
    doubt: () => 'Таблице, в которую только добавляют и которую читают целиком (журнал), он не нужен.',
  },
  'sequence-exhaustion': {
    title: 'Последовательность заканчивается',
    says: ({ sequence, lastValue, limit, share, column }) =>
      `${sequence}: ${figures.count(lastValue)} из ${figures.count(limit)} (${figures.percent(share, 0)})${column === null ? '' : `, больше ${column} не вмещает`}. В конце любая вставка завершится ошибкой.`,
    effect: () => 'Места хватит на 9,2 × 10¹⁸ значений. Внешние ключи на этот столбец тоже нужно расширить.',
    doubt: () =>
      'Насколько её хватит, зависит от скорости роста: сравните два аудита. В большой таблице лучше новый столбец bigint, заполняемый частями.',
  },
  'foreign-key-type-mismatch': {
    title: 'Внешний ключ другого типа',
    says: ({ constraint, column, type, referenced, referencedType }) =>
      `${constraint}: ${column} имеет тип ${type}, а ${referenced}, на который он ссылается, — ${referencedType}.`,
    effect: () => 'Соединения сравнивают одинаковые типы, индексы пригодны.',
    doubt: () => 'Типы, которые PostgreSQL сравнивает без преобразования (varchar и text), мешают мало.',
  },
  'narrow-foreign-key': {
    title: 'Внешний ключ уже своей цели',
    says: ({ constraint, column, type, referenced, referencedType }) =>
      `${constraint}: ${column} имеет тип ${type}, а ${referenced} — ${referencedType}. На строки с ключами за пределами ${type} сослаться нельзя.`,
    effect: ({ referencedType }) => `Сослаться можно на любое значение ${referencedType}.`,
    doubt: () => 'Если ключи не выйдут за предел, ошибок не будет; изменение переписывает таблицу.',
  },
  'unvalidated-constraint': {
    title: 'Непроверенное ограничение',
    says: ({ constraint, table, definition }) =>
      `${constraint} таблицы ${table} (${definition}) действует только для новых строк; старые никто не проверял.`,
    effect: () => 'Ему соответствует каждая строка, и планировщик может на него полагаться.',
    doubt: () => 'VALIDATE завершится ошибкой, если старые строки его нарушают: сначала исправьте их.',
  },
  'duplicate-foreign-key': {
    title: 'Повторяющийся внешний ключ',
    says: ({ constraint, kept, definition }) => `${constraint} — то же правило, что и ${kept}: ${definition}.`,
    effect: () => 'Каждая запись проверяет правило один раз.',
    doubt: () => 'Имя ограничения может встречаться в миграции или ORM.',
  },
  'timestamp-without-time-zone': {
    title: 'Время без часового пояса',
    says: ({ table, columns }) =>
      `${list(columns)} в ${table}: timestamp without time zone. Какой это момент, зависит от часового пояса того, кто записал.`,
    effect: () =>
      'timestamptz называет момент. Изменение переписывает таблицу, если TimeZone не UTC, и перестраивает индексы.',
    doubt: () => 'Местное время (часы работы) или приложение, которое пишет только UTC, — не ошибка.',
  },
  'discouraged-type': {
    title: 'Тип, которому есть замена',
    says: ({ table, columns }) =>
      `${table}: ${list(columns.map(({ column, typeName, type }) => `${column} — ${type} (${BETTER[typeName]})`))}.`,
    effect: () => 'Сравнения, индексы и округление работают, как ожидается.',
    doubt: () => 'json хранит текст дословно, что иногда нужно.',
  },
  'large-toast': {
    title: 'Большие значения сжаты pglz',
    says: ({ table, toastBytes, heapBytes }) =>
      `${figures.bytes(toastBytes)} таблицы ${table} — большие значения (TOAST), ${figures.bytes(heapBytes)} — строки; новые значения сжимаются pglz.`,
    effect: () =>
      'lz4 (default_toast_compression, PostgreSQL 14 и новее) сжимает в несколько раз быстрее. Старые значения сохраняют свой метод до следующей записи.',
    doubt: () => 'Значения, которые не сжимаются (изображения, шифр), ничего не выиграют.',
  },
  'unlogged-table': {
    title: 'Нежурналируемая таблица',
    says: ({ table, rows: number, bytes }) =>
      `${table} (${rows(number)}, ${figures.bytes(bytes)}) не пишется в WAL: сбой её опустошает, на репликах её нет.`,
    effect: () => 'Строки переживут сбой и попадут на реплики.',
    doubt: () => 'Это может быть кэш или промежуточная таблица, для которых unlogged и существует.',
  },
};

const BETTER: Readonly<Record<DiscouragedType, string>> = {
  json: 'jsonb можно сравнивать и индексировать',
  bpchar: 'text или varchar(n) не дополняют пробелами',
  money: 'numeric не зависит от локали',
};
