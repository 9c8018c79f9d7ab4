import { isInForce, type MeasuredStatement, type SearchExplanation } from '../../../live/index.js';
import { canonicalJson } from '../../../canonical-json.js';
import { printable } from '../../../printable.js';
import { recallText, remedySql, shortQuantileText, statementSql, textOf, textsIn } from '../../../reports/index.js';
import { formatPercent } from '../../../units.js';
import type { Colors } from '../../style.js';

/** Why a statement does not use its index, as a person reads it. */
export function explanationText(
  report: SearchExplanation,
  { server, paint }: { readonly server: string; readonly paint: Colors },
): string {
  const { table, column, operator, indexes, plan, obstacles, changed, measured, verdict, parameters } = report;
  const texts = textsIn('en').searchObstacles;
  const lines = [
    `${paint.bold(`${table}.${column}`)} ordered by ${operator}; PostgreSQL ${report.server.version}, pgvector ${report.server.pgvector}, ${server}`,
    ...indexes.map(
      ({ name, method, expression, opclass, predicate, valid }) =>
        `  ${name}: ${method} on ${expression} ${opclass}${predicate === null ? '' : ` WHERE ${predicate}`}${valid ? '' : ', not valid'}`,
    ),
    ...parameters.map(
      ({ number, type, value, source }) =>
        `  $${number} ${type} = ${value ?? '[…]'}${source === 'given' ? '' : ` (${source})`}`,
    ),
    '',
    paint.bold(VERDICTS[verdict]),
    ...obstacles.flatMap((obstacle) => [
      `- ${textOf(texts, obstacle)}`,
      // Settings of the changed statement are printed with it.
      ...(isInForce(obstacle.remedy, changed?.settings ?? {})
        ? []
        : remedySql(obstacle.remedy).map((sql) => `    ${sql}`)),
    ]),
    '',
    'Plan:',
    ...plan.explain.map((line) => `  ${line}`),
  ];
  if (changed) {
    lines.push(
      '',
      changed.isRewritten
        ? `Rewritten${changed.sameRows ? '' : ' (it may ask for other rows than before: see above)'}:`
        : 'In a transaction with these settings:',
      ...statementSql(changed.sql, changed.settings)
        .split('\n')
        .map((line) => `  ${line}`),
      '',
      ...(canonicalJson(changed.plan.explain) === canonicalJson(plan.explain)
        ? ['Its plan is the same.']
        : ['Its plan:', ...changed.plan.explain.map((line) => `  ${line}`)]),
    );
  }
  if (measured) lines.push('', ...measuredLines(measured));
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

const measuredLines = ({ recall, completeness, latencyMs, exactOf }: MeasuredStatement): readonly string[] => [
  `Recall ${recallText(recall.mean)}, n = ${recall.queries}, completeness ${formatPercent(completeness.mean)}, against the ${exactOf} over an exact scan`,
  `Latency p50 ${shortQuantileText(latencyMs.changed, 0.5)}, p95 ${shortQuantileText(latencyMs.changed, 0.95)}; exact p50 ${shortQuantileText(latencyMs.exact, 0.5)}, p95 ${shortQuantileText(latencyMs.exact, 0.95)}`,
];

const VERDICTS = {
  'index used': 'The statement uses an index on its vectors.',
  mended: 'With the changes below the statement uses its index.',
  'rows missing': 'The statement uses an index on its vectors, and rows may be missing from its answer.',
  'change needed': 'The statement does not use an index; what it takes is below.',
  'exact is right': 'The statement does not use an index, and the exact plan is the better one.',
  'not mended': 'The statement does not use an index.',
} as const;
