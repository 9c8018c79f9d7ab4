import { en } from './en/index.js';

/** Of what is printed. Documents have more languages. */
export type Language = 'en';

export type Texts = typeof en;

const LANGUAGES: Readonly<Record<Language, Texts>> = { en };

/** Everything that is said in a language. */
export const textsIn = (language: Language): Texts => LANGUAGES[language];

export { type Catalogue, type Fact, textOf } from './catalogue.js';
export { whyUnchecked } from './why-unchecked.js';
