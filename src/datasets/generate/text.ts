import type { GenerateSpec } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { createRandom } from '../../random.js';
import { intervalEnds, intervalOf, zipfShares } from './clusters.js';
import type { Document, Lineage } from './lineage.js';
import { createRowRandom, type Stream, STREAM } from './row-random.js';

/** Writes the texts of a generated dataset, each from its row's number alone. */
export interface TextWriter {
  ofRow(row: number): string;
  ofQuery(query: number): string;
}

const TOPIC_WORDS = 30;
const DOCUMENT_WORDS = 8;
/** Of the words that agree with the vectors, those of the cluster; the others are of the document. */
const TOPIC_SHARE = 2 / 3;
const QUERY_WORDS = 3;
const SENTENCE_WORDS = 12;

/** Fewer make texts that are all alike: some locales have little more than names of people. */
const LEAST_WORDS = 200;

/** Parts of a locale that are codes and no words of its language. */
const CODES = new Set(['metadata', 'internet', 'system', 'database', 'phone_number', 'finance']);
/** Parts of a locale that are names: good as words peculiar to a topic, but strange as words of every text. */
const NAMES = new Set(['person', 'location', 'airline', 'airport', 'music', 'book', 'team']);

/**
 * Text whose words agree with the vectors in part: a share of them comes from the few words of the row's cluster or of
 * its document, the others from all words of the locale. Frequencies follow Zipf's law. A copy has the text of the row
 * it was made from, a near copy that text and a sentence more.
 *
 * @throws {PgvtuneError} `usage` for a locale that Faker does not have, or that has too few words of its own
 */
export async function createTextWriter(
  seed: GenerateSpec['seed'],
  spec: NonNullable<GenerateSpec['text']>,
  lineage: Lineage,
): Promise<TextWriter> {
  const random = createRowRandom(`${seed}/text`);
  const vocabulary = await vocabularyOf(spec.locale);
  const words = createRandom(`${seed}/words`).shuffle(vocabulary.words);
  const wordEnds = intervalEnds(zipfShares(words.length, 1));
  const topicEnds = intervalEnds(zipfShares(TOPIC_WORDS, 0.5));
  const documentEnds = intervalEnds(zipfShares(DOCUMENT_WORDS, 0.5));

  const pick = (from: readonly string[], ends: Float64Array): string => from[intervalOf(ends, random.uniform())]!;
  const peculiarWords = (count: number, stream: Stream, owner: number): string[] => {
    random.seek(stream, owner);
    return Array.from({ length: count }, () => vocabulary.all[random.int(vocabulary.all.length)]!);
  };
  /** Words about some documents in turn (about nothing when there are none), drawn from a row's or query's numbers. */
  const compose = (count: number, documents: readonly Document[], stream: Stream, position: number): string[] => {
    const topics = documents.map(({ cluster }) => peculiarWords(TOPIC_WORDS, STREAM.cluster, cluster));
    const own = documents.map(({ number }) => peculiarWords(DOCUMENT_WORDS, STREAM.document, number));
    random.seek(stream, position);
    return Array.from({ length: count }, (_, i) => {
      const agrees = documents.length > 0 && random.uniform() < spec.agreement;
      if (!agrees) return pick(words, wordEnds);
      const turn = i % documents.length;
      return random.uniform() < TOPIC_SHARE ? pick(topics[turn]!, topicEnds) : pick(own[turn]!, documentEnds);
    });
  };

  const ofRow = (row: number): string => {
    switch (lineage.kindOf(row)) {
      case 'copy':
        return ofRow(lineage.sourceOf(row));
      case 'near copy': {
        const addition = compose(SENTENCE_WORDS, [lineage.documentOfRow(row)], STREAM.row, row);
        return `${ofRow(lineage.sourceOf(row))} ${sentences(addition)}`;
      }
      case 'outlier':
        return sentences(compose(spec.words, [], STREAM.row, row));
      case 'ordinary':
        return sentences(compose(spec.words, [lineage.documentOfRow(row)], STREAM.row, row));
    }
  };
  return {
    ofRow,
    ofQuery(query) {
      const other = lineage.otherDocumentOfQuery(query);
      const documents = [lineage.documentOfQuery(query), ...(other === null ? [] : [other])];
      return compose(QUERY_WORDS, documents, STREAM.query, query).join(' ');
    },
  };
}

function sentences(words: readonly string[]): string {
  const parts: string[] = [];
  for (let start = 0; start < words.length; start += SENTENCE_WORDS) {
    const sentence = words.slice(start, start + SENTENCE_WORDS).join(' ');
    parts.push(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`);
  }
  return parts.join(' ');
}

interface Vocabulary {
  /** Words and names. */
  readonly all: string[];
  /** Without names, if there are enough words. */
  readonly words: string[];
}

/** Every word of three letters or more that the locale itself has, without those that Faker fills in from others. */
async function vocabularyOf(locale: string): Promise<Vocabulary> {
  // Half a second to import: only text needs it.
  const { allLocales } = await import('@faker-js/faker');
  const definition = new Map<string, unknown>(Object.entries(allLocales)).get(locale);
  const all = collectWords(definition, CODES);
  if (all.length < LEAST_WORDS) {
    const problem = definition === undefined ? 'Faker has no locale' : 'Faker has too few words in the locale';
    throw new PgvtuneError('usage', `${problem} "${locale}".`, {
      hint: 'Name one with words of its own: en, de, ru …',
    });
  }
  const words = collectWords(definition, new Set([...CODES, ...NAMES]));
  return { all, words: words.length < LEAST_WORDS ? [...all] : words };
}

function collectWords(definition: unknown, without: ReadonlySet<string>): string[] {
  const words = new Map<string, string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.includes('{{')) return; // a pattern
      for (const word of value.split(/[^\p{L}\p{M}]+/u)) if (word.length >= 3) words.set(word.toLowerCase(), word);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) if (!without.has(key)) collect(member);
    }
  };
  collect(definition);
  return [...words.values()];
}
