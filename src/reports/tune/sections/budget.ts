import { escapeText, list } from '../../text/markdown.js';
import { budgetLine, omissionTexts } from '../budget.js';
import type { RunView } from '../run-view.js';

/** How much of its time the run took, and what was not measured for want of more. */
export function budgetSection(run: RunView): string {
  const line = budgetLine(run);
  if (line === '') return '';
  const left = omissionTexts(run);
  return [`## ${run.texts.sections.time.heading}`, line, ...(left.length > 0 ? [list(left.map(escapeText))] : [])].join(
    '\n\n',
  );
}
