/** What texts are written in, as far as letters and frequent words tell. */
export interface LanguageGuess {
  /** Name of PostgreSQL's text search configuration; null when none of those that are known fits. */
  readonly language: string | null;
  /** Unicode's name of the script that most letters belong to; null when there are no letters. */
  readonly script: string | null;
}

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Thai',
].map((script) => ({ script, pattern: new RegExp(`\\p{Script=${script}}`, 'gu') }));

/** Words that make up a good part of any text in their language, and of none in the others. */
const STOP_WORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Latin: {
    english: ['the', 'and', 'of', 'to', 'is', 'that', 'for', 'with', 'this', 'are', 'it', 'be', 'not', 'you'],
    german: ['der', 'die', 'und', 'das', 'ist', 'nicht', 'ein', 'eine', 'mit', 'den', 'von', 'zu', 'auf', 'für'],
    french: ['le', 'les', 'et', 'des', 'est', 'une', 'dans', 'pour', 'que', 'pas', 'sur', 'avec', 'du', 'qui'],
    spanish: ['el', 'los', 'las', 'y', 'es', 'una', 'para', 'con', 'por', 'que', 'del', 'como', 'más', 'su'],
    italian: ['il', 'gli', 'di', 'è', 'una', 'per', 'con', 'non', 'che', 'della', 'sono', 'come', 'più', 'nel'],
    portuguese: ['o', 'os', 'e', 'é', 'uma', 'para', 'com', 'não', 'que', 'do', 'da', 'como', 'mais', 'em'],
    dutch: ['het', 'een', 'en', 'van', 'is', 'niet', 'dat', 'met', 'voor', 'zijn', 'op', 'te', 'ook', 'aan'],
    swedish: ['och', 'att', 'det', 'som', 'är', 'inte', 'en', 'för', 'med', 'på', 'av', 'till', 'den', 'ett'],
  },
  Cyrillic: {
    russian: ['и', 'в', 'не', 'на', 'что', 'это', 'как', 'для', 'с', 'по', 'к', 'но', 'если', 'или'],
    serbian: ['и', 'је', 'да', 'у', 'се', 'на', 'са', 'за', 'су', 'који', 'што', 'од', 'није', 'али'],
  },
};

/** Less of a text than this is no sign of its language. */
const LEAST_SHARE = 0.05;

/** A cheap guess: most letters choose the script, stop words the language. */
export function guessLanguage(texts: readonly string[]): LanguageGuess {
  const text = texts.join('\n').toLowerCase();
  const counts = SCRIPTS.map(({ script, pattern }) => ({ script, letters: text.match(pattern)?.length ?? 0 }));
  const most = counts.reduce((a, b) => (b.letters > a.letters ? b : a));
  if (most.letters === 0) return { language: null, script: null };

  const words = text.match(/\p{L}+/gu) ?? [];
  const shares = Object.entries(STOP_WORDS[most.script] ?? {}).map(([language, stopWords]) => {
    const known = new Set(stopWords);
    return { language, share: words.filter((word) => known.has(word)).length / words.length };
  });
  const best = shares.reduce<{ language: string | null; share: number }>((a, b) => (b.share > a.share ? b : a), {
    language: null,
    share: LEAST_SHARE,
  });
  return { language: best.language, script: most.script };
}
