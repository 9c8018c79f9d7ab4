import { SEVERITIES } from '../../../../findings.js';
import { russian as figures } from '../../audit-figures.js';
import type { AuditFrame } from '../../audit-frame.js';
import { pool } from '../pool.js';
import { date, list } from './words.js';

const SEVERITY = { high: 'высокая', medium: 'средняя', low: 'низкая', info: 'сведения' } as const;

export const frame: AuditFrame = {
  figures,
  severity: SEVERITY,
  confidence: { high: 'высокая', medium: 'средняя', low: 'низкая' },
  lock: ({ mode, held }) =>
    mode === 'none' ? 'нет' : `${mode}, ${HELD[held]}${BLOCKS[mode] === undefined ? '' : ` (${BLOCKS[mode]})`}`,
  window: (basis, { from, until }) =>
    ({
      catalog: `каталог на ${moment(until)}`,
      counters: `счётчики с ${from === null ? 'неизвестного времени' : moment(from)} по ${moment(until)}`,
      estimates: `статистика последнего ANALYZE, прочитана ${moment(until)}`,
      statements: `pg_stat_statements с ${from === null ? 'неизвестного времени' : moment(from)} по ${moment(until)}`,
      log: `журнал сервера с ${from === null ? 'неизвестного времени' : moment(from)} по ${moment(until)}`,
      measurement: `измерение ${moment(until)}`,
      activity: `сессии на ${moment(until)}`,
    })[basis],
  documents: {
    performance_audit: {
      title: 'Аудит производительности',
      intro: 'Что сделать в первую очередь, и как сервер настроен и обслуживается.',
    },
    index_strategy: {
      title: 'Стратегия индексов',
      intro:
        'Индексы недействительные, недостающие, повторяющиеся, избыточные и неиспользуемые, и те, которые должны остаться, хотя их никто не читает.',
    },
    slow_queries_report: {
      title: 'Медленные запросы',
      intro:
        'Запросы по их цене, из pg_stat_statements и, если он указан (--log), из журнала сервера. Констант в текстах нет.',
    },
    n1_queries_fixes: {
      title: 'Запросы N+1',
      intro:
        'Запросы, которые отправляют на каждую строку другого, какими их видит база: число вызовов второго равно числу строк первого, вдоль внешнего ключа. Счётчики за известное окно (pgvtune audit snapshot) убедительнее, чем за всё время.',
    },
    schema_design: { title: 'Схема', intro: 'Ключи, типы, ограничения и последовательности.' },
    vector_optimization: {
      title: 'Оптимизация векторов',
      intro:
        'Столбцы и индексы pgvector, по каталогу и счётчикам. Сколько индекс теряет в полноте, покажет только измерение: pgvtune recall измеряет индекс на его таблице, только читая, а pgvtune tune находит самый дешёвый для цели; --measure делает и то и другое для каждого индекса.',
    },
    pool: {
      title: 'Пул соединений',
      intro:
        'Сколько соединений нужно нагрузке этого окна, для одного веб-процесса с 10 запросами сразу. Среднее за дни скрывает час пик: pgvtune pool --for 5min в этот час и с вашими процессами скажет больше.',
    },
    monitoring_setup: {
      title: 'Мониторинг',
      intro:
        'Что сервер записывает о себе, а что нет. pgvtune metrics отдаёт это в Prometheus. Правила оповещений, панель Grafana, файл compose и счётчики запросов на один запрос приложения для node-postgres, Prisma и SQLAlchemy лежат в docs/recipes/ пакета; их описывает docs/monitoring.md.',
    },
  },
  words: {
    severity: 'Серьёзность',
    finding: 'Находка',
    object: 'Объект',
    effect: 'Ожидаемый эффект',
    doubt: 'Почему это может быть неверно',
    window: 'На чём основано',
    confidence: 'Уверенность',
    lock: 'Блокировка',
    evidence: 'Доказательство',
    remedy: 'Исправление',
    rollback: 'Откат',
    nothingToUndo: 'Отменять нечего: исправление ничего не отнимает.',
    noRemedy: 'Одной командой этого не решить.',
    topActions: 'Главные действия',
    findingsBySeverity: 'Находки по серьёзности',
    findings: 'Находки',
    documents: 'Документы',
    notChecked: 'Не проверено',
    checks: 'Проверки',
    reason: 'Причина',
    noFindings: 'Находок нет.',
    allChecked: 'Все проверки выполнены.',
    statements: 'Запросы по общему времени',
    statementColumns: {
      share: 'Доля',
      total: 'Всего',
      calls: 'Вызовы',
      mean: 'Среднее',
      deviation: 'Ст. откл.',
      maximum: 'Макс.',
      rows: 'Строк на вызов',
      pages: 'Страниц на вызов',
      temporary: 'Врем. страниц на вызов',
      wal: 'WAL на вызов',
      statement: 'Запрос',
    },
    sampledVectors: 'Выборка векторов',
    sampledColumns: {
      column: 'Столбец',
      rows: 'Прочитано строк',
      zero: 'Длина 0 [95 %]',
      notUnit: 'Длина не 1',
      lengths: 'Длины',
      sharing: 'Строк на вектор [95 %]',
    },
    measuredIndexes: 'Измеренная полнота',
    measuredColumns: {
      index: 'Индекс',
      recall: 'Recall@10 [95 %]',
      queries: 'Запросов',
      median: 'Медиана',
      settings: 'Настройки',
    },
    tunedIndexes: 'Подбор на выборках',
    tunedColumns: {
      index: 'Индекс',
      today: 'сейчас',
      recommended: 'предложено',
      sample: 'Строк',
      recall: 'Recall@10 [95 %]',
      p95: 'p95',
      pages: 'Страниц на поиск',
      size: 'Размер',
    },
    plans: 'Планы запросов, которые заняли больше всего времени',
    planned: {
      'without row locks': 'План построен без блокировок строк, чтобы ничего не блокировать.',
      'rows to write':
        'План построен для SELECT, который находит те же строки, чтобы ничего не блокировать. Чего стоит их записать, ни в одном плане нет: записи индексов, внешние ключи, триггеры.',
    },
    rewrite: 'Написать иначе',
    otherRows: 'Строки могут быть другими.',
    loggedStatements: 'Запросы в журнале',
    loggedColumns: {
      share: 'Доля',
      total: 'Всего',
      calls: 'Вызовы',
      mean: 'Среднее',
      median: 'Медиана',
      p95: 'p95',
      maximum: 'Макс.',
      routes: 'Откуда',
      statement: 'Запрос',
    },
    state: 'Сервер сейчас',
    subject: 'Предмет',
    figures: 'Показатели',
    subjects: {
      memory: 'Память',
      cache: 'Кэш',
      checkpoints: 'Контрольные точки',
      autovacuum: 'Autovacuum',
      bloat: 'Мёртвые строки',
      locks: 'Блокировки',
      connections: 'Соединения',
      wraparound: 'Идентификаторы транзакций',
      replication: 'Репликация',
    },
    unjudged: 'Индексы, раздутие которых не оценено',
    unjudgedWhy:
      'Сколько страниц заняло бы построение этих индексов заново, зависит от значений и порядка записи, поэтому формулой раздутие от роста не отличить. Расширение pgstattuple показывает свободное место в индексе GiST или hash (читая его целиком) и список ожидания индекса GIN. Сколько освободит перестроение, покажет только перестроение на копии. Индексы BRIN слишком малы, чтобы их перестраивать.',
    unjudgedColumns: { index: 'Индекс', method: 'Метод', size: 'Размер', look: 'Через pgstattuple' },
    fixes: 'Как загрузить их сразу',
    settings: 'Настройки сейчас',
    setting: 'Настройка',
    value: 'Значение',
  },
  subject: ({ database, label, version, role, takenAt, statisticsResetAt, startedAt }) =>
    `База ${database} на ${label} (PostgreSQL ${version}), прочитана ${moment(takenAt)} ролью ${role}. Счётчики считают ${
      statisticsResetAt === null
        ? `по меньшей мере с запуска сервера ${moment(startedAt)}: их никто не сбрасывал`
        : `со сброса ${moment(statisticsResetAt)}`
    }.`,
  sampled: (leftOut) =>
    `Около 1000 строк каждого столбца, взятых случайно не более чем с 1000 страниц, или все, если их меньше; строк без вектора среди них нет.${leftOut === 0 ? '' : ` Столбцов таблиц поменьше, которые не читались: ${figures.count(leftOut)}.`}`,
  outcome: {
    measured: 'измерен',
    'no-index-used': 'планировщик его не использует',
    void: 'не в счёт: сервер перезапускался',
    refused: 'измерить не удалось: мало векторов, или запрос шёл слишком долго',
  },
  tuned: (tuned) => {
    const runs = tuned.flatMap(({ run }) => run ?? []);
    const { targetRecall } = tuned[0]!;
    return `Каждый индекс подобран под полноту ${figures.decimal(targetRecall, 2)} на случайной выборке своей таблицы, на отдельном сервере; нынешние определение и настройки измерены там бок о бок с предложенными. Времена — того сервера.${runs.length === 0 ? '' : ` Все измерения: ${list(runs.map((run) => `results/${run}`))}.`}`;
  },
  notTuned: {
    'exact-scan': 'выборка так мала, что просмотр всех строк не хуже',
    'not-reached': 'ничто из испробованного не достигло полноты',
    refused: 'подобрать не удалось: мало векторов, выражение с пересортировкой, разреженные векторы или сбой сервера',
    'out-of-time': 'времени не осталось (--budget)',
  },
  sample: ({ rows, tableRows }) =>
    tableRows === null ? figures.count(rows) : `${figures.count(rows)} из ${figures.count(Math.max(rows, tableRows))}`,
  pool,
  stateSince: (iso) => `Счётчики с ${moment(iso)}, остальное — на момент аудита.`,
  state: {
    memory: ({ sumBytes, memoryBytes, ...demand }) =>
      `до ${figures.bytes(sumBytes)} ${memoryBytes === null ? '(машину отсюда не видно)' : `из ${figures.bytes(memoryBytes)}`}: shared_buffers ${figures.bytes(demand.sharedBuffersBytes)} + maintenance_work_mem ${figures.bytes(demand.maintenanceWorkMemBytes)} + autovacuum ${demand.autovacuumWorkers} × ${figures.bytes(demand.autovacuumWorkerBytes)} + work_mem ${demand.maxConnections} × ${figures.bytes(demand.workMemBytes)}`,
    cache: ({ hitShare, blocksRead, sharedBuffersBytes }) =>
      hitShare === null
        ? 'страниц никто не запрашивал'
        : `${figures.percent(hitShare)} страниц нашлись в shared_buffers (${figures.bytes(sharedBuffersBytes)}); прочитано страниц: ${figures.count(blocksRead)}`,
    checkpoints: ({ timed, requested, maxWalSize }) =>
      `по времени ${figures.count(timed)}, по требованию ${figures.count(requested)}; max_wal_size ${maxWalSize}`,
    autovacuum: ({ isOn, due, tables }) =>
      `${isOn ? 'включён' : 'выключен'}; мёртвых строк больше порога в ${figures.count(due)} таблицах из ${figures.count(tables)}`,
    bloat: ({ deadRows, liveRows, worst }) =>
      `мёртвых ${figures.count(deadRows)}, живых ${figures.count(liveRows)}${worst === null ? '' : `; больше всего в ${worst.table} (${figures.count(worst.deadRows)})`}`,
    locks: (data) =>
      data === null
        ? 'роль не видит, что делают другие сессии'
        : `ждут сессий: ${figures.count(data.waiting)}; VACUUM ${data.oldest === null ? 'ничто не задерживает' : `задерживает ${HOLDERS[data.oldest.kind]} ${data.oldest.name} (транзакций: ${figures.count(data.oldest.xidAge)})`}`,
    connections: ({ connections, most, idleInTransaction }) =>
      `${figures.count(connections)} из max_connections ${figures.count(most)}${idleInTransaction === null ? '' : `; простаивают в транзакции: ${figures.count(idleInTransaction)}`}`,
    wraparound: ({ database, xidAge, share }) =>
      `${figures.percent(share)} возраста, при котором сервер перестаёт писать (${database}, транзакций: ${figures.count(xidAge)})`,
    replication: ({ standbys, mostLagBytes, slots, retainedBytes }) =>
      `${standbys === null ? 'реплик роль не видит' : `реплик: ${figures.count(standbys)}${standbys === 0 ? '' : `, отстают не больше чем на ${figures.bytes(mostLagBytes)}`}`}; слотов: ${figures.count(slots)}${slots === 0 ? '' : `, удерживают ${figures.bytes(retainedBytes)} WAL`}`,
  },
  planned: ({ refused }) =>
    `Планы построены без параметров, ничего не выполнялось.${refused === 0 ? '' : ` Ещё для ${figures.count(refused)} плана нет: роль не может читать их таблицы, или без параметров их не разобрать.`}`,
  cost: (cost) => `стоимость ${figures.count(cost)}`,
  planCauses: {
    scan: ({ table, rows, kept }) =>
      `Читает все строки ${table} (${figures.count(rows)}) и оставляет около ${figures.count(kept)}.`,
    sort: ({ rows }) =>
      `Сортирует около ${figures.count(rows)} строк: от этого избавит индекс в том же порядке или меньше строк.`,
    'computed-column': ({ table, column, expression }) =>
      `Сравнивает ${expression}, а индекс по ${column} этого не знает. Сравнивайте сам столбец (день — как промежуток времени) или, если выражение IMMUTABLE, постройте индекс по нему: CREATE INDEX CONCURRENTLY ON ${table} ((${expression})).`,
    pattern: ({ table, column, isShown }) =>
      `${isShown ? 'Шаблон LIKE начинается с подстановочного знака' : 'Если шаблон LIKE начинается с подстановочного знака (из текста не видно)'}: B-дерево таких строк не находит. Их находит индекс pg_trgm: CREATE INDEX CONCURRENTLY ON ${table} USING gin (${column} gin_trgm_ops).`,
    offset: ({ rows }) =>
      `OFFSET читает ${rows === null ? 'все строки предыдущих страниц' : `строки (${figures.count(rows)})`} и отбрасывает их. Для дальних страниц запоминайте последний ключ: WHERE (ключ) > (последний ключ) ORDER BY ключ LIMIT n.`,
    'random-order': ({ limited }) =>
      `ORDER BY random() читает и сортирует все строки${limited ? ', чтобы вернуть несколько' : ''}. TABLESAMPLE или случайные ключи читают немного, но вероятности строк при этом не равны.`,
    'foreign-key-scan': ({ table, columns, rows }) =>
      `Для каждой строки читает всю таблицу ${table} (строк: ${figures.count(rows)}): на строку ссылается внешний ключ, а индекса по ${list(columns)} нет (он есть в IDX-007). План этого не показывает.`,
    'indexed-column': ({ table, indexes, updates, hotUpdates, allIndexes }) =>
      `Меняет то, что есть в ${list(indexes)}: если значение другое, строка получает новые записи во всех индексах ${table} (${allIndexes}). Из ${figures.count(updates)} обновлений без записи в индексы (HOT) обошлись ${figures.percent(hotUpdates / updates)}. Удалите индексы, которые никто не читает, или храните столбец в отдельной таблице.`,
    'full-pages': ({ table, sql, updates, hotUpdates, allIndexes, fillfactor }) =>
      `Столбцов индексов не меняет, но без записи в индексы (HOT) обошлись только ${figures.percent(hotUpdates / updates)} обновлений ${table} (всего ${figures.count(updates)}): остальным не хватило места на странице (fillfactor ${fillfactor} или мёртвые версии, которые держит долгая транзакция), и они записали во все индексы (${allIndexes}). Место оставит меньший fillfactor: ALTER TABLE ${sql} SET (fillfactor = ${Math.max(50, fillfactor - 15)}); он действует для страниц, записанных после этого.`,
    vector: ({ column, indexes }) =>
      `Каждый вектор, который записан в ${column}, — новая запись в ${list(indexes)}, то есть поиск по индексу, а старая остаётся до VACUUM. Если вектор часто тот же, пропускайте такие строки: … AND ${column} IS DISTINCT FROM новый вектор.`,
    index: ({ index, costAfter }) => `С индексом ${index} стоимость была бы ${figures.count(costAfter)}.`,
  },
  changes: {
    exists: ({ where }) =>
      `Строки считаются только затем, чтобы узнать, есть ли хоть одна; EXISTS остановится на первой.${where.length === 0 ? '' : ` Результат тот же, если ${list(where.map(({ parameter, value }) => `$${parameter} — это ${value}`))}: из текста этого не видно.`}`,
    'not-exists': ({ column }) =>
      `NOT IN нельзя выполнить соединением: NULL изменил бы ответ. Здесь ни ${column}, ни то, что возвращает подзапрос, не бывает NULL (NOT NULL), поэтому NOT EXISTS вернёт те же строки.`,
    'union-all': ({ branches }) =>
      `OR между условиями на разные таблицы или подзапросы не даёт использовать индексы. Отдельные SELECT (${branches}) могут использовать каждый свой; IS NOT TRUE исключает строки предыдущих, поэтому каждая строка, как и раньше, вернётся один раз.`,
    'semi-join': ({ tables }) =>
      `Соединение (${list(tables)}) повторяет строки, а DISTINCT убирает повторы. Столбцы оттуда не возвращаются, поэтому достаточно спросить через EXISTS, есть ли строка.`,
    'no-distinct': ({ tables }) =>
      `В результате есть ключ (${list(tables)}): строки не повторяются, и DISTINCT ничего не убирает.`,
  },
  saving: ({ costBefore, costAfter }) => `стоимость ${figures.count(costBefore)} → ${figures.count(costAfter)}`,
  log: ({ files, from, until, executions, notParsed, torn }) =>
    [
      `${list(files)}: выполнений — ${figures.count(executions)}${from === null || until === null ? '' : `, с ${moment(from)} по ${moment(until)}`}.`,
      ...(notParsed > 0 ? [`Из них не разобрано ${figures.count(notParsed)}: в цифры они не вошли.`] : []),
      ...(torn > 0 ? [`Оборванных записей: ${figures.count(torn)}.`] : []),
    ].join(' '),
  status: ({ findings, unchecked }) =>
    `${list(SEVERITIES.map((severity) => `${SEVERITY[severity]}: ${findings.filter((finding) => finding.severity === severity).length}`))}; не проверено: ${unchecked.length}`,
  managed: (service) =>
    `Это управляемый сервер (${SERVICES[service]}): суперпользователя он не даёт, и ALTER SYSTEM запрещён. Где исправлению он нужен, рядом назван способ этой службы.`,
  onService: (service, setting, command) =>
    command === null
      ? `${SERVICES[service]}: ${setting} задаёт только сама служба, обратитесь в её поддержку.`
      : `${SERVICES[service]}: ALTER SYSTEM запрещён. Вместо него: ${command}${SERVICE_NOTES[service] ?? ''}`,
  script: {
    head: ({ database, label, takenAt }) => [
      `Исправления по аудиту базы ${database} на ${label}, ${moment(takenAt)}.`,
      'Запуск: psql -X -v ON_ERROR_STOP=1 -f ФАЙЛ (никогда с --single-transaction: CONCURRENTLY этого не допускает).',
      'Активны команды, которые ничего не отнимают. Остальные закомментированы: прочтите доказательство и уберите "--".',
      'Файл можно запускать повторно: сделанное пропускается или делается заново.',
    ],
    step: {
      analyze: 'Статистика и очистка',
      create: 'Новые индексы',
      validate: 'Проверка ограничений',
      rebuild: 'Перестроения',
      setting: 'Настройки (закомментированы)',
      alter: 'Изменения таблиц (закомментированы)',
      drop: 'Что можно удалить (закомментировано)',
    },
    concurrently:
      'Здесь нет lock_timeout: ожидая, эти команды не мешают ни чтению, ни записи, а прерванная оставит недействительный индекс.',
    empty: 'Делать нечего.',
  },
  unread: {
    'columns-hidden': () =>
      'роль может читать не все таблицы, поэтому статистика столбцов скрыта; членство в pg_read_all_data или SELECT её откроют',
    'vectors-hidden': () =>
      'роль может читать не все столбцы векторов, или строки от неё скрывает row security; это позволят pg_read_all_data или SELECT и BYPASSRLS',
    'vectors-not-sampled': () =>
      'таблица с векторами была заблокирована, или несколько её строк читались дольше двух секунд',
    'not-measured': () => 'ничего не измеряли (--measure)',
    'not-tuned': () => 'ничего не подбирали (--measure tune)',
    'no-log': () => 'журнал сервера не указан (--log)',
    'log-of-slow-statements': () =>
      'в журнале только медленные запросы; быстрые, из которых состоят циклы, покажет log_min_duration_statement = 0 на короткое время или log_transaction_sample_rate',
    'log-without-sessions': () => 'журнал не говорит, какой сессии запрос; это скажет %c или %p в log_line_prefix',
    'machine-not-visible': () => 'машина сервера отсюда не видна',
    'no-extension': () => 'в этой базе нет pgvector',
    'no-statement-statistics': () => 'в этой базе не установлен pg_stat_statements',
    'statement-statistics-not-loaded': () => 'pg_stat_statements нет в shared_preload_libraries',
    'statement-statistics-hidden': () =>
      'роль не может использовать схему pg_stat_statements; это позволит GRANT USAGE ON SCHEMA',
    'statements-hidden': () => 'роль не видит чужих запросов; членство в pg_read_all_stats или pg_monitor их откроет',
    'sequences-hidden': () =>
      'роль может читать не все последовательности; членство в pg_read_all_data или SELECT это позволит',
    'sessions-hidden': () => 'роль не видит, что делают другие сессии; членство в pg_monitor это позволит',
  },
};

const HOLDERS = {
  session: 'pid',
  'prepared-transaction': 'подготовленная транзакция',
  'replication-slot': 'слот репликации',
  standby: 'реплика',
};

const SERVICES = {
  rds: 'Amazon RDS или Aurora',
  'cloud-sql': 'Google Cloud SQL',
  azure: 'Azure Database for PostgreSQL',
  neon: 'Neon',
  supabase: 'Supabase',
};

const SERVICE_NOTES: Partial<Record<keyof typeof SERVICES, string>> = {
  rds: ' (для кластера Aurora — modify-db-cluster-parameter-group; группу по умолчанию сначала замените своей)',
  'cloud-sql': ' (список заменяет все флаги: укажите и те, что уже заданы)',
  supabase:
    ' (что можно задать и через ALTER ROLE postgres SET, показывает SHOW supautils.privileged_role_allowed_configs)',
};

const HELD = {
  'for a moment': 'на мгновение',
  'while it scans': 'пока читает',
  'while it builds': 'пока строит',
  'while it rewrites': 'пока переписывает',
};

const BLOCKS: Readonly<Record<string, string>> = {
  SHARE: 'запись ждёт',
  'SHARE ROW EXCLUSIVE': 'запись ждёт',
  'ACCESS EXCLUSIVE': 'чтение и запись ждут',
  'SHARE UPDATE EXCLUSIVE': 'чтение и запись продолжаются',
};

/** `2026-11-29 23:05 UTC` */
const moment = (iso: string): string => `${date(iso)} ${iso.slice(11, 16)} UTC`;
