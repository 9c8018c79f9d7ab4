import { describeSpec } from '../../../indexes/index.js';
import type { StatementOption, TunedParameter, TunedStatement } from '../../../experiment/index.js';
import { literal } from '../../../postgres/index.js';
import { printable } from '../../../printable.js';
import { buildSettings, recallText, shortQuantileText } from '../../../reports/index.js';
import { formatBytes, formatCount, formatMs } from '../../../units.js';
import { plansText } from '../../plans-text.js';
import type { Colors } from '../../style.js';

/** The change to make for a statement, with what it was measured to give. */
export function statementLines(
  tuned: TunedStatement,
  { server, paint }: { readonly server: string; readonly paint: Colors },
): readonly string[] {
  const { best, options, copied, k, target } = tuned;
  const others = options.filter((option) => option !== best);
  return [
    ...(best
      ? [paint.bold(paint.green(`Recommended: ${nameOf(best)}`)), `  ${figuresOf(best, k)}`]
      : [paint.bold(paint.red(`No index that was tried is shown to reach recall ${target}.`))]),
    ...conditionsOf(tuned, server).map((line) => `  ${printable(line)}`),
    ...(best
      ? [
          '',
          'The change to make:',
          ...changeOf(best, tuned).map((line) => `  ${printable(line)}`),
          ...remarksOn(best, copied),
        ]
      : []),
    ...(others.length > 0
      ? ['', 'Also measured:', ...others.flatMap((one) => [`  ${nameOf(one)}`, `    ${figuresOf(one, k)}`])]
      : []),
  ];
}

/** On what it was measured, and with what. */
export const conditionsOf = (tuned: TunedStatement, server: string): readonly string[] => [
  `measured on ${server}, with a copy of ${tuned.copied.map(({ table, rows, isSample }) => `${table} (${formatCount(rows)} rows${isSample ? ', a sample' : ''})`).join(', ')}`,
  ...tuned.parameters.map((parameter) => parameterText(parameter, tuned)),
  `without an index on the vectors: p50 ${formatMs(tuned.without.medianMs)}, n = ${tuned.without.queries}`,
];

export const nameOf = ({ spec, settings }: StatementOption): string =>
  [describeSpec(spec), ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(', ');

function parameterText(
  { number, source, comparedWith, value }: TunedParameter,
  { queries }: Pick<TunedStatement, 'queries'>,
): string {
  const row = queries === 'log' ? 'a random row for each query' : 'the row whose vector is the query';
  const sources = {
    given: `${value}, as given`,
    row: `${comparedWith} of ${row}`,
    'other-rows': `${comparedWith} of random rows`,
    table: `${comparedWith} of random rows of its table`,
  };
  return `$${number}: ${sources[source]}`;
}

function figuresOf({ measured, plan, plans, reached, bytes, buildSeconds }: StatementOption, k: number): string {
  if (!measured) return `the planner does not use it: ${plan}`;
  const { recall, latencyMs, buffers } = measured;
  return `${reached ? '' : 'target not reached: '}recall@${k} ${recallText(recall.mean)}, n = ${recall.queries}, p50 ${shortQuantileText(latencyMs.again, 0.5)}, p95 ${shortQuantileText(latencyMs.again, 0.95)}, ${formatCount(Math.round(buffers.mean.value))} buffers; ${formatBytes(bytes)}, built in ${formatMs(1000 * buildSeconds)}; ${plansText(plans) ?? plan}`;
}

/** Statements to run where the table is; each was run on the copy, but for CONCURRENTLY. */
export const changeOf = (
  { spec, create, settings }: StatementOption,
  { statement, place }: TunedStatement,
): readonly string[] => [
  ...buildSettings(place, [{ spec, rows: place.rows }]),
  `${create.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ')};`,
  'BEGIN;',
  ...Object.entries(settings).map(
    ([name, value]) => `SET LOCAL ${name} = ${/^\d+$/.test(value) ? value : literal(value)};`,
  ),
  // A remark at its end would hide a semicolon.
  ...(/--.*$/.test(statement) ? `${statement}\n;` : `${statement};`).split('\n'),
  'COMMIT;',
];

/** What else the change does, or will not do on the whole table. */
export const remarksOn = ({ settings }: StatementOption, copied: TunedStatement['copied']): readonly string[] => [
  ...(Object.values(settings).includes('relaxed_order')
    ? [
        'With relaxed_order, rows may come slightly out of order of distance: sort them again where that matters, such as',
        '  WITH found AS MATERIALIZED (the statement, with its distance as a column) SELECT * FROM found ORDER BY distance + 0;',
      ]
    : []),
  ...copied
    .filter(({ isSample }) => isSample)
    .map(
      ({ table }) =>
        `${table} has more rows than the sample: the same settings reach less recall there, and the index is larger. Once it is built, measure it there: pgvtune recall --sql FILE --sweep …`,
    ),
];
