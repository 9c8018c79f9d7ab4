import type { WantedPlan } from '../../../results/index.js';
import { formatCount } from '../../../units.js';
import type { RunTexts } from '../run-texts.js';
import { names } from './names.js';
import { count, partOf } from './plural.js';

/** Why a measurement is void or failed. */
export const reasons: RunTexts['reasons'] = {
  'other-plan': ({ wanted, got }) =>
    `Планировщик выбрал другой план: ${names.scans(got)}; ожидалось: ${wantedText(wanted)}.`,
  'table-not-read': ({ tables }) => `План не читает ${tables.join(' или ')}.`,
  'not-sent-to-shards': ({ shards, of }) =>
    `ORDER BY и LIMIT отправлены не всем шардам: не дошли до ${shards} из ${of}.`,
  'setting-not-applied': ({ name, wanted, got }) =>
    `Параметру ${name} задано ${wanted}, ${got === null ? 'но прочитать его не удалось' : `а читается ${got}`}.`,
  'truth-mismatch': ({ mismatches, sampled }) =>
    `Эталон не совпал: для ${mismatches} из ${count(sampled, 'проверенного запроса', 'проверенных запросов', 'проверенных запросов')} точный перебор на сервере возвращает другие строки.`,
  'server-interrupted': () =>
    'Во время измерения сервер перезапустился, восстановился после сбоя или потерял статистику.',
  'rows-changed': ({ rows }) =>
    `После загрузки в таблице изменилось строк: ${formatCount(rows)}, поэтому точные соседи больше не верны.`,

  'index-missing': () => 'Индекса не существует.',
  'index-invalid': () => 'Индекс недействителен, поэтому планировщик его не использует.',
  'index-replaced': () => 'Индекс перестроил кто-то другой: у него другой файл.',
  'index-options-changed': ({ built, now }) =>
    `Параметры хранения индекса изменились с «${optionsText(built)}» на «${optionsText(now)}».`,
  'parameter-not-applied': ({ name, wanted, got }) =>
    `${name} должен быть ${wanted}, а читается ${got ?? 'значение по умолчанию'}.`,
  'parameter-not-built': ({ name, catalog, built }) =>
    `В каталоге ${name} равен ${catalog}, но индекс построен с ${built}.`,

  refused: ({ message, sqlstate, hint }) =>
    [`PostgreSQL отклонил запрос: ${message}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}.`, hint]
      .filter(Boolean)
      .join(' ')
      .replace('..', '.'),

  'too-many-connections': ({ asked, allowed }) =>
    `Сервер принимает ${count(allowed, 'соединение', 'соединения', 'соединений')}, а запрошено ${asked}.`,
  'rate-not-delivered': ({ ratePerSecond, answeredPerSecond, due, dropped }) =>
    `Сервер не выдерживает ${formatCount(ratePerSecond)} запросов/с: он отвечал на ${formatCount(answeredPerSecond)}/с, и ${
      dropped > 0
        ? `${partOf(dropped, due)} не были отправлены`
        : 'во второй половине ни один запрос не нашёл к своему сроку свободного соединения'
    }.`,
  'every-query-failed': ({ sqlstates }) => `Каждый запрос завершился ошибкой (SQLSTATE ${sqlstates.join(', ')}).`,
  'no-query-due': () => 'За время окна не наступил срок ни одного запроса.',
  'figures-refused': ({ figures }) =>
    `Показатели вне допустимых пределов отброшены, а без них нечего приводить: ${figures.join(', ')}.`,
  'not-recorded': () => 'Не записано.',
};

function wantedText(wanted: WantedPlan): string {
  switch (wanted.kind) {
    case 'table-scan':
      return 'последовательный просмотр';
    case 'one-of':
      return `${someOf(wanted.indexes, 'или')}${wanted.orTable ? ' или последовательный просмотр' : ''}`;
    case 'all-of':
      return wanted.indexes.length > MOST_NAMES
        ? `все индексы (их ${wanted.indexes.length}), например ${wanted.indexes[0]}`
        : someOf(wanted.indexes, 'и');
    case 'none-of':
      return `план без использования ${wanted.indexes.length > MOST_NAMES ? `${wanted.indexes.length} индексов, например ${wanted.indexes[0]}` : wanted.indexes.join(' или ')}`;
    case 'partitions':
      return `план не более чем с ${count(wanted.most, 'секцией', 'секциями', 'секциями')}`;
  }
}

/** A partial index for each of hundreds of classes is not listed. */
const MOST_NAMES = 3;

const someOf = (indexes: readonly string[], conjunction: string): string =>
  indexes.length > MOST_NAMES
    ? `один из ${indexes.length} индексов, например ${indexes[0]}`
    : `${indexes.length > 1 && conjunction === 'и' ? 'индексы' : 'индекс'} ${indexes.join(` ${conjunction} `)}`;

const optionsText = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ') || 'не заданы';
