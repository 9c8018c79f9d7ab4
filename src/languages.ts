/** Languages that a document can be written in; each has a folder of texts beside the others' wherever texts are. */
export const LANGUAGES = ['en', 'ru'] as const;
export type DocumentLanguage = (typeof LANGUAGES)[number];
