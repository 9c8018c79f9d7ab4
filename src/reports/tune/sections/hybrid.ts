import type { HybridAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { confidenceText } from '../../text/figures.js';
import { textOf } from '../../text/index.js';
import { describeFilter } from '../../../workloads/index.js';
import { code, escapeText, sqlBlock } from '../../text/markdown.js';
import { hybridDecisionText } from '../hybrid/decision.js';
import { bm25Part, degenerateFusionsPart, hybridDepthsPart, hybridWeightsPart } from '../hybrid/fusions.js';
import { hybridLegsPart } from '../hybrid/legs.js';
import { optionName, optionText, pointOfOption } from '../hybrid/names.js';
import { hybridStrategiesPart } from '../hybrid/strategies.js';
import { candidatesPart, textLegsPart } from '../hybrid/text-legs.js';
import { remarks } from '../remarks.js';
import type { RunView } from '../run-view.js';
import { hybridSql } from '../sql/hybrid.js';
import { namesText, withReaderNames } from '../sql/reader-names.js';

/** What to do for queries of vector and text: the recommendation, every strategy, and the effect of weights and depths. */
export function hybridSection(run: RunView): string {
  const { answer } = run;
  if (answer?.kind !== 'tune') return '';
  return (answer.hybrid ?? [])
    .map((hybrid, number) => workloadSection(run, hybrid, { number, confidence: answer.target.confidence }))
    .join('\n\n');
}

function workloadSection(
  run: RunView,
  answer: HybridAnswer,
  { number, confidence }: { readonly number: number; readonly confidence: number },
): string {
  return [
    number === 0 ? '## Hybrid queries: vector and text' : `## Hybrid queries, workload ${number + 1}`,
    question(answer, confidence),
    answer.remarks.map((remark) => escapeText(textOf(run.texts.hybrid.remarks, remark))).join(' '),
    textLegsPart(run, answer),
    '### Recommendation',
    recommendation(run, answer),
    rivals(run, answer),
    degenerateFusionsPart(run, answer),
    bm25Part(run, answer),
    statements(run, answer),
    hybridStrategiesPart(run, answer),
    hybridLegsPart(run, answer),
    hybridWeightsPart(run, answer),
    hybridDepthsPart(run, answer),
    candidatesPart(run, answer),
    remarksOn(run, answer),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const question = (
  { k, queries, judged, recall, filter, rows, remarks: said }: HybridAnswer,
  confidence: number,
): string =>
  `The ${k} best rows for a query's vector and its text${filter ? `, among those that its filter leaves (such as ${code(describeFilter(filter.example, filter.columns))}; ${formatPercent(filter.meanRows / rows, 1)} of the rows on average)` : ''}. A strategy *reaches* the target when at least ${formatPercent(recall, 0)} of the rows that it would return with exact legs come back, ${said.some(({ code: of }) => of === 'recall-of-these-queries') ? 'on average over these queries' : `shown with ${confidenceText(confidence)} confidence`}. Fusions were compared by the exact answers to ${queries} queries. ` +
  (judged === null
    ? 'There are no judgements of relevance: this data cannot show whether one fusion answers better than another. Give them as a TREC file (`judgements`) or with the queries (`relevant`).'
    : `${judged} queries have judgements of relevance; their answers are compared query by query.`);

function recommendation(run: RunView, answer: HybridAnswer): string {
  const { options, best } = answer;
  const why = escapeText(hybridDecisionText(run, answer));
  return best === null ? why : `**${optionText(run, options[best]!, options)}**. ${why}`;
}

function rivals(run: RunView, { rivals: positions, options }: HybridAnswer): string {
  if (positions.length === 0) return '';
  const names = positions.map((position) => escapeText(optionName(run, options[position]!, options)));
  return `Not distinguishable from it in time, and not shown to be worse: ${names.join('; ')}.`;
}

function statements(run: RunView, answer: HybridAnswer): string {
  const { best, options, filter } = answer;
  if (best === null) return '';
  const sql = hybridSql(run.manifest, options[best]!, answer);
  return [
    '### Apply it',
    namesText(
      run.manifest.dataset.table,
      'Replace the name of the table with yours; its columns are `id`, `embedding` and `content` here.',
    ) +
      '`$1` is the query vector, `$2` its text' +
      (filter ? ', the last parameters are the values of the filter' : '') +
      '. The settings hold for the transaction only, so they are safe behind a pooler. Adding a generated column rewrites the table under an exclusive lock: plan for it.' +
      (sql.build.some((statement) => statement.includes('ts_stat'))
        ? ` ${code(withReaderNames('your_table_lexemes', run.manifest.dataset.table))} counts the rows that contain each word; rebuild it when the texts have changed much.`
        : ''),
    sqlBlock([...sql.build, ...sql.query]),
    'Check it with the vector of a row and a text of yours:',
    sqlBlock(sql.check),
    ...(sql.undo.length > 0 ? ['Undo:', sqlBlock(sql.undo)] : []),
  ].join('\n\n');
}

function remarksOn(run: RunView, { options }: HybridAnswer): string {
  const points = options.flatMap((option) => pointOfOption(run, option) ?? []);
  const text = remarks(
    run,
    points.flatMap(({ findings }) => findings),
    'points',
  );
  return text === '' ? '' : `Remarks on these points:\n\n${text}`;
}
