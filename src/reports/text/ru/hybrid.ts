import { formatCount, formatMs, formatPercent } from '../../../units.js';
import { textLeg } from '../../../workloads/index.js';
import { textOf } from '../catalogue.js';
import type { RunTexts } from '../run-texts.js';
import type { JudgedDecision } from '../shown-hybrid-decision.js';
import { count, partOf } from './plural.js';
import { reasons } from './reasons.js';
import { rankings, unmet } from './target.js';

type HybridTexts = RunTexts['hybrid'];

/** What people call the strategies. */
const strategies: HybridTexts['strategies'] = {
  'vector-only': 'только вектор',
  'text-only': 'только текст',
  rrf: 'слияние по обратным рангам (RRF)',
  'normalised-sum': 'взвешенная сумма нормированных оценок',
  'weighted-sum': 'взвешенная сумма по кандидатам обеих ветвей',
  'vector-then-text': 'векторная ветвь, переранжирование по тексту',
  'text-filter': 'совпадение текста как фильтр при поиске по векторному индексу',
  'match-then-sort': 'все совпадения текста, сортировка по расстоянию',
  'mixed-order': 'ORDER BY по смешанному выражению',
};

/** What people call the ways to search text. */
const textLegTitles: HybridTexts['textLegTitles'] = {
  tsvector: 'полнотекстовый поиск',
  trigram: 'сходство триграмм (GiST)',
  'trigram-match': 'сходство триграмм выше порога (GIN)',
  bm25: 'BM25 (pg_textsearch)',
};

/** What the settings of a statement mean, by name; those of an index are pgvector's. */
const settings: HybridTexts['settings'] = {
  vector_depth: 'число кандидатов векторной ветви',
  text_depth: 'число кандидатов текстовой ветви',
  vector_weight: 'вес векторной ветви; вес текстовой — 1 минус он',
  rrf_k: 'константа слияния по обратным рангам: чем она больше, тем меньше лишнего веса у первых мест ветви',
  normalisation:
    'как оценки делаются сравнимыми: растяжением между лучшей и худшей оценкой ветви или z-оценками внутри ветви',
  match: 'может ли вернуться строка, текст которой не совпадает (её текстовый ранг 0)',
  text_match:
    'какие строки совпадают: все слова (plainto_tsquery), слова как в веб-поиске (websearch_to_tsquery), любое слово или любое из самых редких слов',
  text_bound:
    'при text_match rare: взятые слова совпадают не больше чем со столькими строками; самое редкое слово берётся всегда',
  text_rank: 'ts_rank считает найденные слова, ts_rank_cd — насколько они близки; какие из них редкие, не знают оба',
  text_normalization:
    'сумма флагов: делить ранг на 1 + log(длины) (1), длину (2), расстояние между вхождениями (4), число разных слов (8), 1 + log(числа разных слов) (16), себя + 1 (32)',
  text_similarity: 'с чем сравнивается запрос: со всем текстом или с самой похожей на запрос его частью',
  rerank_depth:
    'сколько строк берётся из квантованного индекса и переранжируется по хранимым векторам; HNSW возвращает не больше ef_search',
};

/** Why a strategy is not an answer for hybrid queries. */
const obstacles: HybridTexts['obstacles'] = {
  'ordered-text-index': ({ method }) =>
    `Индекс (${textLegTitles[textLeg(method).name]}) возвращает строки в своём порядке и не может вернуть все совпадения.`,
  'no-query-matches': () => 'Ни один запрос не совпадает ни с одной строкой.',
  'not-measured': () => 'Измерить не удалось.',
  'vector-index-unused': () => 'Каждый запрос начинался с фильтра; векторный индекс не использован.',
  'rows-missed': ({ share, medianMs }) =>
    `Возвращает в лучшем случае ${formatPercent(share, 1)} строк точного слияния за ${formatMs(medianMs)}.`,
  'bounds-unmet': ({ unmet: missed }) =>
    `Полноты достаточно, но ${missed.map((fact) => textOf(unmet, fact)).join('; ')}.`,
  'rows-not-shown': ({ share, queries, needs }) =>
    `Возвращает ${formatPercent(share, 1)} строк точного слияния, но запросы (${formatCount(queries)}) не показывают, что полнота достигнута; около ${formatCount(needs)} показали бы.`,
  ...reasons,
};

/** What a reader must know of queries, texts and judgements. */
const remarks: HybridTexts['remarks'] = {
  'queries-without-text': ({ queries }) => `Исключены запросы без текста: ${formatCount(queries)}.`,
  'queries-without-filter': ({ queries, of }) =>
    `Исключены запросы, которые нельзя задать с фильтром, потому что их значения нет ни в одной строке: ${partOf(queries, of)}.`,
  'unknown-judgements': ({ judgements, first = [] }) => {
    const named = first.map(({ query, row }) => `строка ${row} для запроса ${query}`).join(', ');
    const which = named === '' ? '' : ` (${named}${judgements > first.length ? ', …' : ''})`;
    return `Оценок релевантности, которые называют запросы или строки не из набора данных: ${formatCount(judgements)}${which}.`;
  },
  'queries-without-relevant-row': ({ queries, of }) =>
    `Без релевантной строки и поэтому вне показателей качества: ${partOf(queries, of)}.`,
  'recall-of-these-queries': ({ queries, needs }) =>
    `Полнота относится только к этим запросам (${formatCount(queries)}). Для других таких же её показали бы около ${count(needs, 'запроса', 'запросов', 'запросов')}: дайте больше запросов с текстом. Оценки релевантности для них не нужны.`,
  'other-language': ({ language, texts, script }) =>
    `Поиск идёт с конфигурацией ${language}, а текст, похоже, ${texts === null ? `записан письмом ${script}` : `на языке ${texts}`}: слова не приводятся к основам, стоп-слова не убираются. Задайте language гибридной нагрузки${texts === null ? '' : ` (${texts})`}.`,
  'words-without-spaces': ({ script }) =>
    `Текст записан письмом ${script}, без пробелов между словами: парсер PostgreSQL считает цепочку букв одним словом, и полнотекстовый поиск почти ничего не находит. Ищите по триграммам или расширением, которое знает этот язык.`,
};

/** Why the recommendation for hybrid queries. */
const decisions: HybridTexts['decisions'] = {
  'nothing-reaches': () => 'Ни для одной стратегии не показано, что она возвращает строки своего точного слияния.',
  'not-judged': ({ rankedBy, p50, quicker }) =>
    `Оценок релевантности нет, поэтому неизвестно, какое слияние отвечает лучше. Это первая из названных стратегий, которая возвращает строки своих точных ветвей (p50 ${p50})${
      quicker.length > 0 ? `; ${rankings[rankedBy]} меньше, но ответы другие: ${quicker.join('; ')}` : ''
    }.`,
  'one-leg': (decision) => {
    const { best, highest, judged } = decision;
    return [
      highest === null
        ? `Ни для одного слияния не показано, что оно лучше одной ветви: nDCG ${best.ndcg} — самый высокий из измеренных, ${judgedText(judged)} (p50 ${best.p50}).`
        : `Не показано, что слияние лучше одной ветви: nDCG ${best.ndcg} против ${highest.ndcg} у «${highest.name}», разница ${highest.difference}, ${judgedText(judged)} (p50 ${best.p50} против ${highest.p50}).`,
      ...afterwards(decision),
    ].join(' ');
  },
  fusion: (decision) => {
    const { rankedBy, best, highest, judged, legs } = decision;
    return [
      highest === null
        ? `У неё самый высокий измеренный nDCG (${best.ndcg}, ${judgedText(judged)}), и для каждой стратегии, у которой ${rankings[rankedBy]} меньше, показано, что она хуже (p50 ${best.p50}).`
        : `Из тех, о которых не показано, что они хуже другой, у неё наименьший показатель «${rankings[rankedBy]}»: nDCG ${best.ndcg} против ${highest.ndcg} у «${highest.name}», разница ${highest.difference}, ${judgedText(judged)} (p50 ${best.p50} против ${highest.p50}).`,
      ...(legs.length > 0
        ? [`Показано, что одна ветвь хуже: ${legs.map(({ name, difference }) => `${name} ${difference}`).join('; ')}.`]
        : []),
      ...afterwards(decision),
    ].join(' ');
  },
};

const judgedText = (queries: number): string =>
  `по ${count(queries, 'оценённому запросу', 'оценённым запросам', 'оценённым запросам')}`;

function afterwards({ notShownToKeep, betterUnmeasured }: JudgedDecision): readonly string[] {
  return [
    ...(notShownToKeep
      ? [
          `Не показано, что сохраняется ${notShownToKeep.share} самого высокого; около ${formatCount(notShownToKeep.queriesNeeded)} оценённых запросов показали бы.`,
        ]
      : []),
    ...betterUnmeasured.map(
      ({ name, ndcg, ofBest, why }) =>
        `По точным ответам лучше, но не измерено рядом с остальными: ${name} (nDCG ${ndcg} против ${ofBest}). ${why === '' ? 'Это намного медленнее остальных.' : why.replace(/\.?$/, '.')}`,
    ),
  ];
}

/** A leg that a fusion leaves no room for, and answers that are those of a leg alone. */
const degenerate: HybridTexts['degenerate'] = {
  textShutOut: (name) =>
    `«${name}» при этих настройках не может добавить строку из-за её текста: меняется лишь порядок первых строк векторной ветви.`,
  sameRows: (name, leg, queries, of) =>
    `«${name}» возвращает те же строки, что ${leg}, для ${partOf(queries, of)}; различается только порядок.`,
};

/** Whether BM25 is worth an extension. */
const bm25: HybridTexts['bm25'] = {
  better: ({ ndcg, ofRank, difference }) =>
    `BM25 ранжировал бы текст лучше: nDCG ${ndcg} против ${ofRank} у текста без вектора (разница ${difference}). Ранги самого PostgreSQL не знают, какие слова редкие; расширения с BM25 — pg_textsearch, VectorChord-bm25 и pg_search.`,
  worse: ({ ndcg, ofRank, difference }) =>
    `BM25 ранжировал бы текст хуже: nDCG ${ndcg} против ${ofRank} у текста без вектора (разница ${difference}).`,
  'no difference': ({ ndcg, ofRank, difference }) =>
    `Не показано, что BM25 ранжирует текст лучше или хуже: nDCG ${ndcg} против ${ofRank} у текста без вектора (разница ${difference}).`,
};

/** How much of the table the text finds. */
const textLegs: HybridTexts['textLegs'] = {
  matches: (name, { median, mean, max, without, queries }) =>
    `${name}: текст запроса совпадает в медиане с ${median} строк (в среднем ${mean}, не больше ${max}); ${
      without === 0
        ? 'каждый запрос совпадает хотя бы с одной строкой.'
        : `не совпадают ни с одной строкой и получают только строки векторной ветви: ${partOf(without, queries)} (${formatPercent(without / queries)}).`
    }`,
  frequent: (queries, of, words) =>
    `Со словом, которое есть не меньше чем в половине строк: ${partOf(queries, of)} (${words.map(({ word, share }) => `«${word}» ${share}`).join(', ')}). Такое слово почти не сужает поиск, а где достаточно любого слова, ранжируется половина таблицы: text_match rare его не берёт.`,
};

/** What the first rows are worth to a re-ranker. */
const candidates: HybridTexts['candidates'] = {
  reranked:
    'nDCG запрошенных строк после того, как данные оценки упорядочили первые строки каждого точного слияния; в скобках доля этих строк, у которых есть оценка. Строки без неё следуют в своём порядке.',
  intro:
    'Переранжирование меняет лишь порядок кандидатов. Для первых строк каждого точного слияния: доля релевантных среди них — больше переранжирование не даст — и их nDCG в порядке слияния.',
};

/** What is said of hybrid queries. */
export const hybrid: HybridTexts = {
  strategies,
  textLegTitles,
  settings,
  obstacles,
  remarks,
  decisions,
  degenerate,
  bm25,
  textLegs,
  candidates,
};
