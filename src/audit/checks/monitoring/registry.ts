import type { FindingOf } from '../../../findings.js';
import { loggingGap } from './logging-gap.js';
import { noStatementStatistics } from './no-statement-statistics.js';
import { statementStatisticsDefect } from './statement-statistics-defect.js';

/** What nobody would see. */
export const monitoringChecks = [statementStatisticsDefect, noStatementStatistics, loggingGap] as const;

export type MonitoringFinding = FindingOf<(typeof monitoringChecks)[number]>;
