import type { Finding } from '../../results/index.js';
import { escapeText, list } from '../text/markdown.js';

/**
 * Findings as a list, each kind once, with how many more it concerns.
 *
 * @param what what the findings are of, in the plural
 */
export function remarks(findings: readonly Finding[], what: string): string {
  const counted = new Map<string, { readonly text: string; readonly count: number }>();
  for (const { code, text } of findings) {
    const before = counted.get(code);
    counted.set(code, { text: before?.text ?? text, count: (before?.count ?? 0) + 1 });
  }
  return list(
    [...counted.values()].map(
      ({ text, count }) => `${escapeText(text)}${count > 1 ? ` (the first of ${count} such ${what})` : ''}`,
    ),
  );
}
