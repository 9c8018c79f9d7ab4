/*
 * What a sentence says that its own figures refute, by the forms in which figures are printed.
 */

const NUMBER = String.raw`-?\d[\d,]*(?:\.\d+)?`;
const SIZE: Readonly<Record<string, number>> = { B: 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };
const TIME: Readonly<Record<string, number>> = { ms: 1, s: 1e3, min: 6e4, h: 3.6e6 };
const QUANTITY = String.raw`(${NUMBER}) (B|kB|MB|GB|TB|ms|s|min|h)`;

const numberOf = (text: string): number => (text === '∞' ? Infinity : Number(text.replaceAll(',', '')));
const quantityOf = (number: string, unit: string): number => numberOf(number) * (SIZE[unit] ?? TIME[unit] ?? 1);

const SINGULAR =
  '(?:row|query|index|build|buffer|page|worker|session|core|point|block|checkpoint|partition|connection|judgement|list|filter|value|time|VACUUM)';
const PLURAL =
  '(?:rows|queries|indexes|builds|buffers|pages|workers|sessions|cores|points|blocks|checkpoints|partitions|connections|judgements|lists|filters|values|times|VACUUMs)';

/** Forms that no sentence may have. */
const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  'no figure at all': /\b(?:NaN|(?<!is )undefined|null|Infinity)\b|\[object/,
  'a negative zero': /-0(?:\.0+)?(?![\d.])/,
  'a negative percentage': /(?<!e)-\d+(?:\.\d+)? %/,
  'more than the whole':
    /(?<![\d.,])(?:\d{4,}|1(?:0[1-9]|[1-9]\d)|[2-9]\d\d)(?:\.\d+)? % of (?:the (?:queries|rows|buffers|time|CPU)|a query)/,
  'one of many': new RegExp(String.raw`(?<![\d.,-])1 (?:random |different )?${PLURAL}\b(?!/)`),
  'many of one': new RegExp(String.raw`(?<![\d.,-])(?:0|[2-9]|\d[\d,]*\d) ${SINGULAR}\b(?!-)`),
  'one that have': new RegExp(
    String.raw`(?<![\d.,-])1 (?:of [\d,]+ )?(?:${SINGULAR}|${PLURAL}) (?:have|are|were|match)\b`,
  ),
  'many that has': new RegExp(String.raw`(?<![\d.,-]|\b1 of )(?:[2-9]|\d[\d,]*\d) ${PLURAL} (?:has|is|was|matches)\b`),
  'a power of ten': /\de\+\d|\de-\d+ %/,
  'broken punctuation': /(?<!\d)\.\.|\s[.,;]|(?<!\w)\(\)| {2}|,\.|;\./,
};

/** Pairs of figures of which the first must be the less, or with `orEqual` no more than the second. */
const ORDERED: readonly { readonly form: RegExp; readonly orEqual?: true; readonly isReversed?: true }[] = [
  { form: new RegExp(`(${NUMBER})() of (?:the )?(${NUMBER})() (?:queries|query|sampled|rows)`), orEqual: true },
  { form: new RegExp(`lower bound (${NUMBER})()\\) is not shown to reach (${NUMBER})()`) },
  { form: new RegExp(`lower bound (${NUMBER})(); wanted (${NUMBER})()`) },
  {
    form: new RegExp(`a recall of (${NUMBER})(), but .* shows? only that it reaches (${NUMBER})()`),
    orEqual: true,
    isReversed: true,
  },
  { form: new RegExp(`any other build is shown to reach (${NUMBER})(), not (${NUMBER})()`) },
  { form: new RegExp(`at most (${NUMBER})() rows .*, but (${NUMBER})()`), orEqual: true },
  { form: new RegExp(`takes? ${QUANTITY}, more than the allowed ${QUANTITY}`), isReversed: true },
  { form: new RegExp(`took ${QUANTITY}, more than the allowed ${QUANTITY}`), isReversed: true },
  { form: new RegExp(`need ${QUANTITY} of maintenance_work_mem, more than ${QUANTITY}`), isReversed: true },
  { form: new RegExp(`search took ${QUANTITY}, longer than the median query \\(${QUANTITY}\\)`), isReversed: true },
  { form: new RegExp(`own median time, ${QUANTITY}, exceeds the client's, ${QUANTITY}`), isReversed: true },
  { form: new RegExp(`^${QUANTITY} of the median of ${QUANTITY}`), orEqual: true },
  { form: new RegExp(`recall is (${NUMBER})() at most, where the target corresponds to (${NUMBER})()`) },
  { form: new RegExp(`reaches only (${NUMBER})(); a setting that reaches (${NUMBER})()`) },
  { form: new RegExp(`reads (${NUMBER})() % of .* would read (${NUMBER})() %`), isReversed: true },
  { form: new RegExp(`(${NUMBER})() quer(?:y does|ies do) not show .*; about (${NUMBER})() would`) },
  { form: new RegExp(`of these (${NUMBER})() queries. About (${NUMBER})() quer`) },
  { form: new RegExp(`asked for (${NUMBER})() rows? .* returns at most (${NUMBER})()`), isReversed: true },
  { form: new RegExp(`\\(cost (${NUMBER})() against (${NUMBER})() with the index\\)`) },
  { form: new RegExp(`(${NUMBER})() % of the rows in the median \\(mean .* at most (${NUMBER})() %`), orEqual: true },
  { form: new RegExp(`\\(mean (${NUMBER})() %, at most (${NUMBER})() %`), orEqual: true },
  { form: new RegExp(`rank the text better: nDCG (${NUMBER})() .*?against (${NUMBER})()`), isReversed: true },
  { form: new RegExp(`rank the text worse: nDCG (${NUMBER})() .*?against (${NUMBER})()`) },
  { form: new RegExp(`Better by its exact answers.*?nDCG (${NUMBER})() against (${NUMBER})()`), isReversed: true },
];

/** In how many ways a sentence contradicts itself; empty where it does not. */
export function contradictionsOf(sentence: string): readonly string[] {
  const found = Object.entries(FORBIDDEN).flatMap(([what, form]) => {
    const match = form.exec(sentence);
    return match ? [`${what}: ${match[0]}`] : [];
  });
  for (const { form, orEqual = false, isReversed = false } of ORDERED) {
    const match = form.exec(sentence);
    if (!match) continue;
    const [, a = '', unitA = '', b = '', unitB = ''] = match;
    const [first, second] = [quantityOf(a, unitA), quantityOf(b, unitB)];
    const [less, more] = isReversed ? [second, first] : [first, second];
    if (!(orEqual ? less <= more : less < more)) found.push(`in the wrong order: ${match[0]}`);
  }
  for (const [text, value = '', low = '', high = ''] of sentence.matchAll(INTERVAL)) {
    const [v, l, h] = [value, low, high].map((part) => numberOf(part.replace(' %', '')));
    if (!(l! <= v! && v! <= h!)) found.push(`outside of its interval: ${text}`);
  }
  return found;
}

const INTERVAL = new RegExp(`(${NUMBER}(?: %)?) \\[(${NUMBER}(?: %)?), (${NUMBER}(?: %)?|∞)\\]`, 'g');
