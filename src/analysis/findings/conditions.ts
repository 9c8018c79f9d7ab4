import { isBusy } from '../../other-work.js';
import { type Conditions, findings, type RecordedFinding, type Reason } from '../../results/index.js';
import { median } from '../stats/median.js';

/** A canary that moves by less than this shows nothing that would matter to a comparison. */
const CANARY_MARGIN = 0.03;
const STEAL_SHARE = 0.01;
const FREQUENCY_CHANGE = 0.1;

/**
 * Why nothing that was measured under these conditions can be trusted; null when they rule nothing out.
 *
 * @param conditions.interrupted is worth another attempt; changed rows are not: the exact neighbours are those of before
 */
export function voidReason({ server }: Conditions): Reason | null {
  if (server.interrupted) return { code: 'server-interrupted', data: {} };
  return server.changedRows ? { code: 'rows-changed', data: { rows: server.changedRows } } : null;
}

/** What a reader must know of the conditions under which something was measured. */
export function conditionFindings({ attempt, server, machine, canary }: Conditions): readonly RecordedFinding[] {
  const { before: mhz, after: mhzAfter } = machine.mhz;
  const { otherWork } = machine;
  const roundTrip = moveOf(canary.before.roundTripMs, canary.after.roundTripMs);
  const cpu = moveOf(canary.before.cpuMs, canary.after.cpuMs);
  const moved = ({ moved, before, after }: CanaryMove) => (moved ? { beforeMs: before, afterMs: after } : null);
  const { checkpoints, vacuums, autovacuumWorkers, otherSessions } = server;
  return [
    ...(attempt > 1 ? [findings.measuredAgain.of({ attempts: attempt })] : []),
    ...(checkpoints ? [findings.checkpoint.of({ checkpoints })] : []),
    ...(vacuums ? [findings.vacuum.of({ runs: vacuums })] : []),
    ...(autovacuumWorkers ? [findings.autovacuum.of({ workers: autovacuumWorkers })] : []),
    ...(otherSessions ? [findings.otherSessions.of({ sessions: otherSessions })] : []),
    ...((machine.stealShare ?? 0) > STEAL_SHARE
      ? [findings.cpuSteal.of({ share: Math.min(1, machine.stealShare ?? 0) })]
      : []),
    ...(machine.swappedPages ? [findings.swapping.of({ pages: machine.swappedPages })] : []),
    ...(mhz && mhzAfter && Math.abs(Math.log(mhzAfter / mhz)) > Math.log1p(FREQUENCY_CHANGE)
      ? [findings.cpuFrequency.of({ beforeMhz: mhz, afterMhz: mhzAfter })]
      : []),
    ...(otherWork && isBusy(otherWork) ? [findings.busyMachine.of({ ...otherWork })] : []),
    ...(roundTrip.moved || cpu.moved
      ? [findings.canaryMoved.of({ roundTrip: moved(roundTrip), cpu: moved(cpu) })]
      : []),
  ];
}

/** Medians before and after, and whether they differ by more than the batches of one side do. */
export interface CanaryMove {
  readonly before: number;
  readonly after: number;
  readonly moved: boolean;
}

/**
 * A canary has moved when every batch after is slower, or every one quicker, than every batch before, and the medians
 * differ by more than 3 %. If nothing changed, n and n batches separate so with a probability of 2 · n!²/(2n)!: 0.2 %
 * for six and six.
 */
export function moveOf(before: readonly number[], after: readonly number[]): CanaryMove {
  const [a, b] = [median(before), median(after)];
  const apart = Math.max(...before) < Math.min(...after) || Math.max(...after) < Math.min(...before);
  return { before: a, after: b, moved: apart && Math.abs(Math.log(b / a)) > Math.log1p(CANARY_MARGIN) };
}
