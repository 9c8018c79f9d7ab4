import { escapeText } from '../text/markdown.js';
import type { RunView } from './run-view.js';
import type { Costs } from './sections/cost.js';
import { SECTIONS } from './sections/registry.js';

/**
 * `vector_optimization.md`: what to run, why, how sure it is, and what was not measured.
 *
 * @param options.costs what a buffer costs, see {@link fitCosts}; without it that section is left out
 */
export function vectorOptimization(run: RunView, { costs = new Map() }: { readonly costs?: Costs } = {}): string {
  const title = `# ${run.texts.sections.decision.title(escapeText(run.manifest.dataset.name))}`;
  const sections = SECTIONS.map((section) => section(run, costs)).filter(Boolean);
  return `${[title, ...sections].join('\n\n')}\n`;
}
