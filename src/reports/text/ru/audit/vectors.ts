import type { TunedChoice, VectorFinding, VectorSample } from '../../../../audit/index.js';
import { describeChoice } from '../../../../indexes/index.js';
import type { OrderDefect } from '../../../../statements/index.js';
import { russian as figures } from '../../audit-figures.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { knownDefects } from '../known-defects.js';
import { calls as callsOf, count, date, either, list, times } from './words.js';

type Share = VectorSample['zero'];

export const vectorTexts: FindingCatalogue<VectorFinding> = {
  'operator-class-mismatch': {
    title: 'Поиск по расстоянию, для которого нет индекса',
    says: ({ query, column, operator, indexes, calls, meanMs }) =>
      `Поиск упорядочивает ${column} по ${operator}, но ${list(indexes.map(({ index, operators }) => `${index} построен для ${list(operators)}`))}: каждый из вызовов (${figures.count(calls)}, в среднем ${figures.ms(meanMs)}) читал все строки. Запрос: ${query}.`,
    effect: ({ operator, indexes }) =>
      `Индекс обслужит поиск: напишите в запросе ${either([...new Set(indexes.flatMap(({ operators }) => operators))])} или постройте индекс с классом операторов для ${operator}. Что верно, зависит от метрики модели.`,
    doubt: () => 'Возможно, нужен именно точный поиск, для сравнения. Статистика до изменения индекса тоже учтена.',
  },
  'unindexable-order': {
    title: 'Порядок, для которого не годится ни один векторный индекс',
    says: ({ query, column, defect, calls, meanMs }) =>
      `Поиск по ${column} ${ORDER[defect]}: индекс не используется (${callsOf(calls)}, в среднем ${figures.ms(meanMs)}). Запрос: ${query}.`,
    effect: ({ operator, defect }) => REWRITE[defect](operator),
    doubt: () => 'Возможно, нужен именно точный поиск.',
  },
  'truncated-vector-scans': {
    title: 'Поиск обрывается на ef_search',
    says: ({ index, scans, rowsPerScan, efSearch, since }) =>
      `${index} с ${date(since)} использован ${times(scans)} и возвращал в среднем ${figures.decimal(rowsPerScan, 1)} строк, то есть hnsw.ef_search (${efSearch}): запросам нужно было больше, потому что LIMIT больше или фильтр отбросил строки. В ответах может не хватать строк.`,
    effect: () =>
      'Поиск продолжается, пока не найдены LIMIT строк. pgvtune recall измерит, чего не хватало; pgvtune tune найдёт самую дешёвую настройку.',
    doubt: () =>
      'Если приложение само задаёт ef_search или iterative_scan, отсюда этого не видно; если LIMIT равен ef_search, всё на месте. Нужен pgvector 0.8.0.',
  },
  'low-recall': {
    title: 'Индекс теряет соседей',
    says: ({ index, recall, k, queries, medianMs, settings }) =>
      `Recall@${k} индекса ${index} — ${figures.recall(recall)}, запросов: ${figures.count(queries)}${settings.length === 0 ? '' : ` (${settings.join(', ')})`}${medianMs === null ? '' : `, медиана ${figures.ms(medianMs)}`}.`,
    effect: ({ method }) =>
      `${method === 'hnsw' ? 'Больший hnsw.ef_search' : 'Больше ivfflat.probes'} — больше найденных соседей и дольше поиск: pgvtune recall --sweep ${method === 'hnsw' ? 'hnsw.ef_search=20..400' : 'ivfflat.probes=1..50'} измерит несколько значений, а pgvtune tune найдёт самый дешёвый индекс, достигающий цели.`,
    doubt: () =>
      'Запросами были строки таблицы, каждая искала остальные; запросы пользователей могут быть легче или труднее. Поиск меньшего числа строк находит большую их часть.',
  },
  'untuned-vector-index': {
    title: 'Векторный индекс, который улучшит подбор',
    says: ({ index, why, existing, recommended, liveRecall, sample, isWholeTable, k, targetRecall, run }) =>
      [
        why === 'recall'
          ? `${index} не достигает recall@${k} ${figures.decimal(targetRecall, 2)}${existing === null ? `: на таблице — ${figures.recall(liveRecall!)}` : ''}.`
          : `${index} достигает recall@${k} ${figures.decimal(targetRecall, 2)}, но другой — за меньшее число страниц.`,
        `Измерено ${isWholeTable ? 'на всех строках' : `на случайной выборке строк: ${figures.count(sample.rows)}${sample.tableRows === null ? '' : ` из ${figures.count(sample.tableRows)}`}`}, сервер ${sample.server}, прогон ${run}:`,
        ...(existing === null ? [] : [`сейчас ${choiceFigures(existing)};`]),
        `предложено ${choiceFigures(recommended)}.`,
      ].join(' '),
    effect: ({ why, existing, recommended, isSameIndex }) =>
      why === 'pages'
        ? `Поиск прочитает страниц: ${figures.count(Math.round(recommended.pages.value))} вместо ${figures.count(Math.round(existing!.pages.value))}, при полноте ${figures.decimal(recommended.recall.value, 4)} вместо ${figures.decimal(existing!.recall.value, 4)}.`
        : `Полнота ${figures.decimal(recommended.recall.value, 4)}${existing === null ? '' : ` вместо ${figures.decimal(existing.recall.value, 4)}`}${isSameIndex ? ', одной настройкой' : ''}.`,
    doubt: ({ isWholeTable, isSameIndex, k }) =>
      [
        'Запросами были строки таблицы; запросы пользователей могут быть легче или труднее.',
        ...(isWholeTable
          ? []
          : [
              'Большему числу строк, чем в выборке, для той же полноты нужна большая настройка, и поиск читает больше страниц: измерьте на таблице (pgvtune recall --sweep) до и после.',
            ]),
        `Настройка действует на все индексы этого вида в базе${isSameIndex ? '' : ', а порядок и выражение в запросах должны остаться прежними'}; ограничить её можно через SET LOCAL или ALTER ROLE.`,
        `Измерено для LIMIT ${k}; поиск HNSW возвращает не больше строк, чем hnsw.ef_search.`,
      ].join(' '),
  },
  'ivfflat-bloat': {
    title: 'Раздутый индекс IVFFlat',
    says: ({ index, bytes, expectedBytes, ratio, rows, lists }) =>
      `${index} занимает ${figures.bytes(bytes)}; строкам (${figures.count(rows)}) в ${figures.count(lists)} списках нужно около ${figures.bytes(expectedBytes)}, в ${figures.decimal(ratio, 2)} раза меньше.`,
    effect: ({ bytes, expectedBytes }) =>
      `Освободится около ${figures.bytes(bytes - expectedBytes)}, проба прочитает меньше страниц, а центры будут центрами нынешних строк.`,
    doubt: () =>
      'Модель берёт число списков из параметров, которые ALTER INDEX мог изменить после построения, а число строк — из последнего ANALYZE или VACUUM.',
  },
  'hnsw-bloat': {
    title: 'Раздутый индекс HNSW',
    says: ({ index, bytes, pages, expectedPages, ratio, rows, m }) =>
      `В ${index} (${figures.bytes(bytes)}) ${figures.count(pages)} страниц; строкам (${figures.count(rows)}) при m = ${m} нужно ${figures.count(expectedPages)}: в ${figures.decimal(ratio, 2)} раза больше.`,
    effect: ({ bytes, ratio }) =>
      `Освободится около ${figures.bytes(bytes * (1 - 1 / ratio))}, в кэш войдёт большая часть индекса. После этого выполните VACUUM таблицы.`,
    doubt: () =>
      'Модель берёт m из параметров, которые ALTER INDEX мог изменить после построения, а число строк — из последнего ANALYZE или VACUUM. Равные векторы делят один элемент, так что при многих дублях раздутие больше.',
  },
  'pgvector-defect': {
    title: 'Версия pgvector с известной ошибкой',
    says: ({ version, defect, fixedIn }) => `pgvector ${version}: ${knownDefects[defect](fixedIn)}`,
    effect: ({ available, fixedIn }) =>
      available === null
        ? 'После обновления ошибки нет.'
        : `Ошибки нет. На сервере есть файлы ${available}${available.localeCompare(fixedIn, 'en', { numeric: true }) < 0 ? ', в которых она тоже есть: сначала обновите пакет' : ''}.`,
    doubt: () => 'Дистрибутивы иногда переносят исправление без смены версии.',
  },
  'pgvector-outdated': {
    title: 'pgvector старше своих файлов',
    says: ({ version, available }) => `В базе pgvector ${version}, на сервере файлы ${available}.`,
    effect: ({ available }) =>
      `Доступны функции и типы ${available}. Открытые сессии держат старую библиотеку до нового соединения.`,
    doubt: () => 'Посмотрите в списке изменений, не нужно ли перестроить индексы.',
  },
  'vector-without-dimensions': {
    title: 'Столбец векторов без размерности',
    says: ({ table, column, typeName }) =>
      `${table}.${column}: ${typeName} без размерности. Он принимает векторы любой длины, индекс на нём построить нельзя.`,
    effect: ({ table, column, typeName }) =>
      `С размерностью (ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${typeName}(n)) индекс построить можно. Это переписывает таблицу под ACCESS EXCLUSIVE.`,
    doubt: () =>
      'Столбец для векторов нескольких моделей так и задуман; индексируйте каждую длину выражением с приведением типа и условием.',
  },
  'btree-on-vector': {
    title: 'B-дерево по вектору',
    says: ({ index, scans }) =>
      `${index} (использован ${times(scans)}) — B-дерево: оно находит равные векторы, но не близкие, и не принимает векторы больше трети страницы.`,
    effect: () => 'Запись обновляет на один индекс меньше.',
    doubt: ({ unique }) =>
      unique
        ? 'Он обеспечивает уникальность векторов. Уникальный индекс по хешу вектора делает то же без предела.'
        : 'Он может служить запросам на равенство векторов.',
  },
  'ivfflat-lists': {
    title: 'Число списков IVFFlat не подходит к числу строк',
    says: ({ index, rows, lists, advised }) =>
      `В ${index} ${figures.count(lists)} списков на ${figures.count(rows)} строк; README pgvector советует начать с ${figures.count(advised)} (строки / 1000 до миллиона, √строк дальше).`,
    effect: () =>
      'Каждая проба читает список разумной длины, центры соответствуют сегодняшним строкам. Задайте заново ivfflat.probes.',
    doubt: () => 'Совет — лишь начало. pgvtune tune измерит, какие lists и probes дешевле для ваших векторов.',
  },
  'ivfflat-probes': {
    title: 'Поиск IVFFlat смотрит в один список',
    says: ({ indexes, lists, probes }) =>
      `Ни роль, ни база, ни сервер не задают ivfflat.probes, поэтому поиск по ${list(indexes)} смотрит в 1 список из ${figures.count(lists)}. Начните с √lists = ${probes}.`,
    effect: () => 'Полнота вырастет, поиск будет читать больше. pgvtune recall --sweep покажет и то, и другое.',
    doubt: () => 'Приложение может задавать его само, в сессии или транзакции.',
  },
  'vector-index-exceeds-cache': {
    title: 'Векторный индекс больше кэша',
    says: ({ index, bytes, sharedBuffersBytes, cacheBytes }) =>
      `${index} занимает ${figures.bytes(bytes)}; shared_buffers ${figures.bytes(sharedBuffersBytes)}, effective_cache_size ${figures.bytes(cacheBytes)}. Поиск читает страницы по всему индексу.`,
    effect: () =>
      'halfvec уменьшит индекс вдвое, двоичное квантование — в 30 раз (с уточнением); pgvtune plan предскажет оба размера.',
    doubt: () =>
      'Если поиск остаётся в одной части индекса или диск быстрый, этого может хватать: pgvtune recall измерит.',
  },
  'too-many-dimensions': {
    title: 'Размерность больше, чем принимает индекс',
    says: ({ table, column, typeName, dimensions, limit }) =>
      `Размерность ${table}.${column} — ${figures.count(dimensions)}; индекс по ${typeName} принимает ${figures.count(limit)}, индекса по выражению нет.`,
    effect: ({ dimensions }) =>
      dimensions <= 4000
        ? 'Индекс по столбцу, приведённому к halfvec, принимает до 4000.'
        : 'Индекс по binary_quantize(…) с уточнением принимает до 64 000; другой путь — первые измерения (subvector).',
    doubt: () => 'Если фильтр сначала оставляет мало строк, точному поиску индекс не нужен.',
  },
  'vectors-without-index': {
    title: 'Много векторов без индекса',
    says: ({ table, column, rows, type }) =>
      `В ${table}.${column} (${type}) ${figures.count(rows)} строк и нет индекса для поиска ближайших: каждый поиск читает все.`,
    effect: () => 'pgvtune tune найдёт на выборке из этой таблицы самый дешёвый индекс с нужной полнотой.',
    doubt: () => 'Если по столбцу не ищут или фильтр оставляет мало строк, индекс не нужен.',
  },
  'hnsw-build-spills': {
    title: 'Перестроение HNSW не поместится в память',
    says: ({ index, rows, rowsInMemory, maintenanceWorkMemBytes, neededBytes }) =>
      `Построению ${index} (строк: ${figures.count(rows)}) нужно ${figures.bytes(neededBytes)}; maintenance_work_mem — ${figures.bytes(maintenanceWorkMemBytes)}, в нём поместятся первые ${figures.count(rowsInMemory)} строк. Остальные вставляются на диске, в несколько раз медленнее.`,
    effect: () => 'Увеличьте его в сессии, которая строит (SET maintenance_work_mem), а не на сервере.',
    doubt: () => 'Это важно, только когда индекс перестраивают.',
  },
  'hnsw-beside-ivfflat': {
    title: 'HNSW и IVFFlat на одном столбце',
    says: (data) =>
      `${data.hnsw} (HNSW, ${figures.bytes(data.hnswBytes)}, использован ${times(data.hnswScans)}) и ${data.ivfflat} (IVFFlat, ${figures.bytes(data.ivfflatBytes)}, использован ${times(data.ivfflatScans)}) служат одним запросам. Планировщик берёт тот, чья оценка ниже, а о полноте она не говорит.`,
    effect: () => 'Измерьте оба (pgvtune recall), оставьте один.',
    doubt: () => 'Возможно, один как раз заменяет другой.',
  },
  'hnsw-page-waste': {
    title: 'Элементы HNSW оставляют страницы пустыми',
    says: ({ index, m, elementsPerPage, waste, bytes }) =>
      `В ${index} (${figures.bytes(bytes)}, m = ${m}) на странице ${elementsPerPage < 1 ? elementsPerPage : count(elementsPerPage, 'элемент', 'элемента', 'элементов')}, ${figures.percent(waste, 0)} её пусты: следующий не помещается.`,
    effect: ({ typeName }) =>
      typeName === 'vector'
        ? 'В индексе по столбцу, приведённому к halfvec, на странице их по меньшей мере вдвое больше. pgvtune plan показывает ступени.'
        : 'Другое m может подойти лучше: pgvtune plan показывает ступени.',
    doubt: () => 'Так индекс устроен: перестроение ничего не изменит.',
  },
  'zero-vectors': {
    title: 'Векторы нулевой длины',
    says: ({ table, column, share, rows: number, indexes }) =>
      `Около ${figures.percent(share.value)} векторов ${table}.${column} (строк: ${figures.count(Math.ceil(number))}) имеют длину 0. ${
        indexes.length === 0
          ? 'Косинусное расстояние до них — NaN, и индекс по нему их пропускает.'
          : `У них нет направления, и в ${list(indexes)} их нет: поиск по косинусному расстоянию через индекс не вернёт этих строк никогда.`
      }`,
    effect: () =>
      'Чаще всего это неудавшиеся эмбеддинги или эмбеддинги пустого текста. Вычислите их заново или пока запишите NULL.',
    doubt: ({ sampled, isWhole, share }) => sampleOf(sampled, isWhole, share),
  },
  'unnormalized-inner-product': {
    title: 'Скалярное произведение векторов разной длины',
    says: ({ index, table, column, share, least, greatest }) =>
      `${index} упорядочивает по скалярному произведению (<#>), а длина ${figures.percent(share.value)} векторов ${table}.${column} — не 1 (от ${significant(least)} до ${significant(greatest)}): длинные векторы идут раньше близких.`,
    effect: () =>
      'Порядок станет порядком углов: с индексом по косинусному расстоянию и поиском через <=> или с векторами, которые приложение делит на их длину (l2_normalize). Меняйте запросы вместе с индексом.',
    doubt: ({ sampled, isWhole, share }) =>
      `Если длина должна учитываться (наибольшее скалярное произведение, как в рекомендациях), индекс верен. ${sampleOf(sampled, isWhole, share)}`,
  },
  'duplicate-vectors': {
    title: 'Строки с одинаковым вектором',
    says: ({ table, column, sampled, isWhole, rows: number, rowsPerVector, mostFrequent, heapTids, graphs }) =>
      [
        `Тот же ${column}, что у строки ${table}, имеют в среднем ещё ${interval(rowsPerVector, -1)} строк из ${figures.count(Math.round(number))}; у самого частого вектора — ${figures.count(mostFrequent)} строк из ${figures.count(sampled)} ${isWhole ? 'во всей таблице' : 'в выборке'}.`,
        ...(graphs.length === 0
          ? []
          : [
              `Элемент графа HNSW вмещает ${heapTids} строк, поэтому копии занимают несколько элементов ${list(graphs)}, все на одном расстоянии: поиск, который их встретит, заполнит ими ef_search.`,
            ]),
      ].join(' '),
    effect: () =>
      'Храните каждый вектор один раз, в своей таблице, на которую ссылаются строки, или не вычисляйте эмбеддинги повторяющегося текста (шапки, подвалы): ближайшими станут разные строки, а индекс — меньше.',
    doubt: ({ sampled, isWhole }) =>
      `Строкам разных арендаторов или версий может быть нужен один вектор; векторы, различные в последних битах, не учтены. ${isWhole ? `Прочитаны все строки (${figures.count(sampled)}).` : `Оценка по случайной выборке строк: ${figures.count(sampled)}.`}`,
  },
  'null-vectors': {
    title: 'Строки без вектора',
    says: ({ table, column, nullFraction, rows }) =>
      `У ${figures.percent(nullFraction)} строк ${table} (около ${figures.count(rows)}) нет ${column}: поиск ближайших их не находит.`,
    effect: () => 'Вычислите недостающие векторы.',
    doubt: () => 'Строки, которые ждут своего вектора или не должны находиться, так и задуманы.',
  },
  'foreign-access-method': {
    title: 'Метод доступа другого расширения',
    says: ({ index, method, extension }) =>
      `Метод ${method} индекса ${index} принадлежит ${extension === null ? 'не расширению' : `расширению ${extension}`}, а не pgvector. Проверки индексов pgvector (страницы, списки, ошибки версий) к нему не применялись.`,
    effect: () => 'Никакого: это сказано, чтобы молчание не приняли за здоровье.',
    doubt: () => 'У ответвлений pgvector те же имена и часто те же форматы.',
  },
};

/** What a share rests on. */
const sampleOf = (sampled: number, isWhole: boolean, { value, low, high }: Share): string =>
  isWhole
    ? `Прочитаны все строки (${figures.count(sampled)}).`
    : `Оценка по случайной выборке строк (${figures.count(sampled)}): ${figures.percent(value)} [${figures.percent(low)}; ${figures.percent(high)}].`;

/** A number with its interval, moved by some; one that is exact has none. */
const interval = ({ value, low, high }: Share, by: number): string =>
  low === high ? few(value + by) : `${few(value + by)} [${few(low + by)}; ${few(high + by)}]`;

const few = (number: number): string => (number < 10 ? figures.decimal(number, 1) : figures.count(number));

const significant = (value: number): string => value.toPrecision(3).replace('.', ',');

const ORDER: Readonly<Record<OrderDefect, string>> = {
  descending: 'упорядочивает по убыванию расстояния',
  expression: 'упорядочивает по выражению от расстояния, а не по самому расстоянию',
  'further-key': 'упорядочивает по расстоянию и ещё по одному ключу',
  'no-limit': 'не имеет LIMIT',
};

const REWRITE: Readonly<Record<OrderDefect, (operator: string) => string>> = {
  descending: (operator) => `Упорядочьте по возрастанию расстояния (столбец ${operator} $1): ближайший — с наименьшим.`,
  expression: (operator) =>
    `Упорядочьте по самому расстоянию (столбец ${operator} $1) с LIMIT, а оценку (1 - расстояние) вычислите в списке вывода.`,
  'further-key': (operator) =>
    `Возьмите ближайшие в подзапросе (ORDER BY столбец ${operator} $1 LIMIT k), а по остальным ключам упорядочьте снаружи.`,
  'no-limit': () => 'Добавьте LIMIT: без него нужны все строки, и индекс не поможет.',
};

/** `hnsw m=16 ef_construction=64, ef_search=40: полнота 0,9640 [0,9546; 0,9730], p95 0,81 ms, страниц на поиск: 310, 12 MB` */
function choiceFigures({ settings, recall, pages, p95Ms, bytes, ...spec }: TunedChoice): string {
  const time = p95Ms === null ? '' : `, p95 ${figures.ms(p95Ms)}`;
  return `${describeChoice({ spec, settings })}: полнота ${figures.recall(recall)}${time}, страниц на поиск: ${figures.count(Math.round(pages.value))}, ${figures.bytes(bytes)}`;
}
