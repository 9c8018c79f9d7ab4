import { type CapacityQuestion, growthFacts, growthPlan } from '../../capacity/index.js';
import type { DocumentLanguage } from '../../languages.js';
import type { RunFiles } from '../../results/index.js';
import { drawSvg } from '../charts/draw.js';
import { capacityPlan, type CapacityView, GROWTH_CHART_FILE } from './capacity-plan.js';
import { runTextsIn } from '../text/run-languages.js';
import { growthChart } from './growth-chart.js';

/** A finished run of `capacity`, with its plan for a question; null for any other, and where no size was measured. */
export function viewCapacity(
  files: RunFiles,
  question: CapacityQuestion = {},
  language: DocumentLanguage = 'en',
): CapacityView | null {
  const facts = growthFacts(files);
  return facts && { manifest: files.manifest, facts, plan: growthPlan(facts, question), texts: runTextsIn(language) };
}

/** Names and contents of the reports of a run of `capacity`; none for any other. */
export async function capacityReports(
  files: RunFiles,
  question: CapacityQuestion,
  language: DocumentLanguage,
): Promise<readonly (readonly [name: string, content: string])[]> {
  const view = viewCapacity(files, question, language);
  if (view === null) return [];
  return [
    ['capacity_plan.md', capacityPlan(view)],
    [GROWTH_CHART_FILE, await drawSvg(growthChart(view))],
  ];
}
