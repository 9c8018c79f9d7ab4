import type { Finding, PlanCache } from '../../results/index.js';

/** What a reader must know of how prepared statements are planned. */
export function planCacheFindings({ mode, generic, custom }: PlanCache): readonly Finding[] {
  const findings: Finding[] = [];
  const warn = (code: string, text: string): void => void findings.push({ code, severity: 'warning', text });
  if (mode !== 'auto') {
    warn('plan-cache-mode', `plan_cache_mode is ${mode}: prepared statements are planned otherwise than by default.`);
  }
  if (generic !== custom) {
    warn(
      'generic-plan-differs',
      `A prepared statement gets another plan once the server stops planning it for its arguments: ${generic} instead of ${custom}.`,
    );
  }
  return findings;
}
