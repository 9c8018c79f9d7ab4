import { sqlBlock } from '../../text/markdown.js';
import { choicePoint, type RunView, tuneAnswer } from '../run-view.js';
import { plainSql } from '../sql/plain.js';
import { namesText } from '../sql/reader-names.js';
import { transactionCost } from '../transaction-cost.js';

/** The statements that put the recommendation in place, check it and take it back. */
export function applySection(run: RunView): string {
  const answer = tuneAnswer(run);
  // An index alone on the table is not the same as one beside those of other workloads.
  const recommendation = answer?.configuration ? null : answer?.recommendation;
  const chosen = recommendation && choicePoint(run, recommendation);
  if (!recommendation || !chosen) return '';
  const { apply, words } = run.texts.sections;
  const sql = plainSql(run.manifest, recommendation, chosen.point.request.workload.k);
  if (sql.build.length === 0) {
    return [`## ${apply.heading}`, apply.noIndex, sqlBlock(sql.query)].join('\n\n');
  }
  const cost = transactionCost(run, chosen.measured);
  return [
    `## ${apply.heading}`,
    `${namesText(run, apply.replaceNames)}${run.manifest.dataset.table ? `${apply.replaceRole} ` : ''}${run.manifest.layout ? apply.partition : apply.build}`,
    sqlBlock(sql.build),
    apply.query,
    sqlBlock(sql.query),
    ...(cost ? [cost.text] : []),
    ...(cost?.isWorthSparing ? [apply.asFunction, sqlBlock(sql.asFunction.build)] : []),
    apply.defaults,
    sqlBlock(sql.defaults),
    apply.check,
    sqlBlock(sql.check),
    words.undo,
    sqlBlock([...(cost?.isWorthSparing ? sql.asFunction.undo : []), ...sql.undo]),
  ].join('\n\n');
}
