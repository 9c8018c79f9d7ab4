import { code } from '../../text/markdown.js';
import { placeText } from '../places.js';
import { pythonNames } from '../squash-files.js';
import type { Lack } from '../../../migrations/index.js';
import type { SquashTexts } from '../squash-texts.js';
import { plural } from './plural.js';

const seconds = (value: number): string => `${value.toFixed(1).replace('.', ',')} с`;
const ofStatements = { one: 'команда', few: 'команды', many: 'команд', other: 'команд' };

const LACKING: Readonly<Partial<Record<Lack['kind'], string>>> = {
  relation: 'таблицы или представления',
  schema: 'схемы',
  object: 'типа, роли или другого объекта',
  function: 'функции',
  column: 'столбца',
};

export const squash: SquashTexts = {
  plan: 'План объединения',
  effect: (files, statements) =>
    `Ревизий: было ${files.before}, станет ${files.after}. Команд: было ${statements.before}, станет ${statements.after}.`,
  nothing: 'Объединять нечего.',
  group: 'Группа',
  revisions: 'Ревизии',
  statements: 'Команды',
  becomes: 'Станет',
  stays: 'остаётся как есть',
  keptNewer: (count) => `Более новые ревизии (${count}) не затронуты.`,
  argument: 'За и против',
  forIt: (removed, time) =>
    `За: ${plural(removed, { one: 'файлом', few: 'файлами', many: 'файлами', other: 'файлами' })} меньше читать, загружать и поддерживать${time === null ? '' : `; пустая база строится за ${seconds(time.after)} вместо ${seconds(time.before)}`}. За историю платит каждый прогон тестов и каждая новая установка.`,
  againstIt:
    'Против: у базовой ревизии нет отката; открытые ветки с ревизиями поверх объединённых придётся перенести; базу старше базовой ревизии этот код уже не обновит. Если объединение экономит мало, оно того не стоит.',
  barriers: 'Преграды',
  barriersIntro:
    'На каждую из них должен посмотреть человек. То, что остаётся в базовой ревизии, выполняется без изменений на своём месте.',
  barrier: {
    rows: 'пишет строки; остаётся в базовой ревизии',
    code: 'выполняет код; остаётся в базовой ревизии',
    'not-followed': 'зависимости не прослежены; остаётся в базовой ревизии',
    'not-written': 'нельзя записать заново без потерь; ревизия остаётся',
    transient: 'создаёт таблицу, которая живёт только до конца транзакции; ревизия остаётся',
    'no-sql': 'существует только как код или не понято; ревизия остаётся',
  },
  omissions: 'Что опущено',
  omission: {
    'no-rows': (count) =>
      `${plural(count, ofStatements)}: изменение строк таблиц, пустых при выполнении истории на новой базе. Развёрнутые базы их уже выполнили.`,
    setting: (count) => `${plural(count, ofStatements)} сеанса (lock_timeout, VACUUM и подобное).`,
    'no-effect': (count) =>
      `${plural(count, ofStatements)} без действия на пустой базе: запросы и операции, условие которых не выполнено.`,
  },
  procedure: 'Порядок действий',
  steps: ({ head, alembic, drift }) => [
    'Убедитесь, что каждая развёрнутая база находится на последней объединяемой ревизии или новее. Это жёсткая граница: более старые сначала обновляют прежним кодом.',
    'Объявите об объединении; влейте или перенесите открытые ветки с новыми ревизиями.',
    'Сделайте копию каждой базы: `pg_dump --format=custom --file=before-squash.dump`. Запишите ревизию каждой.',
    ...(alembic
      ? [
          `Замените объединённые файлы (${alembic.files}) предложенными базовыми ревизиями: ${alembic.commands.map(code).join(', затем ')}. Каждая несёт идентификатор последней из заменяемых, поэтому база на ${code(head)} остаётся на месте и ничего не выполняет.`,
          ...alembic.parentChanges.map(
            ({ file, member, to }) =>
              `В ${code(file)} напишите ${code(`${member} = ${pythonNames(to)}`)}: то, за чем она следует, объединено.`,
          ),
          `Базу на другой из объединённых ревизий сначала обновите прежним кодом. Только если схема точно совпадает с базовой: ${code(`alembic stamp ${head}`)}.`,
        ]
      : [
          'Замените объединённые файлы предложенными базовыми и отметьте их выполненными в таблице версий каждой развёрнутой базы.',
          'Никогда не выполняйте базовую миграцию на развёрнутой базе.',
        ]),
    `Постройте пустую базу из новых файлов, прогоните тесты и сравните её с рабочей: ${code(drift)}.`,
    'Откат: верните прежние файлы из системы контроля версий; ни одна развёрнутая база не менялась, и там отменять нечего.',
  ],
  proof: 'Доказательство',
  notProved: 'Не проверено. `--prove` строит обе формы на временной базе и сравнивает их каталоги.',
  proved: (objects, server) =>
    `История и её объединённая форма построены на ${server}. Каталоги совпадают: объектов ${objects}, различий 0.`,
  hardlyProved: (leftOut, statements, server) =>
    `Не проверено: на ${server} не выполнено команд: ${leftOut} из ${statements}. Каталоги остального совпадают, но об истории это говорит мало.`,
  partly: (count) =>
    `Операций, которые существуют только как код или не поняты: ${count}. Они не выполнялись ни там, ни там; то, что они изменили бы, в доказательство не входит.`,
  leftOut: (count, places) =>
    `Команды, которым не хватило того, что создала бы только такая операция (${count}), не выполнены ни там, ни там: ${places}.`,
  lack: ({ kind, name }) => {
    const what = name === null ? '' : ` ${code(name)}`;
    if (kind === 'extension')
      return `На временном сервере нет расширения${what}: установите его там или назовите сервер, где оно есть (\`--scratch\` с URL).`;
    if (kind === 'syntax')
      return `Временный сервер не знает этого синтаксиса${name === null ? '' : ` (у ${code(name)})`}: назовите более новый сервер (\`--scratch\` с URL).`;
    if (kind === 'privilege')
      return 'У роли нет на это права: назовите сервер с суперпользователем (`--scratch` с URL).';
    return `Не хватает ${LACKING[kind] ?? ''}${what}: запишите то, что приложение или его платформа создаёт до первой миграции, в файл SQL и передайте его через \`--prepare\`.`;
  },
  failed: (what, place, sqlstate) =>
    `Не проверено: ${what === 'history' ? 'сама история завершается ошибкой на пустой базе' : 'объединённая форма завершается ошибкой'} в ${place}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}.`,
  differ: (count, server) => `**Опровергнуто.** Построены на ${server}; различаются объекты (${count}):`,
  object: 'Объект',
  byHistory: 'По истории',
  bySquash: 'После объединения',
  times: 'Время',
  timesText: ({ revisions, seconds: total, server }) =>
    `Миграций на пустой базе (${server}): ${revisions}, время ${seconds(total)}. Строки стоят дополнительно: это время без них.`,
  slowest: 'Самые медленные',
  share: 'Доля',
  slowestDown: ({ revisions, seconds: total }) =>
    `Миграций с путём вниз: ${revisions}, время ${seconds(total)}. Самые медленные`,
  wayBack: ({ revisions, ran, failed, without, unknown }) => {
    if (ran === revisions) return ['Путь вниз и повторный путь вверх выполняются.'];
    if (without.length === revisions) return ['Ни у одной миграции нет пути вниз.'];
    return [
      `Вниз и снова вверх выполняются миграции: ${ran} из ${revisions}.`,
      ...failed.map(({ revision, way, place, sqlstate }) => {
        const where = `в ${placeText(place)}${sqlstate === null ? '' : ` (SQLSTATE ${sqlstate})`}`;
        return way === 'down'
          ? `${code(revision)}: путь вниз завершается ошибкой ${where}.`
          : `${code(revision)}: повторный путь вверх завершается ошибкой ${where}, так как откат что-то оставляет или удаляет лишнее.`;
      }),
      ...(without.length === 0
        ? []
        : [
            `Нет пути вниз: ${without.map(code).join(', ')}. Более старые миграции проверены на базе, построенной до них.`,
          ]),
      ...(unknown.length === 0
        ? []
        : [`Неизвестно, так как часть существует только как код: ${unknown.map(code).join(', ')}.`]),
    ];
  },
};
