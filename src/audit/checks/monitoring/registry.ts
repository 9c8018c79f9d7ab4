import type { FindingOf } from '../../../findings.js';
import { loggingGap } from './logging-gap.js';
import { noStatementStatistics } from './no-statement-statistics.js';

/** What nobody would see. */
export const monitoringChecks = [noStatementStatistics, loggingGap] as const;

export type MonitoringFinding = FindingOf<(typeof monitoringChecks)[number]>;
