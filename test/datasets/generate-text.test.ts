import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { generateSchema } from '../../src/config/index.js';
import { createClusters } from '../../src/datasets/generate/clusters.js';
import { createLineage, type Lineage } from '../../src/datasets/generate/lineage.js';
import { createRowRandom } from '../../src/datasets/generate/row-random.js';
import { generateSource, type SourceBatch } from '../../src/datasets/index.js';

type Input = z.input<typeof generateSchema>;

async function textsOf(batches: AsyncIterable<SourceBatch>): Promise<string[]> {
  const texts: string[] = [];
  for await (const batch of batches) texts.push(...(batch.texts ?? []).map((text) => text ?? ''));
  return texts;
}

const baseTexts = (input: Input): Promise<string[]> => textsOf(generateSource(generateSchema.parse(input)).base());
const queryTexts = (input: Input): Promise<string[]> => textsOf(generateSource(generateSchema.parse(input)).queries()!);

function lineageOf(input: Input): Lineage {
  const spec = generateSchema.parse(input);
  const random = createRowRandom(spec.seed);
  return createLineage(spec, createClusters(spec, random), random);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];

describe('generated text', () => {
  it('is absent unless asked for', async () => {
    expect(await baseTexts({ rows: 10 })).toEqual([]);
    expect(generateSource(generateSchema.parse({})).textColumn).toBeNull();
    expect(generateSource(generateSchema.parse({ text: {} })).textColumn).toBe('content');
  });

  it.each([
    ['ru', /^\p{Script=Cyrillic}+$/u],
    ['en', /^\p{Script=Latin}+$/u],
    ['de', /^\p{Script=Latin}+$/u],
    ['ja', /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u],
  ])('is written in the language of the locale %s', async (locale, script) => {
    const texts = await baseTexts({ rows: 200, dimensions: 4, text: { locale } });
    const words = texts.flatMap(wordsOf);
    expect(words.filter((word) => script.test(word)).length / words.length).toBeGreaterThan(0.9);
    expect(new Set(words).size).toBeGreaterThan(200);
  });

  it('gives the same text for the same seed, and has the words asked for', async () => {
    const input: Input = { rows: 50, dimensions: 4, near_duplicates: 0, text: { words: 40 } };
    const texts = await baseTexts(input);
    expect(await baseTexts(input)).toEqual(texts);
    expect(await baseTexts({ ...input, seed: 2 })).not.toEqual(texts);
    expect(new Set(texts.map((text) => wordsOf(text).length))).toEqual(new Set([40]));
    expect(texts[0]).toBe(
      'Alayna Reid Downy Killing Money mandarins ver Rhenium Rhenium Redding Achham petal. ' +
        'Marcos Ollie unlike Petit potato Burkina randomize government Rath joy Alayna dividend. ' +
        'Group Whiskered Allan lift present vaguely Petit vulnus Bulgarian Saunders mandarins palm. ' +
        'Petit Rhenium Rhenium Pechora.',
    );
  });

  it('follows documents and clusters as far as asked', async () => {
    const common = async (agreement: number): Promise<readonly [number, number, number]> => {
      const clean = { duplicates: 0, near_duplicates: 0, outliers: 0 };
      const input: Input = {
        rows: 300,
        dimensions: 4,
        clusters: 5,
        rows_per_document: 10,
        ...clean,
        text: { agreement },
      };
      const lineage = lineageOf(input);
      const words = (await baseTexts(input)).map((text) => new Set(wordsOf(text)));
      const documents = words.map((_, row) => lineage.documentOfRow(row));
      const overlaps: [number[], number[], number[]] = [[], [], []];
      for (const [row, own] of words.entries()) {
        for (const [other, theirs] of words.slice(0, row).entries()) {
          const sameDocument = documents[row]!.number === documents[other]!.number;
          const sameCluster = documents[row]!.cluster === documents[other]!.cluster;
          overlaps[sameDocument ? 0 : sameCluster ? 1 : 2].push([...own].filter((word) => theirs.has(word)).length);
        }
      }
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean(overlaps[0]), mean(overlaps[1]), mean(overlaps[2])];
    };
    const [document, cluster, elsewhere] = await common(0.5);
    expect(document).toBeGreaterThan(cluster + 2);
    expect(cluster).toBeGreaterThan(elsewhere + 3);
    const [alike, , anywhere] = await common(0);
    expect(Math.abs(alike - anywhere)).toBeLessThan(0.5);
  });

  it('asks with words that rows of the query’s document have', async () => {
    const input: Input = { rows: 2000, dimensions: 4, queries: 300, duplicates: 0, text: {} };
    const lineage = lineageOf(input);
    const rows = (await baseTexts(input)).map((text) => new Set(wordsOf(text)));
    const queries = (await queryTexts(input)).map(wordsOf);
    expect(new Set(queries.map((words) => words.length))).toEqual(new Set([3]));
    const found = (words: readonly string[], row: number): number =>
      words.filter((word) => rows[row]!.has(word)).length;
    let near = 0;
    let anywhere = 0;
    let counted = 0;
    for (const [query, words] of queries.entries()) {
      const { number } = lineage.documentOfQuery(query);
      if (number >= 2000) continue; // a document that the base does not have
      near += found(words, number);
      anywhere += found(words, (number + 1000) % 2000);
      counted++;
    }
    expect(counted).toBeGreaterThan(250);
    expect(near / counted).toBeGreaterThan(2 * (anywhere / counted));
  });

  it('is copied with the vector, and gets a sentence more when nearly copied', async () => {
    const input: Input = { rows: 1000, dimensions: 4, duplicates: 0.2, near_duplicates: 0.2, text: {} };
    const lineage = lineageOf(input);
    const texts = await baseTexts(input);
    const rows = texts.map((_, row) => row);
    const copies = rows.filter((row) => lineage.kindOf(row) === 'copy');
    const nearCopies = rows.filter((row) => lineage.kindOf(row) === 'near copy');
    expect(copies.length).toBeGreaterThan(100);
    expect(nearCopies.length).toBeGreaterThan(100);
    expect(copies.filter((row) => texts[row] !== texts[lineage.sourceOf(row)])).toEqual([]);
    expect(nearCopies.filter((row) => !texts[row]!.startsWith(`${texts[lineage.sourceOf(row)]} `))).toEqual([]);
  });

  it.each([
    ['xx', /Faker has no locale "xx"/],
    ['zh_TW', /Faker has too few words in the locale "zh_TW"/],
    ['constructor', /Faker has no locale/],
  ])('refuses the locale %s', async (locale, message) => {
    const spec = { ...generateSchema.parse({ rows: 10 }), text: { locale, words: 10, agreement: 0.5 } };
    await expect(textsOf(generateSource(spec).base())).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message) as string,
    });
  });
});
