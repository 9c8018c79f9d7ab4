import type { ServerFinding } from '../../../../audit/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { count, date, list } from './words.js';

export const serverTexts: FindingCatalogue<ServerFinding> = {
  'durability-off': {
    title: 'Данные могут пропасть при сбое',
    says: ({ setting }) => `${setting} = off: сбой машины может непоправимо повредить базу.`,
    effect: () => 'База переживёт сбой машины; фиксация ждёт диска.',
    doubt: () => 'База, которую в любой момент можно создать заново (тесты, кэш), в этом не нуждается.',
  },
  wraparound: {
    title: 'Заканчиваются идентификаторы транзакций',
    says: ({ database, xidAge, multixactAge, share, freezeMaxAge, oldest }) =>
      `Самым старым строкам ${database} ${figures.count(xidAge)} транзакций (мультитранзакций ${figures.count(multixactAge)}): ${figures.percent(share, 0)} возраста, при котором сервер перестаёт писать. autovacuum должен был заморозить их при ${figures.count(freezeMaxAge)}.${oldest.length === 0 ? '' : ` Старше всех: ${list(oldest.map(({ table, xidAge: age }) => `${table} (${figures.count(age)})`))}.`}`,
    effect: () => 'Возраст уменьшится. Сначала выясните, что мешает VACUUM (LCK-003).',
    doubt: () => 'Долгий VACUUM, который уже идёт, уменьшит возраст, когда закончится.',
  },
  'memory-overcommitted': {
    title: 'Обещано больше памяти, чем есть',
    says: (sum) =>
      `Настройки допускают ${figures.bytes(sum.sumBytes)}, у машины ${figures.bytes(sum.memoryBytes)}: ${list([
        `shared_buffers ${figures.bytes(sum.sharedBuffersBytes)}`,
        `один maintenance_work_mem ${figures.bytes(sum.maintenanceWorkMemBytes)}`,
        ...(sum.autovacuumWorkers > 0
          ? [`autovacuum ${sum.autovacuumWorkers} × ${figures.bytes(sum.autovacuumWorkerBytes)}`]
          : []),
        `${count(sum.maxConnections, 'соединение', 'соединения', 'соединений')} × ${figures.bytes(sum.workMemBytes)} (work_mem)`,
      ])}.`,
    effect: () =>
      'Уменьшите наибольшую из них или поставьте перед сервером пул соединений: под нагрузкой не будет ни подкачки, ни аварийной остановки.',
    doubt: () =>
      'Это почти худший случай: запрос может взять несколько work_mem, а большинство соединений не берёт ни одного. Память других программ не учтена.',
  },
  'blocked-sessions': {
    title: 'Сессии ждут блокировки',
    says: ({ pid, state, transactionSeconds, query, waiting }) =>
      `${count(waiting.length, 'сессия ждёт', 'сессии ждут', 'сессий ждут')} pid ${pid}${state === null ? '' : ` (${state}${transactionSeconds === null ? '' : `, транзакция начата ${figures.ms(transactionSeconds * 1000)} назад`})`}: ${waiting
        .map(
          ({ pid: own, depth, seconds, query: text }) =>
            `${'> '.repeat(depth)}pid ${own}, ${figures.ms(seconds * 1000)} (${text})`,
        )
        .join('; ')}.${query === null || query === '' ? '' : ` Запрос pid ${pid}: ${query}.`}`,
    effect: ({ pid }) =>
      `Дайте pid ${pid} закончить транзакцию или прервите её: SELECT pg_terminate_backend(${pid}). Короткие транзакции и lock_timeout не дадут этому повториться.`,
    doubt: () => 'Это одно мгновение: ожидания в миллисекунды обычны.',
  },
  'vacuum-blocked': {
    title: 'VACUUM не может удалить мёртвые строки',
    says: ({ kind, name, xidAge, seconds, query }) =>
      `${HORIZON[kind]} ${name} задерживает VACUUM: с тех пор начато транзакций: ${figures.count(xidAge)}${seconds === null ? '' : ` (${figures.ms(seconds * 1000)} назад)`}. Строки, умершие после этого, остаются.${query === '' ? '' : ` Запрос: ${query}.`}`,
    effect: ({ kind, name }) => RELEASE[kind](name),
    doubt: () => 'Резервная копия или отчёт задерживают его намеренно и закончатся.',
  },
  'idle-in-transaction': {
    title: 'Открытая транзакция, клиент которой ничего не делает',
    says: ({ pid, user, application, seconds, query }) =>
      `Pid ${pid} (${list([user, ...(application === '' ? [] : [application])])}) бездействует в транзакции ${figures.ms(seconds * 1000)}. Последний запрос: ${query}.`,
    effect: () => 'Сервер закрывает такие транзакции через пять минут. Исправьте приложение, которое её потеряло.',
    doubt: () =>
      'Приложение, которое внутри транзакции ждёт человека или другую службу, делает это намеренно, такой ценой.',
  },
  'connections-near-limit': {
    title: 'Мало свободных соединений',
    says: ({ connections, limit, idle }) =>
      `Занято ${connections} из ${limit} соединений для приложения; ${idle} из них простаивают.`,
    effect: () =>
      'Пул (PgBouncer) или меньшие пулы приложения освободят место; больший max_connections стоит памяти. См. pool.md.',
    doubt: () => 'Это одно мгновение: сравните с пиком в мониторинге.',
  },
  'autovacuum-off': {
    title: 'autovacuum выключен',
    says: ({ table }) =>
      table === null
        ? 'autovacuum выключен для всего сервера: мёртвые строки остаются, статистика стареет, работает только аварийная очистка.'
        : `autovacuum выключен для ${table}: мёртвые строки остаются, статистика стареет.`,
    effect: () => 'Мёртвые строки удаляются и статистика обновляется сама.',
    doubt: () => 'VACUUM и ANALYZE может запускать что-то другое (cron, служба).',
  },
  'autovacuum-behind': {
    title: 'autovacuum не успевает',
    says: ({ table, deadRows, liveRows, threshold, lastVacuum }) =>
      `В ${table} ${figures.count(deadRows)} мёртвых строк и ${figures.count(liveRows)} живых; autovacuum должен начинать при ${figures.count(threshold)}. Последняя очистка: ${lastVacuum === null ? 'не было' : date(lastVacuum)}.`,
    effect: () =>
      'Просмотры читают меньше страниц. Если повторится, уменьшите scale factor этой таблицы или увеличьте autovacuum_vacuum_cost_limit.',
    doubt: () => 'Очистка может уже идти, или что-то не даёт удалять строки (LCK-003): тогда и эта ничего не удалит.',
  },
  'slot-retains-wal': {
    title: 'Слот репликации, который никто не читает',
    says: ({ slot, retainedBytes, limit }) =>
      `Слот ${slot} неактивен и удерживает ${figures.bytes(retainedBytes)} WAL${limit === null || limit === '-1' ? ', без предела: в конце концов диск заполнится' : `; max_slot_wal_keep_size = ${limit}`}.`,
    effect: () => 'WAL удаляется. Того, кто читал слот, придётся настроить заново.',
    doubt: () => 'Читатель может перезапускаться или быть на обслуживании.',
  },
  'standby-lag': {
    title: 'Реплика отстаёт',
    says: ({ name, state, lagBytes }) =>
      `Реплике ${name} (${state}) осталось применить ${figures.bytes(lagBytes)} WAL.`,
    effect: () => 'Проверьте её диск и сеть и запросы на ней, которые мешают применению.',
    doubt: () => 'Это одно мгновение: при массовой загрузке или построении индекса любая реплика ненадолго отстаёт.',
  },
  'requested-checkpoints': {
    title: 'Контрольные точки раньше срока',
    says: ({ timed, requested, maxWalSize, since }) =>
      `Контрольных точек по требованию ${figures.count(requested)}, по времени ${figures.count(timed)}${since === null ? '' : ` с ${date(since)}`}: WAL заполняет max_wal_size (${maxWalSize}) раньше.`,
    effect: () =>
      'Больший max_wal_size (ALTER SYSTEM SET max_wal_size) делает их реже и запись ровнее; восстановление после сбоя дольше.',
    doubt: () => 'Их требуют также резервные копии и CREATE DATABASE.',
  },
  'never-analyzed': {
    title: 'Таблица без статистики',
    says: ({ table, rows }) =>
      `${table} (строк: ${figures.count(rows)}) не анализировали с начала отсчёта: планировщик гадает.`,
    effect: () => 'Оценки опираются на данные.',
    doubt: () => 'Время ANALYZE теряется при сбросе статистики, а его результат нет.',
  },
  'cache-misses': {
    title: 'Низкая доля попаданий в кэш',
    says: ({ hitShare, blocksRead, sharedBuffers, since }) =>
      `${figures.percent(hitShare)} страниц с ${date(since)} нашлись в shared_buffers (${sharedBuffers}); ${figures.count(blocksRead)} прочитаны из системы или с диска.`,
    effect: () => 'Больший shared_buffers (четверть памяти) или меньше последовательных просмотров сократят чтение.',
    doubt: () => 'Большая часть могла прийти из кэша операционной системы. Пакетные задания и копии портят долю.',
  },
  'temporary-files': {
    title: 'Сортировки и хеши на диске',
    says: ({ files, bytes, workMem, since }) =>
      `С ${date(since)} записано временных файлов: ${figures.count(files)} (${figures.bytes(bytes)}); work_mem = ${workMem}.`,
    effect: () =>
      'Увеличьте work_mem ролям, чьи запросы пишут на диск (их называет log_temp_files), или дайте индекс в нужном порядке.',
    doubt: () => 'Временные файлы пишет и CREATE INDEX, им управляет maintenance_work_mem.',
  },
  deadlocks: {
    title: 'Взаимные блокировки',
    says: ({ deadlocks, since }) =>
      `С ${date(since)} из-за взаимной блокировки отменено транзакций: ${figures.count(deadlocks)}.`,
    effect: () => 'Если транзакции блокируют строки в одном порядке, их не бывает. В журнале названы оба запроса.',
    doubt: () => 'Приложение, которое повторяет попытку, теряет мало.',
  },
  rollbacks: {
    title: 'Много откатов',
    says: ({ commits, rollbacks, since }) =>
      `С ${date(since)} откатано ${figures.count(rollbacks)} из ${figures.count(commits + rollbacks)} транзакций.`,
    effect: () => 'Почему — сказано в ошибках журнала.',
    doubt: () => 'Драйверы и пулы, которые заканчивают чтение командой ROLLBACK, выглядят так же.',
  },
  'random-page-cost': {
    title: 'random_page_cost вращающегося диска',
    says: ({ value, advised }) =>
      `random_page_cost = ${value}: планировщик считает случайную страницу в ${value} раза дороже последовательной, что верно для вращающихся дисков. Для SSD обычно ${advised}.`,
    effect: () =>
      'Планировщик берёт индексы там, где они быстрее. Планы изменятся: сравните медленные запросы до и после.',
    doubt: () => 'Каталог не говорит, какой здесь диск.',
  },
};

const HORIZON = {
  session: 'Сессия',
  'prepared-transaction': 'Подготовленная транзакция',
  'replication-slot': 'Слот репликации',
  standby: 'Реплика',
};

const RELEASE: Readonly<Record<keyof typeof HORIZON, (name: string) => string>> = {
  session: (name) => `Когда она закончится (SELECT pg_terminate_backend(${name})), следующий VACUUM удалит строки.`,
  'prepared-transaction': () =>
    'Её закончит COMMIT PREPARED или ROLLBACK PREPARED; затем следующий VACUUM удалит строки.',
  'replication-slot': () => 'Когда его читатель продолжит или слот удалят, следующий VACUUM удалит строки.',
  standby: () =>
    'Его задерживает запрос на реплике (hot_standby_feedback); когда он закончится, следующий VACUUM удалит строки.',
};
