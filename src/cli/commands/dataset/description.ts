import type {
  ColumnDescription,
  DatasetDescription,
  DatasetRemark,
  LanguageGuess,
  SampledRow,
} from '../../../datasets/index.js';
import { formatBytes, formatCount, formatPercent } from '../../../units.js';

const number = (value: number): string => String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));

/** A dataset as a person reads it. */
export function descriptionText(description: DatasetDescription): string {
  const { manifest, norms, duplicates, geometry, columns, text, declaredNeighbours, sample, remarks } = description;
  const lines = [
    `${manifest.name}${manifest.synthetic ? ' (generated)' : ''}`,
    `  rows        ${formatCount(manifest.rows)} × ${manifest.dimensions}`,
    `  queries     ${formatCount(manifest.queries)}${manifest.queriesHeldOut ? ', held out of the rows' : ', the source’s own'}${inBase(description)}`,
    ...(declaredNeighbours > 0
      ? [
          `  neighbours  ${formatCount(declaredNeighbours)} declared for each query; a sample is verified before they are used`,
        ]
      : []),
    `  metric      ${manifest.metric ?? 'not said'}`,
    `  norms       ${number(norms.mean)} on average, ${number(norms.min)} to ${number(norms.max)}${zeros(description)}`,
    `  duplicates  ${formatPercent(duplicates, 2)} of the rows repeat an earlier vector`,
    `  dimension   ${geometry.intrinsicDimension === null ? 'unknown' : number(geometry.intrinsicDimension)} intrinsic (Levina–Bickel, ${formatCount(geometry.sampledRows)} rows, ${geometry.space})`,
    `  contrast    ${geometry.contrast === null ? 'unknown' : `${number(geometry.contrast)}: the mean distance over that to the nearest`}`,
    ...(text
      ? [
          `  text        ${manifest.textColumn ?? 'text'}: ${languageOf(text)}, ${formatCount(text.meanCharacters)} characters on average`,
        ]
      : []),
    ...(remarks.length > 0 ? ['', '  what follows', ...remarks.map((remark) => `    ${remarkText(remark)}`)] : []),
    ...(columns.length > 0 ? ['', '  attributes', ...columns.map((column) => columnLine(column, manifest.rows))] : []),
    '',
    '  first rows',
    ...sample.slice(0, 3).flatMap((row) => rowLines(row, manifest.dimensions)),
    '',
    `  SHA-256     ${manifest.hash}`,
  ];
  return `${lines.join('\n')}\n`;
}

function remarkText(remark: DatasetRemark): string {
  switch (remark.code) {
    case 'lengths-vary-under-ip':
      return `Lengths vary from ${number(remark.data.min)} to ${number(remark.data.max)}: under the inner product long vectors come first for every query. If the direction is meant, normalise them or use cosine.`;
    case 'length-one-under-cosine':
      return 'All vectors have length 1: the inner product (<#>) orders them as cosine distance does, and is cheaper.';
    case 'toasted':
      return `A vector has ${formatBytes(remark.data.bytes)} and is stored out of line (TOAST): an exact scan, a re-ranking and a filter without an index read it from there, a page or more each. halfvec halves that.`;
    case 'many-duplicates':
      return `${formatPercent(remark.data.share, 1)} of the rows repeat a vector: their distances tie, LIMIT picks among them, and an HNSW graph links copies to one another. Consider one row a vector.`;
    case 'beyond-half':
      return `halfvec cannot hold ${number(remark.data.value)} (${remark.data.table === 'base' ? 'row' : 'query'} ${formatCount(remark.data.row)} of the source): it ends at 65,504. tune leaves halfvec out; scale the vectors down to use it.`;
    case 'outliers':
      return `The most isolated 1 % of the rows are over ${number(remark.data.times)} times farther from their nearest row than half of the rows are: they are found by larger ef_search or probes.`;
  }
}

const languageOf = ({ language, script }: LanguageGuess): string =>
  language ?? (script === null ? 'unknown language' : `${script} letters, unknown language`);

const inBase = ({ manifest }: DatasetDescription): string =>
  manifest.checks.queriesInBase > 0
    ? `; ${formatCount(manifest.checks.queriesInBase)} of them are rows of the table too`
    : '';

const zeros = ({ manifest }: DatasetDescription): string =>
  manifest.checks.zeroRows > 0 ? `; ${formatCount(manifest.checks.zeroRows)} zero vectors` : '';

function rowLines({ id, vector, attributes, text }: SampledRow, dimensions: number): string[] {
  const numbers = vector.map((value) => Number(value.toPrecision(4))).join(', ');
  const others = JSON.stringify(attributes);
  return [
    `    ${oneLine(JSON.stringify(id), 40)}: [${numbers}${dimensions > vector.length ? ', …' : ''}]`,
    ...(others === '{}' ? [] : [`      ${oneLine(others)}`]),
    ...(text === null ? [] : [`      ${oneLine(JSON.stringify(text))}`]),
  ];
}

function columnLine(column: ColumnDescription, rows: number): string {
  const { name, type, missing, frequent, range } = column;
  const facts = [
    distinctText(column),
    ...(missing > 0 ? [`${formatPercent(missing)} missing`] : []),
    ...(range ? [`${number(range.min)} to ${number(range.max)}`] : []),
    ...frequent
      // What occurs once is no more frequent than anything else.
      .filter(({ share }) => share * rows > 1.5)
      .slice(0, 4)
      .map(({ value, share }) => `${oneLine(String(value) || '""', 24)} ${formatPercent(share)}`),
  ];
  return `    ${name}: ${type}; ${facts.join(', ')}`;
}

function distinctText({ type, distinct }: ColumnDescription): string {
  if (distinct !== null) return `${formatCount(distinct)} ${distinct === 1 ? 'value' : 'values'}`;
  return type === 'json' ? 'values not counted' : 'too many values to count';
}

/** Printable, on one line, and no longer than a terminal is wide. */
function oneLine(text: string, length = 140): string {
  const flat = text.replaceAll(/\p{Cc}|\p{Cf}/gu, ' ');
  return flat.length > length ? `${flat.slice(0, length - 1)}…` : flat;
}
