import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import { confidenceText } from '../../figures.js';
import type { RunTexts } from '../../run-texts.js';
import { count, points as pointCount, queries as queryCount, rows as rowCount } from '../plural.js';

/*
 * The sections that answer: what to do, why, and what else could be done. What the functions are given is Markdown.
 */

type Sections = RunTexts['sections'];

export const decision: Sections['decision'] = {
  title: (dataset) => `Оптимизация векторного индекса: ${dataset}`,
  heading: 'Решение',
  unfinished: '> **Запуск не завершён.** Ниже показано то, что измерено до сих пор; `--resume` его продолжит.',
  bench:
    'Измерено каждое сочетание из конфигурации. `pgvtune bench` ничего не рекомендует, рекомендует `pgvtune tune`.',
  inconclusive: (why) => `**Вывода нет.** ${why}`,
  notReached: (why) => `**Цель не достигнута.** ${why}`,
  use: (choice) => `**Используйте ${choice}.**`,
  generated:
    '> Векторы **сгенерированы**: показатели говорят, что делает pgvtune; для настоящих данных это не рекомендация.',
  partitioned: (partitions) =>
    `**Устройство таблицы:** секций по хешу id: ${partitions}, у каждой свой индекс. Каждый запрос ищет во всех секциях с одной и той же настройкой и объединяет найденное: поисков на запрос ${partitions}, и кандидаты берутся из каждого. Одна таблица здесь не измерялась.`,
  hybridQueries: 'Гибридные запросы',
  noStrategy: 'ни одна стратегия не достигает цели',
  eachWorkload: '**Для каждой нагрузки используйте** (простой в конфигурации нет):',
  confidencePrice: (line) => `**Цена доверия.** ${line}`,
  objectives: {
    p95: 'наименьший p95 задержки',
    throughput: 'наименьшее среднее время запроса в одном соединении',
    buffers: 'наименьшее число буферов на запрос',
    index_bytes: 'наименьший размер индекса',
    build_seconds: 'наименьшее время построения',
  },
  target: ({ recall, confidence, p95Ms, indexBytes, buildMemoryBytes, buildSeconds, queriesPerDay }, k, objective) => {
    const bounds = [
      `полнота (recall${k === null ? '' : `@${k}`}) ≥ ${recall} с доверительной вероятностью ${confidenceText(confidence)} (односторонней)`,
      ...(p95Ms === undefined ? [] : [`p95 ≤ ${formatMs(p95Ms)}`]),
      ...(indexBytes === undefined ? [] : [`размер индекса ≤ ${formatBytes(indexBytes)}`]),
      ...(buildMemoryBytes === undefined ? [] : [`память построения ≤ ${formatBytes(buildMemoryBytes)}`]),
      ...(buildSeconds === undefined ? [] : [`время построения ≤ ${formatMs(1000 * buildSeconds)}`]),
    ];
    return `**Цель:** ${bounds.join(', ')}. **Критерий:** ${objective} среди конфигураций, достигающих цели${
      queriesPerDay === undefined ? '' : `, если построение окупается (запросов в день: ${formatCount(queriesPerDay)})`
    }.`;
  },
  expected: 'ожидается',
  distanceRatio: 'отношение расстояний',
  fartherAway: (ratio) =>
    `${ratio.toFixed(4)}: возвращённые строки на ${formatPercent(ratio - 1, 2)} дальше точных соседей`,
  onServer: (figure, server) => `${figure} (сервер: ${server})`,
  buildTime: 'время построения',
  lowerBound: (k) => `recall@${k}, нижняя граница`,
  shown: (recall, { confidence, ofBuilds, tested }) =>
    `${recall}${ofBuilds ? ' для любого построения' : ''} с доверительной вероятностью ${confidenceText(confidence)} (односторонней${tested > 1 ? `, с поправкой на число проверенных индексов: ${tested}` : ''})`,
  planChecked: (plan, index, checks) =>
    `${plan}${index === null ? '' : ` по ${index}`}, проверен ${count(checks, 'раз', 'раза', 'раз')}`,
  sample: (queries, { builds, needed }) =>
    `${builds === null ? '' : `для любого построения (измерено ${builds}), `}n = ${queryCount(queries)}${
      needed === null ? '' : ` (около ${formatCount(needed)} сузили бы интервал до ±0.005)`
    }`,
};

export const today: Sections['today'] = {
  heading: 'Сегодня',
  today: 'сегодня',
  recommended: 'рекомендуется',
  where: 'где',
  rowsReturned: 'возвращено строк',
  place: (column, server, rows) =>
    `${column} (сервер: ${server}${rows === null ? '' : `, строк около ${formatCount(rows)}`})`,
  sample: (rows, server) => `выборка, ${rowCount(rows)} (сервер: ${server})`,
  none: 'нет',
  storedIndex: (name, method, expression, rest, valid) =>
    `${name}: ${method} по ${expression}${rest}${valid ? '' : ' (недействителен)'}`,
  unserved: (place, indexes, why) => `${place}. Индексы по векторам: ${indexes}. ${why}`,
  noIndex: 'Сегодня поиску не служит ни один индекс: каждый запрос читает всю таблицу.',
  otherPlan: (plan) => `Сегодня индекс по векторам не используется: ${plan}.`,
  void: 'Во время измерения работа сервера прерывалась, поэтому показателей нет.',
  failed: (message) => `Измерить не удалось: ${message}`,
  asked: (queries) =>
    `Сегодня: ${queries === 'log' ? 'ваши запросы' : 'случайные строки таблицы, каждая исключена из своего ответа'}, на рабочем сервере, только чтение, каждый запрос впервые. Времена относятся к двум разным серверам.`,
  moreRows: (times) =>
    `Строк в таблице в ${times} раза больше, чем в выборке: те же настройки дают там меньшую полноту, а индекс больше.`,
  onceBuilt: (choice) => `Когда ${choice} будет построен, \`pgvtune recall\` измерит его на таблице.`,
};

export const apply: Sections['apply'] = {
  heading: 'Как применить',
  noIndex: 'Индекс по векторам не нужен. Точный перебор достаточно быстр:',
  replaceNames: 'Замените имена таблицы, столбца и роли своими.',
  replaceRole: 'Замените имя роли своим.',
  noPrimaryKey: (column) =>
    `У таблицы нет первичного ключа из одного столбца: вместо него запросы возвращают ${column}.`,
  partition:
    'Скопируйте строки в секции, затем постройте индекс сразу на всех, в отдельной сессии. Строк, записанных за это время, в копии нет; вычисляемые столбцы, внешние ключи, триггеры и права создайте сами:',
  build: 'Постройте индекс в отдельной сессии; запись он не блокирует:',
  query:
    'Задавайте параметр поиска внутри транзакции запроса. Он действует до `COMMIT`, поэтому это безопасно за пулером в режиме транзакций:',
  transactionCost: (statements, { ms, n, share, median }) =>
    `Команды вокруг запроса (${statements}) требуют по обмену с сервером каждая. Вместе они заняли здесь ${ms} ms (n = ${n}), ${formatPercent(share, 0)} от ${median} ms самого запроса (медиана). В задержки этого отчёта они не входят.`,
  asFunction:
    'Функции с этой настройкой хватает одного обмена, и за пулером она так же безопасна. Её запрос планируется при каждом вызове:',
  defaults:
    'Или задайте параметр один раз для роли, если всем её запросам нужно одно значение. Он подействует в новых сессиях:',
  check: 'Проверьте, что запросу служит индекс:',
};

const legend =
  '*мин., p5 полноты*: наименьшая полнота запроса и 5-й процентиль по запросам. *строки*: доля возвращённых строк от существующих. ' +
  '*план*: узел и индекс, которые обслужили запросы, и сколько раз план проверен.';

export const evidence: Sections['evidence'] = {
  heading: 'Основания',
  recommended: 'рекомендуется',
  intro: ({ timed, exactQueries, legend: explained }) =>
    `Измерено вперемежку: одни и те же запросы чередующимися блоками в одном серверном процессе${timed === null ? '' : `, измеренных обменов у каждого: ${formatCount(timed)}`}.${
      exactQueries === null
        ? ''
        : ` Точный перебор измерен отдельно, на ${count(exactQueries, 'запросе', 'запросах', 'запросах')}.`
    } Полнота засчитывает строки с равным расстоянием; интервалы 95-процентные. ${explained}`,
  usualChoices: 'Для сравнения, как выбирают обычно:',
  findsAll: (name, p50, n) => `${name}: находит всех соседей, p50 ${p50} (n = ${formatCount(n)}).`,
  usual: (what, { recall, p50, reaches, target }) =>
    `${what}: полнота ${recall}, p50 ${p50}; ${reaches ? 'цели достигает' : 'не показано, что достигает цели'} (${target}).`,
  legend,
  minRecall: 'мин., p5 полноты',
};

export const nearest: Sections['nearest'] = { heading: 'Ближайшие конфигурации', unmet: 'что не выполнено' };

export const subset: Sections['subset'] = {
  heading: 'Выбрано на подмножестве',
  intro: ({ rows, of, built }) =>
    `Метод, параметры построения и представление выбраны на случайном подмножестве: ${formatCount(rows)} из ${formatCount(of)} строк (\`rows_budget\`). По всем строкам построено только это: ${built.join(', ')}. Каждый показатель решения измерен на всех строках. Отвергнутые индексы сравнивались лишь на подмножестве: на всех строках какой-то из них может оказаться дешевле.`,
  setting: 'настройка',
  reachesAt: 'достигает полноты поиска при',
  notAt: (value) => `не при ${value}`,
  noValue: 'ни при каком значении',
  measured: 'измерено',
  extrapolated: 'экстраполировано',
  outro:
    'На подмножестве индекс строится так, как строился бы по всем строкам, в уменьшенном виде: граф с меньшими затратами, IVFFlat с меньшим числом списков. Полнота поиска — это цель с запасом на запросы, которые её показывают.',
};

export const tradeOffs: Sections['tradeOffs'] = {
  heading: 'Компромиссы',
  relaxed: 'Если ослабить одну границу:',
  waysOut: 'Что ещё можно сделать:',
  bounds: 'Границы',
  stranded: 'Запросы, которые ничего не находят',
  defaults: 'По умолчанию',
  growth: 'Рост',
  representation: (name, verdict) => `Представление ${name}: ${verdict}`,
  effort: 'Затраты на поиск решения',
  effortText: ({ wholeBuilds, subsetBuilds, subsetRows, points, buildSeconds }) =>
    `Индексов по всем строкам: ${wholeBuilds}${
      subsetRows === null
        ? ''
        : `; для отбора кандидатов на ${count(subsetRows, 'случайной строке', 'случайных строках', 'случайных строках')}: ${subsetBuilds}`
    }; ${pointCount(points)}; на построение ушло ${formatMs(1000 * buildSeconds)}.`,
  reuse: ({ points, runs, builds }) =>
    `Поиск направляли точки прежних запусков (${formatCount(points)}; ${runs.join(', ')})${
      builds > 0 ? `, и индексы на подмножествах строк не строились снова (${formatCount(builds)})` : ''
    }; рекомендация основана только на измерениях этого запуска.`,
  bound: 'граница',
  itWouldTake: 'понадобится',
  notBuilt: 'не построен',
};

export const recallEffort: Sections['recallEffort'] = {
  heading: 'Полнота и затраты',
  image: 'Полнота в зависимости от числа буферов на запрос',
  caption:
    'По кривой на индекс, подписаны значения его настройки; полоса — 95-процентный интервал полноты. Вертикальная ось логарифмическая по 1 − полнота. Стрелка ведёт от самой дешёвой настройки, достигающей цели в среднем, к рекомендации: это цена доверия.',
};

export const recallLatency: Sections['recallLatency'] = {
  heading: 'Полнота и задержка',
  image: 'Полнота в зависимости от медианы задержки',
  caption:
    'Яркие точки измерены вперемежку, с 95-процентными интервалами. Бледные измерены во время поиска, по одной. Треугольник отмечает полноту ниже оси.',
};

export const recallLevels: Sections['recallLevels'] = {
  heading: 'Задержка при заданной полноте',
  intro:
    'Для каждого индекса — настройки с наименьшей медианой задержки, полнота которых достигает уровня: медиана задержки в ms [95 %], полнота и настройки. ' +
    '*поиск*: измерено отдельно, не вперемежку с другими. –: ни одна измеренная настройка не достигает.',
  level: (recall) => `полнота ≥ ${recall}`,
  cell: (p50, recall, settings) => `${p50} при ${recall} (${settings})`,
};

export const alternatives: Sections['alternatives'] = {
  heading: 'Альтернативы',
  intro:
    'Фронт Парето по полноте, p95, размеру индекса и времени построения. Различия учитываются от 0.1 процентного пункта полноты, 3 % p95 или размера и 25 % времени построения. *вперемежку*: измерено рядом с другими. *поиск*: измерено по одной, на меньшем числе запросов.',
  everyNeighbour: 'все соседи',
};

export const rejected: Sections['rejected'] = { heading: 'Рассмотрено и отвергнуто' };

export const time: Sections['time'] = {
  heading: 'Время',
  spent: (given, spent, left) =>
    `Запуску было дано ${given}, он занял ${spent}.${left ? ' За большее время было бы измерено и то, что перечислено ниже.' : ' Из-за нехватки времени ничего не пропущено.'}`,
};

export const planner: Sections['planner'] = {
  heading: 'Когда планировщик не использует индекс',
  intro:
    'PostgreSQL использует индекс, только пока оценка его стоимости ниже, чем у чтения и сортировки всей таблицы. Оценки зависят от параметра поиска, LIMIT, доли строк, которую оставляет фильтр, и размера таблицы. ' +
    '*прогноз*: вычислен для каждого значения по формулам стоимости pgvector и PostgreSQL; *EXPLAIN*: что планирует сервер по обе стороны каждой смены. Меняется одна величина; других индексов планировщик не видит.',
  plannedFor: (what, { k, rows, heapPages, indexPages }) =>
    `${what}, LIMIT ${k}; планировщик исходит из ${count(rows, 'строки', 'строк', 'строк')}, страниц таблицы ${formatCount(heapPages)}, страниц индекса ${formatCount(indexPages)}:`,
  predicted: 'прогноз',
  changes: 'смена',
  notPredicted: 'не предсказывается',
  selectivity: 'строки, проходящие фильтр',
  here: (name, value) => `${name} (здесь ${value})`,
  plans: {
    index: 'индекс',
    sequential: 'последовательный',
    'parallel sequential': 'параллельный последовательный',
    other: 'другой',
  },
  downwards: (plan, value) => `${plan} от ${value} и ниже`,
  upwards: (plan, value) => `${plan} от ${value} и выше`,
  everywhere: (plan) => `${plan} везде`,
};
