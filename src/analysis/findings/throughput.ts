import { findings, type RecordedFinding, type ScheduleKept, type ThroughputFigures } from '../../results/index.js';
import { latencyQuantile } from '../estimates/latency-quantile.js';

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
export function throughputFindings(evidence: LoadEvidence): readonly RecordedFinding[] {
  return [...errorFindings(evidence), ...clientFindings(evidence), ...lateFindings(evidence)];
}

function errorFindings({ errors, latencyMs }: LoadEvidence): readonly RecordedFinding[] {
  const failed = Object.values(errors).reduce((sum, times) => sum + times, 0);
  return failed === 0
    ? []
    : [findings.queryErrors.of({ share: failed / (failed + latencyMs.n), bySqlstate: { ...errors } })];
}

/** Whether the figures are those of the server. */
function clientFindings({
  eventLoopUtilisation,
  latencyMs,
  cpu,
  ownLagP99Ms,
}: LoadEvidence): readonly RecordedFinding[] {
  // The clocks of processor and wall may differ by a rounding.
  const busyShare = Math.min(1, Math.max(0, ...eventLoopUtilisation));
  const p99Ms = latencyQuantile({ latencyMs }, 0.99)?.estimate?.value;
  const { cores, client, server } = cpu;
  return [
    ...(busyShare > BUSY_CLIENT ? [findings.clientBound.of({ busyShare })] : []),
    ...(ownLagP99Ms !== null && p99Ms !== undefined && ownLagP99Ms > LAG_SHARE * p99Ms
      ? [findings.clientLate.of({ lagP99Ms: ownLagP99Ms, p99Ms })]
      : []),
    ...(server !== null && client + server > FULL * cores
      ? [findings.sharedProcessors.of({ cores, clientShare: client / (client + server) })]
      : []),
  ];
}

const lateFindings = ({ schedule }: LoadEvidence): readonly RecordedFinding[] =>
  schedule === null || schedule.late === 0 ? [] : [findings.lateQueries.of({ share: schedule.late / schedule.due })];
