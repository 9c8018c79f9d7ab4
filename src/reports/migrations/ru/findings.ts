import type { HistoryFinding } from '../../../migrations/index.js';
import type { Catalogue } from '../../text/catalogue.js';
import { code } from '../../text/markdown.js';
import { pluralsOf } from '../../text/plural.js';
import { placeText, sightText, someOf } from '../places.js';
import type { FileProblemTexts } from '../texts.js';

export const plural = pluralsOf<'one' | 'few' | 'many'>('ru');
const more = (count: number): string => `и ещё ${count}`;

const fileProblems: FileProblemTexts = {
  'merge-markers': 'содержит маркеры слияния. Прочитаны обе стороны; разрешите конфликт.',
  'half-written': 'с этого места не является корректным Python. Прочитано то, что удалось прочитать.',
  'not-utf8': 'не в кодировке UTF-8.',
  'no-revision': 'не определяет ревизию и потому не входит в историю.',
  'no-upgrade': 'не содержит upgrade().',
  unreadable: 'не читается или больше 20 МБ.',
  'unknown-name': 'имеет имя, которое инструмент пропустит.',
};

export const findings: Catalogue<HistoryFinding> = {
  'broken-file': ({ problem, at }) => `${placeText(at)} ${fileProblems[problem]}`,
  'cyclic-history': ({ revisions: ids }) =>
    `Ревизии ${someOf(ids.map(code), more)} ссылаются друг на друга по кругу, и ни одна из них не может выполниться. Исправьте down_revision в одной из них.`,
  'broken-chain': ({ at, parent }) =>
    `${sightText(at)} следует за ${code(parent)}, которой нет ни в одном файле: на пустой базе дальше этого места ничего не выполнится. Верните файл или исправьте down_revision.`,
  'duplicate-revision': ({ revision, files }) =>
    `Идентификатор ${code(revision)} есть в нескольких файлах: ${someOf(files.map(code), more)}. Выполнится только один из них. Дайте более новому другой идентификатор.`,
  'several-heads': ({ heads }) =>
    `У истории ${plural(heads.length, { one: 'голова', few: 'головы', many: 'голов', other: 'голов' })}: ${someOf(heads.map(sightText), more)}. Обновление до «head» невозможно, пока их не объединит ревизия слияния.`,
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
};
