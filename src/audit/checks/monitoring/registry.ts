import type { FindingOf } from '../../../findings.js';
import { loggingGap } from './logging-gap.js';

/** What nobody would see. */
export const monitoringChecks = [loggingGap] as const;

export type MonitoringFinding = FindingOf<(typeof monitoringChecks)[number]>;
