import type { Severity } from '../findings.js';
import type { Colors } from './style.js';

/** The word that leads the line of a finding. */
export const severityMarks = (paint: Colors): Readonly<Record<Severity, string>> => ({
  high: paint.red('high  '),
  medium: paint.yellow('medium'),
  low: paint.cyan('low   '),
  info: paint.dim('info  '),
});
