import type { HybridAnswer } from '../../../results/index.js';
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
import { type RunView, tuneAnswer } from '../run-view.js';
import { hybridSql } from '../sql/hybrid.js';
import { namesText, withReaderNames } from '../sql/reader-names.js';
import { settingsCost } from '../transaction-cost.js';

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
  const { hybridSections: texts } = run.texts.sections;
  return [
    `## ${texts.heading(number)}`,
    question(run, answer, confidence),
    answer.remarks.map((remark) => escapeText(textOf(run.texts.hybrid.remarks, remark))).join(' '),
    textLegsPart(run, answer),
    `### ${texts.recommendation}`,
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

const question = ({ texts }: RunView, answer: HybridAnswer, confidence: number): string =>
  texts.sections.hybridSections.question({
    ...answer,
    filter: answer.filter && {
      example: code(describeFilter(answer.filter.example, answer.filter.columns)),
      share: answer.filter.meanRows / answer.rows,
    },
    confidence: answer.remarks.some((remark) => remark.code === 'recall-of-these-queries') ? null : confidence,
  });

function recommendation(run: RunView, answer: HybridAnswer): string {
  const { options, best } = answer;
  const why = escapeText(hybridDecisionText(run, answer));
  return best === null ? why : `**${optionText(run, options[best]!, options)}**. ${why}`;
}

function rivals(run: RunView, { rivals: positions, options }: HybridAnswer): string {
  if (positions.length === 0) return '';
  const names = positions.map((position) => escapeText(optionName(run, options[position]!, options)));
  return run.texts.sections.hybridSections.rivals(names);
}

function statements(run: RunView, answer: HybridAnswer): string {
  const { best, options, filter } = answer;
  if (best === null) return '';
  const sql = hybridSql(run.manifest, options[best]!, answer);
  const { words, apply, hybridSections: texts } = run.texts.sections;
  const lexemes = sql.build.some((statement) => statement.includes('ts_stat'))
    ? code(withReaderNames('your_table_lexemes', run.manifest.dataset.table))
    : null;
  return [
    `### ${apply.heading}`,
    `${namesText(run, texts.replaceName)}${texts.build({ hasFilter: Boolean(filter), lexemes })}`,
    sqlBlock([...sql.build, ...sql.query]),
    // Where there is one recommendation for the whole table, it says so there.
    ...(tuneAnswer(run)?.configuration ? [] : settingsCost(run, pointOfOption(run, options[best]!)?.measured ?? null)),
    texts.check,
    sqlBlock(sql.check),
    ...(sql.undo.length > 0 ? [words.undo, sqlBlock(sql.undo)] : []),
  ].join('\n\n');
}

function remarksOn(run: RunView, { options }: HybridAnswer): string {
  const points = options.flatMap((option) => pointOfOption(run, option) ?? []);
  const text = remarks(
    run,
    points.flatMap(({ findings }) => findings),
    'points',
  );
  return text === '' ? '' : `${run.texts.sections.filtered.remarks}\n\n${text}`;
}
