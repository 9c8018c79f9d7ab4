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
  const sql = plainSql(run.manifest, recommendation, chosen.point.request.workload.k);
  if (sql.build.length === 0) {
    return ['## Apply it', 'Build no index on the vectors. The exact scan is fast enough:', sqlBlock(sql.query)].join(
      '\n\n',
    );
  }
  const cost = transactionCost(chosen.measured);
  const names = run.manifest.dataset.table;
  return [
    '## Apply it',
    `${namesText(names, 'Replace the names of the table, the column and the role with yours.')}${names ? 'Replace the name of the role with yours. ' : ''}Build the index in a separate session; it does not block writes:`,
    sqlBlock(sql.build),
    'Set the search parameter inside the transaction of the query. It ends with the `COMMIT`, so it is safe behind a transaction pooler:',
    sqlBlock(sql.query),
    ...(cost ? [cost.text] : []),
    ...(cost?.isWorthSparing
      ? [
          'A function with the setting needs one round trip and is as safe behind a pooler. Its query is planned at every call:',
          sqlBlock(sql.asFunction.build),
        ]
      : []),
    'Or set it once for the role, if all its queries need the same value. It takes effect in new sessions:',
    sqlBlock(sql.defaults),
    'Check that the index serves the query:',
    sqlBlock(sql.check),
    'Undo:',
    sqlBlock([...(cost?.isWorthSparing ? sql.asFunction.undo : []), ...sql.undo]),
  ].join('\n\n');
}
