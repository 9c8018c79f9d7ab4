import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { RunTexts } from '../../run-texts.js';
import { count } from '../plural.js';

/*
 * The reports of capacity and churn. What the functions are given is Markdown, or plain text where no Markdown can be in it.
 */

type Sections = RunTexts['sections'];

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

const figures: Sections['capacity']['figures'] = {
  indexBytes: () => 'размер индекса',
  buildSeconds: () => 'время построения',
  knob: (knob) => `${knob} для полноты`,
  buffers: () => 'буферы на запрос',
  p50Ms: () => 'p50',
  p95Ms: () => 'p95',
};

/** What a limit is, and what to do beyond it. */
const limits: Sections['capacity']['limits'] = {
  memory: (bound) => ({
    why: `индекс перестаёт помещаться в память, доступную для кэша данных (${formatBytes(bound)})`,
    remedy:
      'Тогда каждый запрос читает страницы с диска. Добавьте память или храните меньше от каждого вектора (`halfvec`, `bit` с переранжированием); когда одной машины мало, разделите строки по секциям на нескольких серверах.',
  }),
  index_size: (bound) => ({
    why: `индекс становится больше допустимых ${formatBytes(bound)}`,
    remedy: 'Храните меньше от каждого вектора или увеличьте `index_size`.',
  }),
  p95: (bound) => ({
    why: `p95 становится больше допустимых ${formatMs(bound)}`,
    remedy:
      'Секционируйте таблицу по столбцу, который называют запросы, снизьте целевую полноту или возьмите более быстрые ядра.',
  }),
  build_time: (bound) => ({
    why: `построение занимает больше допустимых ${formatMs(1000 * bound)}`,
    remedy: 'Стройте большим числом процессов (`max_parallel_maintenance_workers`) или по секциям.',
  }),
  build_memory: (bound) => ({
    why: `построение перестаёт помещаться в \`maintenance_work_mem\` = ${formatBytes(bound)}`,
    remedy:
      'Увеличьте `maintenance_work_mem` на время построения (насколько, вычислит `pgvtune plan`) или храните меньше от каждого вектора: без этого построение занимает в несколько раз больше времени.',
  }),
  knob: (bound, knob) => ({
    why: `для полноты нужен ${knob} больше ${formatCount(bound)}, а сервер больше не допускает`,
    remedy: 'Стройте с большими m и ef_construction или секционируйте таблицу.',
  }),
  peak: (bound) => ({
    why: `один сервер перестаёт выдерживать ${decimals(bound)} запросов в секунду`,
    remedy: 'Добавьте реплики для чтения: каждая выдержит ещё столько же.',
  }),
};

export const capacity: Sections['capacity'] = {
  title: (dataset) => `План мощности: ${dataset}`,
  figures,
  limits,
  decision: 'Решение',
  suffices: (rows) =>
    `Этого сервера хватает для такого числа строк: ${rows}; ни один из проверенных пределов не достигнут.`,
  doesNotSuffice: (present, from, why) =>
    `Этого сервера не хватает уже для нынешнего числа строк (${present}): начиная с ${from} строк ${why}.`,
  sufficesUpTo: (rows, why) => `Этого сервера хватает примерно до ${rows} строк; дальше ${why}.`,
  next: (rows, why) => `Следующий предел — около ${rows} строк: ${why}.`,
  generated: '> Векторы сгенерированы: настоящие данные могут расти иначе.',
  embedded:
    '> Времена относятся к встроенному серверу (WebAssembly): размеры и буферы верны и в других местах, времена — нет.',
  restsOn: ({ spec, recall, sizes, rows }) =>
    `Для ${spec} при полноте ≥ ${recall}; измерено размеров: ${sizes}, до ${formatCount(rows)} строк. Всё дальше экстраполировано, с 90-процентными интервалами прогноза.`,
  measured: 'Измерено',
  extrapolated: 'Экстраполировано',
  outgrowsMemory: 'не помещается в память',
  lowest: (rows, knob) =>
    `До ${count(rows, 'строки', 'строк', 'строк')} полноту превышает уже наименьший ${knob}, который возвращает k строк. Такие размеры не показывают, чего стоит полнота на большем числе строк, поэтому вместе подгоняются лишь размеры одного рода.`,
  image: 'Размер, время построения, задержка и работа в зависимости от числа строк',
  withReads: 'p50 с чтением',
  withReadsLegend:
    '_p50 с чтением_: страницы запроса, которые больше не помещаются в память, читаются с той скоростью, что измерена при холодном кэше.',
  test: 'Проверка прогноза',
  noTest:
    'Не выполнена, потому что не измерен ни один размер в четверть строк или меньше. Показатели за пределами данных опираются только на законы.',
  tested: ({ fromRows, rows, covered, of }) =>
    `Подогнанные по ${count(fromRows, 'строке', 'строкам', 'строкам')} и меньшему их числу, законы предсказывают показатели для ${count(rows, 'строки', 'строк', 'строк')}, которые тоже измерены. В своём 90-процентном интервале прогноза: ${covered} из ${count(of, 'измеренного значения', 'измеренных значений', 'измеренных значений')}.`,
  figure: 'показатель',
  predicted: 'прогноз',
  measuredColumn: 'измерено',
  error: 'ошибка',
  within: 'в интервале',
  yes: 'да',
  no: 'нет',
  outside: 'вне своего 90-процентного интервала',
  memory: 'Память',
  unknownMemory: 'Память сервера неизвестна: задайте её (`--ram`), чтобы увидеть, сколько строк поместится.',
  fits: (bytes, sharedBuffersBytes) =>
    `Для кэша данных доступно около ${formatBytes(bytes)} памяти${sharedBuffersBytes === null ? '' : ` (shared_buffers ${formatBytes(sharedBuffersBytes)})`}. Индекс помещается в неё при числе строк до:`,
  representation: 'представление',
  lossless: 'Сколько полноты теряют `halfvec` и `bit`, зависит от векторов: это измеряет `pgvtune tune`.',
  throughput: 'Пропускная способность',
  highestRate: (rate, perCore) =>
    `Наибольшая частота в замкнутом цикле на всех строках: ${formatCount(rate)} запросов в секунду${perCore === null ? '' : `, ${formatCount(perCore)} на ядро`}.`,
  scalability: ({ lambda, sigma, kappa, peakClients }) =>
    `Универсальный закон масштабируемости: λ = ${lambda} запросов в секунду, σ = ${sigma} (соперничество), κ = ${kappa} (согласование); ${peakClients === null ? 'частота растёт к пределу' : `частота наибольшая, когда клиентов ${formatCount(peakClients)}`}. Клиенты на той же машине забирают часть её мощности.`,
  cost: 'Стоимость',
  costIntro: (rows) =>
    `Для ${count(rows, 'строки', 'строк', 'строк')} при заданной пиковой нагрузке, каждый сервер на 70 % своей наибольшей частоты:`,
  machine: 'машина',
  servers: 'серверы',
  indexFits: 'индекс помещается в память',
  rateEach: 'запросов в секунду на каждый',
  perMonth: 'в месяц',
  perMillion: 'на миллион запросов в пике',
  method: 'Метод',
  methods: [
    'Размеры — вложенные случайные подмножества строк; у каждого свой индекс и свои точные соседи. Каждый показатель взят при том значении настройки, которое даёт там полноту.',
    'Законы: размер индекса следует модели его страниц, время построения — N log N × N^b, остальное — N^b (времена сверх обмена с сервером). У b есть априорное распределение из исходного кода pgvector и опубликованных измерений, поэтому хватает немногих размеров.',
  ],
  powers: (laws) =>
    `Найденные степени: ${laws.map(({ figure, power, sd, sizes }) => `${figure} ${power} ± ${sd} (${count(sizes, 'размер', 'размера', 'размеров')})`).join('; ')}.`,
  assumptions: [
    'Построение, которое не помещается в `maintenance_work_mem`, следует другому закону; он не экстраполируется.',
    'Предполагается, что распределение данных не меняется: строки иного рода меняют полноту и стоимость.',
  ],
  chart: 'Рост: измеренные размеры, законы и 90-процентные интервалы прогноза',
  panels: {
    indexBytes: 'размер индекса, GB',
    buildSeconds: 'время построения, s',
    buffers: 'буферы на запрос',
    p50Ms: 'p50 задержки, ms',
  },
};

export const maintenance: Sections['maintenance'] = {
  title: (dataset) => `Обслуживание: ${dataset}`,
  schedule: 'Расписание',
  measured: 'Измерено',
  reading: 'Как это читать',
  restsOn: ({ what, k, rows, mix }) =>
    `${what}, k = ${k}, вначале ${count(rows, 'строка', 'строки', 'строк')}; ${mix}. Каждая строка ниже — одно состояние одной и той же таблицы.`,
  serverSettings: 'настройки поиска сервера',
  mix: ({ rounds, turnover }, shares) =>
    `${count(rounds, 'раунд', 'раунда', 'раундов')} по ${formatPercent(turnover, 0)} строк (${shares.map(({ kind, share }) => `${KINDS[kind]} ${formatPercent(share, 0)}`).join(', ')})`,
  worn: ({ recall, buffers, indexBytes }) =>
    `_Износ_ — это полнота ниже на ${recall}, или на ${formatPercent(buffers, 0)} больше страниц на запрос, или индекс больше на ${formatPercent(indexBytes, 0)}. Обслуживание пора выполнять, когда оно возвращает больше этого, по прямой от отсутствия изменений до всех выполненных.`,
  notes: [
    'Каждое состояние отвечает на одни и те же запросы набора данных; полнота — относительно точного перебора имеющихся строк. Интервалы 95-процентные.',
    'На время измерения автоочистка выключена, чтобы каждое состояние было следствием одних лишь изменений.',
    'VACUUM удаляет из индекса мёртвые записи и восстанавливает граф вокруг них; REINDEX строит его заново из имеющихся строк.',
  ],
  vacuumTook: (seconds, deadRows) =>
    `занял ${seconds} при ${count(deadRows, 'мёртвой строке', 'мёртвых строках', 'мёртвых строках')}`,
  vacuumNotDue: (changed, took) =>
    `После изменения ${changed} строк VACUUM не дал поиску измеримой пользы (${took}): порогов автоочистки по умолчанию хватает.`,
  vacuumDue: (changes, took, gains) => `Выполняйте VACUUM после ${changes}. Здесь он ${took} и вернул: ${gains}.`,
  reindexTook: (seconds) => `оно заняло ${seconds}`,
  reindexNotDue: (changed, took) =>
    `После изменения ${changed} строк перестроение индекса дало меньше пределов, указанных ниже (${took}): ему ещё не время.`,
  reindexDue: (changes, took, gains) => `Перестраивайте индекс после ${changes}. Здесь ${took} и вернуло: ${gains}.`,
  changes: (rows, share) =>
    `примерно ${count(rows, 'изменённой строки', 'изменённых строк', 'изменённых строк')} (${share} таблицы)`,
  gain: {
    recall: (after, before) => `полнота с ${after.toFixed(4)} до ${before.toFixed(4)}`,
    buffers: (after, before) => `страниц на запрос с ${formatCount(after)} до ${formatCount(before)}`,
    indexBytes: (after, before) => `индекс с ${formatBytes(after)} до ${formatBytes(before)}`,
  },
  generated: '> Векторы сгенерированы: с настоящими ухудшение может идти иначе.',
  embedded:
    '> Времена относятся к встроенному серверу (WebAssembly): полнота, страницы и размеры верны и в других местах, времена — нет.',
  unseen: (states, of) =>
    `> В ${formatCount(states)} из ${count(of, 'состояния', 'состояний', 'состояний')} планировщик не использовал индекс или показатели недействительны: их нет.`,
  drifting: '> Новые векторы удалялись от исходных, как при изменении содержания.',
  after: 'после',
  changed: 'изменено',
  deadRows: 'мёртвые строки',
  recall: 'полнота',
  pages: 'страниц на запрос',
  table: 'таблица',
  build: (seconds) => `построение (${seconds})`,
  changesMade: ({ inserted, updated, deleted }, seconds) =>
    `вставок ${formatCount(inserted)}, обновлений ${formatCount(updated)}, удалений ${formatCount(deleted)} (${seconds})`,
  wrote: (rate, asked) =>
    `В одном соединении выполнялось ${count(Math.round(rate), 'изменение', 'изменения', 'изменений')} в секунду${asked === null ? '' : ` (задано ${formatCount(asked)})`}`,
  beside: (wrote, p50, worstP95) =>
    `${wrote}; у одновременного поиска p50 по раундам ${p50.join(', ')} ms, p95 в самом медленном ${worstP95} ms.`,
};

const KINDS = { insert: 'вставки', update: 'обновления', delete: 'удаления' } as const;
