import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { RunTexts } from '../../run-texts.js';
import { count, points as pointCount, queries as queryCount, rows as rowCount } from '../plural.js';

/*
 * The sections that show what was measured, and how. What the functions are given is Markdown.
 */

type Sections = RunTexts['sections'];

export const latency: Sections['latency'] = {
  heading: 'Задержка',
  intro:
    'Миллисекунды. *сервер*: время выполнения без обмена с клиентом: медиана `EXPLAIN (ANALYZE, TIMING OFF)` по выборке запросов ' +
    'и среднее по измеренным запросам, если доступен pg_stat_statements. *без поиска*: такой же обмен без поиска; он входит в каждый показатель клиента. ' +
    '*прогрев*: неизмеряемые блоки запросов, пока десять подряд не окажутся без тренда. ' +
    '*n*: обмены и сколько среди них разных запросов. Интервалы относятся к совокупности, из которой взяты запросы: повторное измерение запроса их не сужает. ' +
    '*нужно запросов*: при меньшем их числе у квантиля нет верхней границы.',
  server: 'сервер',
  floor: 'без поиска',
  caches: 'кэш',
  warmUp: 'прогрев',
  sample: (n, queries) => `${formatCount(n)} (${queryCount(queries)})`,
  noWarmUp: 'нет',
  warmUpBlocks: (blocks, steady) => `${count(blocks, 'блок', 'блока', 'блоков')}${steady ? '' : ', ещё с трендом'}`,
  needsSamples: (samples) => `нужно больше ${count(samples, 'измерения', 'измерений', 'измерений')}`,
  mean: (ms, n) => `среднее ${ms} (n = ${n})`,
};

export const cold: Sections['cold'] = {
  heading: 'Холодный кэш',
  intro:
    'Измерено вперемежку. Перед каждым запросом таблица и индекс вытеснялись из `shared_buffers`; кэш операционной системы не затрагивался. *чтение*: буферы запроса, пришедшие не из `shared_buffers`. *тёплый*: тот же индекс с той же настройкой при тёплом кэше.',
  read: 'чтение',
  warmP50: 'тёплый p50 ms',
};

export const shards: Sections['shards'] = {
  heading: 'Шарды',
  intro:
    'Измерено вперемежку, оба способа на одних и тех же запросах. *postgres_fdw*: сервер запуска опрашивает шарды по очереди через внешние таблицы, у каждой свои ORDER BY и постоянный LIMIT; настройки заданы в параметрах внешних серверов. *клиент*: опрашивает все шарды сразу и объединяет ответы. Перед каждым блоком проверялось, что было отправлено, какие планы у каждого шарда и какие там настройки. Шарды на одной машине делят её ядра и кэш: показаны работа шарда и цена объединения, а не то, что дали бы несколько машин.',
  shard: 'шард',
  way: 'способ',
  ways: { 'foreign-tables': 'postgres_fdw', client: 'клиент' },
  complete: 'возвращено строк',
  short: (mean, queries) =>
    `${formatPercent(mean)}${queries === 0 ? '' : ` (запросов, где меньше k: ${formatCount(queries)})`}`,
  workIntro:
    'Работа одного запроса на каждом шарде, по порядку, по `EXPLAIN (ANALYZE, BUFFERS)` на первых запросах. Всё, что способ занимает сверх суммы этих времён (а где шарды опрашиваются сразу, сверх наибольшего), — это обмен по сети и объединение:',
  buffers: 'буферы',
  serverTime: 'ms на шарде',
};

export const throughput: Sections['throughput'] = {
  heading: 'Пропускная способность',
  image: 'Пропускная способность и задержка по числу клиентов',
  closedLoop:
    'Замкнутый цикл: каждый клиент отправляет следующий запрос, когда вернулся предыдущий. Других векторных индексов в это время нет. ' +
    '*клиент, сервер*: сколько ядер CPU каждый занимал в среднем. Сервер, занявший почти все ядра, насыщен.',
  openLoop:
    'Открытый цикл: срок запросов наступает с заданной частотой, вернулись предыдущие или нет, как у независимых пользователей. Задержка считается от срока запроса ' +
    'и включает ожидание за медленными. *отставание*: от срока до отправки. *опоздали*: запросы, к сроку которых не было свободного соединения.',
  disturbed: ({ what, clients, before, after }) =>
    `Помеха: ${what}, ${count(clients, 'клиент', 'клиента', 'клиентов')}. С ростом числа клиентов пропускная способность упала, хотя ` +
    `каждому хватает процессора, поэтому нагрузка измерена ещё раз: сначала ${before} запросов/с, затем ${after}. В таблице второе измерение.`,
  clients: 'клиенты',
  rate: 'запросов/с [95 %]',
  cpu: 'клиент, сервер',
  offered: 'задано/с',
  answered: 'отвечено/с [95 %]',
  lag: 'отставание p50, p99 ms',
  late: 'опоздали',
  cores: (client, server, cores) => `${client}, ${server} из ${cores}`,
  theIndex: 'Индекс',
  sustained: {
    held: ({ who, bound, rate, next }) =>
      `${who}: выдерживает ${rate ?? '0'} запросов/с при ${bound}${next === null ? '' : `; при ${next}/с это не показано`}.`,
    missed: ({ who, bound, rate }) => `${who}: не выполняет ${bound}${rate === null ? '' : ` при ${rate} запросов/с`}.`,
    inconclusive: ({ who, bound, rate, figure, refuted, refutedFigure }) =>
      `${who}: не решено, выполняет ли ${bound}${rate === null ? '' : ` при ${rate} запросов/с`}${figure}; окна были слишком коротки или машина слишком неспокойна.${
        refuted === null ? '' : ` При ${refuted} запросов/с не выполняет${refutedFigure}.`
      }`,
    void: ({ who, reason }) => `${who}: измерение недействительно. ${reason}`.trimEnd(),
  },
};

export const cost: Sections['cost'] = {
  heading: 'Стоимость запроса',
  intro: (isBelowZero) =>
    'Прямая через точки индексов одного вида: время запроса на сервере (медиана выборки `EXPLAIN (ANALYZE)` точки) в зависимости от числа буферов. Число буферов на любой машине одно и то же, время на буфер — разное. ' +
    '± — одна стандартная ошибка; *остаток* — стандартное отклонение точек от прямой. Вид, у которого меньше трёх разных точек или наклон меньше его ошибки, пропущен; –: постоянная часть меньше её ошибки.' +
    (isBelowZero
      ? ' Постоянная часть меньше нуля значит, что время определяется не только буферами: IVFFlat сравнивает каждую строку списка, а число строк на странице разное.'
      : ''),
  points: 'точки',
  slope: 'ms на 1,000 буферов',
  fixed: 'постоянная часть, ms',
  residual: 'остаток',
};

export const builds: Sections['builds'] = {
  heading: 'Построения',
  remarks: 'замечания',
  ofRun: (run) => `Построен в запуске ${run}.`,
  partitions: (count, smallest, largest) =>
    smallest === largest
      ? `Индексов ${count}, каждый ${smallest}.`
      : `Индексов ${count}: от ${smallest} до ${largest}.`,
};

export const buildVariance: Sections['buildVariance'] = {
  heading: 'Разброс построений',
  intro:
    'Один и тот же индекс построен несколько раз и получил одни и те же запросы с теми же настройками. *СО*: стандартное отклонение между построениями. ' +
    '*любое построение*: средняя полнота с 95-процентным интервалом, который охватывает и другое построение (t-распределение Стьюдента по построениям, поэтому после двух-трёх он широк).',
  builds: 'построения',
  recall: 'полнота',
  sd: 'СО',
  anyBuild: 'любое построение',
  buffersSd: 'СО буферов',
  points: 'п. п.',
};

export const writes: Sections['writes'] = {
  heading: 'Стоимость записи',
  intro:
    'Сколько каждый индекс добавляет к записи одной строки: журнал (WAL) и время, без других индексов, кроме первичного ключа (медианы по раундам в одном серверном процессе, с откатом, без полных образов страниц). ' +
    'COPY создаёт те же записи индекса, что INSERT. UPDATE вектора оставляет старую запись в индексе, DELETE тоже, пока её не уберёт VACUUM.',
  serves: 'служит',
  update: 'UPDATE вектора',
};

export const defects: Sections['defects'] = {
  heading: (pgvector) => `Известные ошибки pgvector ${pgvector}`,
  intro: 'Они есть на измеренном сервере и на любом другом с этой версией:',
};

export const limitations: Sections['limitations'] = {
  heading: 'Ограничения',
  notMeasured: 'Не измерено:',
  generated: 'Настоящие векторы. Эти сгенерированы.',
  webAssembly:
    'Задержки обычного сервера. Этот — PostgreSQL, скомпилированный в WebAssembly, с одной сессией и без параллельных построений. Полнота, планы, буферы и размеры такие же, как у PostgreSQL, но времена сравнивайте только между собой.',
  otherSizes: (rows) =>
    `Другие размеры таблицы. Всё измерено при таком числе строк: ${formatCount(rows)}; нужная для полноты настройка растёт вместе с таблицей.`,
  buildVariance:
    'Разброс построений (`measure.repeats`). Каждый индекс построен один раз. Уровни HNSW и центры k-средних случайны, поэтому полнота двух построений различается на десятые доли процентного пункта.',
  systemCache: 'Холодный кэш операционной системы. Страницы, которых не было в shared_buffers, могли оставаться в нём.',
  coldCaches: 'Холодный кэш (`measure.cache`). Все показатели получены, когда индекс был в памяти.',
  oneClient: 'Одновременные клиенты. Все показатели получены в одном соединении.',
  moreClients: 'Больше клиентов, чем в разделе о пропускной способности, и клиенты на других машинах.',
  writes: 'Запись. Вставки, изменения и очистка со временем меняют индекс.',
  tail: (percentile, queries) =>
    `Хвост задержки (\`measure.queries\`). Для ${percentile}-го процентиля нужно разных запросов на точку: ${formatCount(queries)}.`,
};

export const method: Sections['method'] = {
  heading: 'Метод',
  run: 'запуск',
  dataset: 'набор данных',
  server: 'сервер',
  client: 'клиент',
  load: 'загрузка',
  layout: 'устройство таблицы',
  datasetText: (name, { rows, dimensions, queries, metric, hash }) =>
    `${name}: ${formatCount(rows)} × ${dimensions}, отложенных запросов ${formatCount(queries)}, метрика ${metric}, SHA-256 ${hash}`,
  loaded: ({ rows, method: how, seconds, tableBytes }) =>
    `${rowCount(rows)} через ${how.toUpperCase()} за ${formatMs(seconds * 1000)}; таблица ${formatBytes(tableBytes)}`,
  everyPoint: (file) => `Все точки: [${file}](${file}).`,
  glossary: (version) => `Каждый термин определён в \`docs/glossary.md\` pgvtune ${version} (по-английски).`,
};

export const conditions: Sections['conditions'] = {
  caches: 'кэш',
  cachePoints: (state, points) => `${state}: ${pointCount(points)}`,
  conditions: 'условия',
  otherWork: (share) => `время CPU у других программ ${share}`,
  load: (load, cores) => `средняя нагрузка ${load} на ${count(cores, 'ядро', 'ядра', 'ядер')}`,
  steal: (share) => `время CPU у других виртуальных машин (steal) ${share}`,
  checkpoints: (number) => `контрольных точек ${number}`,
  autovacuum: (workers) => `процессов автоочистки ${workers}`,
  otherSessions: (sessions) => `других сессий одновременно ${sessions}`,
  machineChanged: (measurements, of) =>
    `условия на машине изменились во время ${formatCount(measurements)} из ${count(of, 'измерения', 'измерений', 'измерений')}`,
  atMost: (value) => `не больше ${value}`,
  fromTo: (least, most) => `от ${least} до ${most}`,
  prepared: 'подготовленные запросы',
  genericEqualsCustom: (points, of) =>
    `общий план совпадает с частным в ${formatCount(points)} из ${count(of, 'точки', 'точек', 'точек')}`,
  mostlyGeneric: (points, of) => `сервер чаще использовал общий план в ${formatCount(points)} из ${formatCount(of)}`,
};

export const allPoints: Sections['allPoints'] = {
  title: (dataset) => `Все точки: ${dataset}`,
  intro: ({ points, run, lost, legend }) =>
    `${pointCount(points)} запуска ${run} в порядке измерения.${
      lost > 0 ? ` Недействительных или завершившихся ошибкой: ${lost}; у них есть причина и нет показателей.` : ''
    } *поиск*: измерено по одной, во время поиска. Времена сравнивайте только у точек, измеренных *вперемежку*. *запросы*: их места в случайном порядке запуска. ${legend} То же числами: \`points.csv\`; сами измерения: \`journal.ndjson\`.`,
  queries: 'запросы',
  ofRun: (run) => `из запуска ${run}`,
  machineChanged: '*условия изменились*',
  remarks: 'Замечания',
};

export const charts: Sections['charts'] = {
  recallEffort: 'Полнота и затраты',
  recallLatency: 'Полнота и медиана задержки',
  recall: 'полнота',
  medianLatency: 'медиана задержки, ms',
  buffers: 'буферы на запрос',
  recommended: 'рекомендуется',
  onAverage: 'в среднем',
  target: (recall) => `цель ${recall}`,
  throughput: 'Пропускная способность и задержка по числу клиентов',
  clients: 'клиенты',
  queriesPerSecond: 'запросов в секунду',
  p95: 'p95 задержки, ms',
  filtered: (recall) => `Самые дешёвые настройки каждой стратегии с полнотой ${recall}`,
  filteredLegend: 'кольцо: рекомендуется; пунктир: где выбор меняется, с интервалом',
  correlation: (correlation) => `корреляция ${correlation}`,
  matchingRows: 'подходящие строки, %',
};
