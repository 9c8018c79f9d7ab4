import type { Finding, ScheduleKept, ThroughputFigures } from '../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../units.js';

/** A client thread that is busy for more of its time than this adds waits of its own to every latency. */
const BUSY_CLIENT = 0.5;
/** Above this share of the p99, what is quoted as the server's tail is in good part the client's lateness. */
const LAG_SHARE = 0.2;
/** Processors that are busier than this have nothing left to give. */
const FULL = 0.9;

export interface LoadEvidence extends Pick<ThroughputFigures, 'latencyMs' | 'errors' | 'eventLoopUtilisation' | 'cpu'> {
  readonly schedule: ScheduleKept | null;
  /** p99 of the lag of requests that found a connection free: the client's own lateness. Null for a closed loop. */
  readonly ownLagP99Ms: number | null;
}

/** What a reader of a load's figures must know beside them. */
export function throughputFindings(evidence: LoadEvidence): readonly Finding[] {
  return [...errorFindings(evidence), ...clientFindings(evidence), ...lateFindings(evidence)];
}

function errorFindings({ errors, latencyMs }: LoadEvidence): readonly Finding[] {
  const kinds = Object.entries(errors);
  if (kinds.length === 0) return [];
  const failed = kinds.reduce((sum, [, times]) => sum + times, 0);
  const share = formatPercent(failed / (failed + latencyMs.n));
  const list = kinds.map(([sqlstate, times]) => `${sqlstate} ${formatCount(times)}×`).join(', ');
  return [warning('errors', `${share} of the queries failed (SQLSTATE ${list}); they are in no other figure.`)];
}

/** Whether the figures are those of the server. */
function clientFindings({ eventLoopUtilisation, latencyMs, cpu, ownLagP99Ms }: LoadEvidence): readonly Finding[] {
  const findings: Finding[] = [];
  const busiest = Math.max(0, ...eventLoopUtilisation);
  if (busiest > BUSY_CLIENT) {
    findings.push(
      warning(
        'client-bound',
        `The client was the bottleneck: a thread of it was busy for ${formatPercent(busiest, 0)} of the time.`,
      ),
    );
  }
  const p99 = latencyMs.quantiles.find(({ p }) => p === 0.99)?.estimate?.value;
  if (ownLagP99Ms !== null && p99 !== undefined && ownLagP99Ms > LAG_SHARE * p99) {
    findings.push(
      warning(
        'client-late',
        `The client was late by itself: ${formatMs(ownLagP99Ms)} at its 99th percentile, of a p99 of ${formatMs(p99)}.`,
      ),
    );
  }
  if (cpu.server !== null && cpu.client + cpu.server > FULL * cpu.cores) {
    const share = formatPercent(cpu.client / (cpu.client + cpu.server), 0);
    findings.push({
      code: 'shared-processors',
      severity: 'info',
      text: `Client and server had all ${cpu.cores} processors busy, and the client took ${share} of that: these are figures of both together.`,
    });
  }
  return findings;
}

function lateFindings({ schedule }: LoadEvidence): readonly Finding[] {
  if (schedule === null || schedule.late === 0) return [];
  const share = formatPercent(schedule.late / schedule.due);
  const text = `${share} of the queries found no connection free when they were due; their wait is part of their latency.`;
  return [{ code: 'late', severity: 'info', text }];
}

const warning = (code: string, text: string): Finding => ({ code, severity: 'warning', text });
