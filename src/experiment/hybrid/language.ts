import type { HybridConfig } from '../../config/index.js';
import { type Dataset, guessLanguage, type LanguageGuess } from '../../datasets/index.js';
import type { Note } from '../../progress.js';
import type { HybridRemark } from '../../results/index.js';
import type { TextSpec } from '../../vocabulary.js';
import { textLeg } from '../../workloads/index.js';

/** Rows whose texts are looked at. */
const SAMPLED_TEXTS = 500;

/** Scripts of PostgreSQL's own configurations that are for another than Latin. */
const SCRIPTS: Readonly<Record<string, string>> = {
  arabic: 'Arabic',
  greek: 'Greek',
  hindi: 'Devanagari',
  nepali: 'Devanagari',
  russian: 'Cyrillic',
  serbian: 'Cyrillic',
  yiddish: 'Hebrew',
};
const LATIN = [
  'basque',
  'catalan',
  'danish',
  'dutch',
  'english',
  'finnish',
  'french',
  'german',
  'hungarian',
  'indonesian',
  'irish',
  'italian',
  'lithuanian',
  'norwegian',
  'portuguese',
  'romanian',
  'spanish',
  'swedish',
  'turkish',
];
/** PostgreSQL's parser takes a sentence of these for a single word. */
const WITHOUT_SPACES = ['Han', 'Hiragana', 'Katakana', 'Thai'];

/** What the texts of a dataset are written in. */
export async function languageOf(dataset: Pick<Dataset, 'rows'>): Promise<LanguageGuess> {
  const texts: string[] = [];
  for await (const { text } of dataset.rows()) {
    if (text) texts.push(text);
    if (texts.length === SAMPLED_TEXTS) break;
  }
  return guessLanguage(texts);
}

/** Whether a way to search text is made for another language than that of the texts, or for another kind of script. */
export function languageRemarks({ method, language }: TextSpec, guess: LanguageGuess): readonly HybridRemark[] {
  if (!textLeg(method).usesLanguage || guess.script === null) return [];
  if (WITHOUT_SPACES.includes(guess.script)) {
    return [{ code: 'words-without-spaces', data: { script: guess.script } }];
  }
  const name = language.replace(/^pg_catalog\./, '');
  const script = SCRIPTS[name] ?? (LATIN.includes(name) ? 'Latin' : null);
  // Of a configuration that somebody made, and of `simple`, nothing can be said.
  if (script === null) return [];
  const isOther = guess.language === null ? script !== guess.script : guess.language !== name;
  return isOther
    ? [{ code: 'other-language', data: { language: name, texts: guess.language, script: guess.script } }]
    : [];
}

/** What is to be told before anything is built, once a language. */
export const languageNotes = (
  workloads: readonly Pick<HybridConfig, 'legs' | 'language'>[],
  guess: LanguageGuess,
): readonly Note[] =>
  [...new Set(workloads.map(({ language }) => language))]
    .filter((language) =>
      workloads.some(
        (workload) =>
          workload.language === language &&
          workload.legs.some((method) => languageRemarks({ method, language }, guess).length > 0),
      ),
    )
    .map((searchedAs) => ({
      code: 'other-language',
      data: { searchedAs, language: guess.language, script: guess.script },
    }));
