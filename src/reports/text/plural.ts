import { formatCount } from '../../units.js';

/**
 * Counts things in a language: `3 sessions`.
 *
 * @typeParam Form the plural categories that the language has for whole numbers (Unicode CLDR); `other` is always one
 */
export function pluralsOf<Form extends Intl.LDMLPluralRule>(
  locale: string,
  format: (count: number) => string = formatCount,
) {
  const rules = new Intl.PluralRules(locale);
  return (count: number, forms: Readonly<Record<Form | 'other', string>>): string => {
    const form = (forms as Partial<Record<Intl.LDMLPluralRule, string>>)[rules.select(count)] ?? forms.other;
    return `${format(count)} ${form}`;
  };
}
