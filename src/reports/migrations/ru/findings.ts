import type { HistoryFinding, Sight } from '../../../migrations/index.js';
import type { Catalogue } from '../../text/catalogue.js';
import { code } from '../../text/markdown.js';
import { placeText, sightText, someOf } from '../places.js';
import { plural } from './plural.js';
import type { FileProblemTexts } from '../texts.js';

const more = (count: number): string => `и ещё ${count}`;

const fileProblems: FileProblemTexts = {
  'merge-markers': 'содержит маркеры слияния. Прочитаны обе стороны; разрешите конфликт.',
  'half-written': 'с этого места не является корректным Python. Прочитано то, что удалось прочитать.',
  'not-utf8': 'не в кодировке UTF-8.',
  'nul-bytes':
    'содержит нулевые байты, которые Python и psql не принимают (UTF-16 без метки порядка байтов?). Прочитано без них.',
  'no-revision': 'не определяет ревизию и потому не входит в историю.',
  'no-upgrade': 'не содержит upgrade().',
  unreadable: 'не читается или больше 20 МБ.',
};

const droppedText = (
  gone: readonly { readonly name: string; readonly created: Sight; readonly dropped: Sight }[],
  what: string,
): string =>
  `${what}: ${someOf(
    gone.map(
      ({ name, created, dropped }) =>
        `${code(name)} (создано в ${sightText(created)}, удалено в ${sightText(dropped)})`,
    ),
    more,
    5,
  )}.`;

export const findings: Catalogue<HistoryFinding> = {
  'broken-file': ({ problem, at }) => `${placeText(at)} ${fileProblems[problem]}`,
  'cyclic-history': ({ revisions: ids }) =>
    ids.length === 1
      ? `Ревизия ${someOf(ids.map(code), more)} ссылается на саму себя и не может выполниться. Исправьте её down_revision.`
      : `Ревизии ${someOf(ids.map(code), more)} ссылаются друг на друга по кругу, и ни одна из них не может выполниться. Исправьте down_revision в одной из них.`,
  'broken-chain': ({ at, parent }) =>
    `${sightText(at)} следует за ${code(parent)}, которой нет ни в одном файле: на пустой базе дальше этого места ничего не выполнится. Верните файл или исправьте down_revision.`,
  'duplicate-revision': ({ revision, files }) =>
    `Идентификатор ${code(revision)} есть в нескольких файлах: ${someOf(files.map(code), more)}. Выполнится только один из них. Дайте более новому другой идентификатор.`,
  'several-heads': ({ heads }) =>
    `У истории ${plural(heads.length, { one: 'голова', few: 'головы', many: 'голов', other: 'голов' })}: ${someOf(heads.map(sightText), more)}. Обновление до «head» невозможно, пока их не объединит ревизия слияния.`,
  'unread-migrations': ({ tool, language, files, toSql }) =>
    `Не прочитаны миграции ${tool} на языке ${language} (${files.length}), и того, что они делают, здесь нет: ${someOf(files.map(code), more)}. ${toSql.code === 'each' ? 'Выведите SQL каждой' : 'Запишите схему, к которой они приводят'}: ${code(toSql.command)}.`,
  'fails-for-certain': ({ direction, places }) =>
    `${direction === 'up' ? 'Обновление' : 'Откат'} всегда завершается ошибкой, потому что ограничение удаляется без имени: ${someOf(places.map(sightText), more)}. Укажите имя, которое ограничение имеет в базе.`,
  'data-with-schema': ({ places, of }) =>
    `${places.length} из ${plural(of, { one: 'ревизии', few: 'ревизий', many: 'ревизий', other: 'ревизий' })} меняют строки и таблицы в одной транзакции, поэтому сильные блокировки удерживаются, пока пишутся строки: ${someOf(places.map(sightText), more)}. Меняйте строки отдельной ревизией.`,
  'conditional-operations': ({ places, operations }) =>
    `${plural(operations, { one: 'операция зависит', few: 'операции зависят', many: 'операций зависят', other: 'операций зависят' })} от того, что миграция найдёт в базе: ${someOf(places.map(sightText), more)}. После одной и той же истории две базы могут различаться. Анализ выбирает ветвь, которая подходит к схеме в этом месте.`,
  'no-downgrade': ({ revisions: without, of }) =>
    `${without.length} из ${plural(of, { one: 'ревизии', few: 'ревизий', many: 'ревизий', other: 'ревизий' })} не имеют отката: ${someOf(without.map(sightText), more)}.`,
  'empty-revision': ({ revisions: empty }) =>
    `${plural(empty.length, { one: 'ревизия ничего не меняет', few: 'ревизии ничего не меняют', many: 'ревизий ничего не меняют', other: 'ревизий ничего не меняют' })}: ${someOf(empty.map(sightText), more)}.`,
  'branch-points': ({ branchPoints, merges }) =>
    `${plural(branchPoints.length, { one: 'точка ветвления', few: 'точки ветвления', many: 'точек ветвления', other: 'точек ветвления' })} (${someOf(branchPoints.map(code), more)}) и ${plural(merges.length, { one: 'ревизия слияния', few: 'ревизии слияния', many: 'ревизий слияния', other: 'ревизий слияния' })}${merges.length === 0 ? '' : ` (${someOf(merges.map(code), more)})`}: ревизии писали одновременно. Порядок ветвей не задан, и две базы могли выполнить их в разном порядке.`,
  'does-not-fit': ({ misfits }) =>
    `${plural(misfits.length, { one: 'операция не подходит', few: 'операции не подходят', many: 'операций не подходят', other: 'операций не подходят' })} к схеме, которую история построила к этому месту: на пустой базе она завершится ошибкой, либо не понята одна из предыдущих операций: ${someOf(
      misfits.map(
        ({ at, misfit, operation, name }) =>
          `${operation} ${code(name)} ${misfit === 'exists' ? '(уже есть)' : '(нет такого)'} в ${sightText(at)}`,
      ),
      more,
    )}.`,
  'duplicate-index': ({ index, table, created, other, otherCreated }) =>
    `Индекс ${code(index)} таблицы ${code(table)} из ${sightText(created)} совпадает с ${code(other)} из ${sightText(otherCreated)}: каждая запись обновляет оба. Удалите один из них.`,
  'redundant-index': ({ index, table, created, other, otherCreated }) =>
    `Индекс ${code(index)} таблицы ${code(table)} из ${sightText(created)} содержит первые ключи индекса ${code(other)} из ${sightText(otherCreated)}, который обслуживает те же запросы. Удаление ускорит запись; чтение большего индекса чуть дороже.`,
  'recreated-index': ({ again, isIdentical }) =>
    isIdentical
      ? `${plural(again.length, { one: 'индекс удалён', few: 'индекса удалены', many: 'индексов удалены', other: 'индексов удалены' })} и создан заново без изменений; он строится дважды, а в промежутке запросы остаются без него: ${someOf(
          again.map(
            ({ index, renamed, dropped, created }) =>
              `${code(index)}${renamed === null ? '' : ` как ${code(renamed)}`} (удалён в ${sightText(dropped)}, создан в ${sightText(created)})`,
          ),
          more,
        )}. Чтобы сменить имя, используйте ALTER INDEX … RENAME TO.`
      : `${plural(again.length, { one: 'индекс заменён', few: 'индекса заменены', many: 'индексов заменены', other: 'индексов заменены' })} другим определением под тем же именем: ${someOf(
          again.map(({ index, dropped, created }) => `${code(index)} (${sightText(dropped)}, ${sightText(created)})`),
          more,
        )}.`,
  'renamed-back': ({ chains }) =>
    `${plural(chains.length, { one: 'имя менялось', few: 'имени менялись', many: 'имён менялись', other: 'имён менялись' })} больше одного раза: ${someOf(
      chains.map(
        ({ table, names, isBack, created }) =>
          `${table === null ? '' : `${code(table)}.`}${names.map(code).join(' → ')}${isBack ? ' (и обратно)' : ''}, создано в ${sightText(created)}`,
      ),
      more,
    )}.`,
  'type-steps': ({ columns }) =>
    `${plural(columns.length, { one: 'столбец менял', few: 'столбца меняли', many: 'столбцов меняли', other: 'столбцов меняли' })} тип в несколько шагов, и каждый мог переписать таблицу: ${someOf(
      columns.map(
        ({ table, column, types }) =>
          `${code(`${table}.${column}`)}: ${types.map(({ type, at }) => `${code(type)} в ${code(at.revision)}`).join(' → ')} (последний: ${placeText(types.at(-1)!.at)})`,
      ),
      more,
    )}.`,
  'cancelling-revisions': ({ pairs }) =>
    `${plural(pairs.length, { one: 'пара ревизий отменяет', few: 'пары ревизий отменяют', many: 'пар ревизий отменяют', other: 'пар ревизий отменяют' })} друг друга: вторая удаляет всё, что создала первая: ${someOf(
      pairs.map(({ first, second }) => `${sightText(first)} и ${sightText(second)}`),
      more,
    )}.`,
  'often-altered': ({ tables, atLeast }) =>
    `${plural(tables.length, { one: 'таблицу меняют', few: 'таблицы меняют', many: 'таблиц меняют', other: 'таблиц меняют' })} ${atLeast} и более ревизий: ${someOf(
      tables.map(
        ({ table, revisions: count, places }) => `${code(table)} — ${count}, последняя ${sightText(places.at(-1)!)}`,
      ),
      more,
    )}.`,
  'dropped-tables': ({ gone, of }) =>
    droppedText(gone, `Таблицы: из ${of} когда-либо созданных удалено ${gone.length}`),
  'dropped-columns': ({ gone, of }) =>
    droppedText(gone, `Столбцы: из ${of} когда-либо созданных удалено ${gone.length}`),
  'dropped-indexes': ({ gone, of }) =>
    droppedText(gone, `Индексы: из ${of} когда-либо созданных удалено ${gone.length}`),
  'dropped-constraints': ({ gone, of }) =>
    droppedText(gone, `Ограничения: из ${of} когда-либо созданных удалено ${gone.length}`),
  'dropped-enums': ({ gone, of }) =>
    droppedText(gone, `Перечисления: из ${of} когда-либо созданных удалено ${gone.length}`),
};
