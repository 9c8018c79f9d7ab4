import { describe, expect, it } from 'vitest';
import { languageNotes, languageOf, languageRemarks } from '../../../src/experiment/hybrid/language.js';

const textsOf = (text: string | null) => ({
  rows: async function* () {
    for (let row = 0; row < 20; row++) yield { text, attributes: {}, id: String(row) };
  },
});
const RUSSIAN = 'Как и что это, если не для чего и по какой причине: но на это в книге есть ответ.';
const ENGLISH = 'The answer to this is that it is not in the book, and for that you are to be told.';
const CHINESE = '这是一本关于数据库的书，里面有很多有用的内容。';

const codes = async (text: string | null, language: string, method = 'tsvector') =>
  languageRemarks({ method, language }, await languageOf(textsOf(text))).map(({ code }) => code);

describe('the language of a text leg', () => {
  it('is named when it is not that of the texts', async () => {
    const guess = await languageOf(textsOf(RUSSIAN));
    expect(languageRemarks({ method: 'tsvector', language: 'pg_catalog.english' }, guess)).toEqual([
      { code: 'other-language', data: { language: 'english', texts: 'russian', script: 'Cyrillic' } },
    ]);
    expect(await codes(ENGLISH, 'russian')).toEqual(['other-language']);
    expect(await codes(ENGLISH, 'german')).toEqual(['other-language']);
  });

  it('is told by the script alone where no word is known', async () => {
    expect(await codes('Ключ Замок Дерево Облако', 'english')).toEqual(['other-language']);
    expect(await codes('Ключ Замок Дерево Облако', 'russian')).toEqual([]);
    expect(await codes('Table Lantern Harvest', 'german')).toEqual([]);
  });

  it('does for no script whose words have no spaces between them', async () => {
    expect(await codes(CHINESE, 'simple')).toEqual(['words-without-spaces']);
  });

  it('is right, or nothing can be said of it', async () => {
    expect(await codes(ENGLISH, 'english')).toEqual([]);
    expect(await codes(RUSSIAN, 'simple')).toEqual([]);
    expect(await codes(RUSSIAN, 'public.mine')).toEqual([]);
    expect(await codes(null, 'english')).toEqual([]);
    // Trigrams know no language.
    expect(await codes(RUSSIAN, 'english', 'trigram')).toEqual([]);
  });

  it('is noted once for several legs and workloads', async () => {
    const guess = await languageOf(textsOf(RUSSIAN));
    const workload = { legs: ['tsvector', 'trigram', 'bm25'], language: 'english' };
    expect(languageNotes([workload, workload], guess)).toEqual([
      { code: 'other-language', data: { searchedAs: 'english', language: 'russian', script: 'Cyrillic' } },
    ]);
  });
});
