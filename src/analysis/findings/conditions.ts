import type { Conditions, Finding } from '../../results/index.js';
import { formatMs, formatPercent } from '../../units.js';

/** A canary that moves by less than this shows nothing that would matter to a comparison. */
const CANARY_MARGIN = 0.03;
const STEAL_SHARE = 0.01;
const FREQUENCY_CHANGE = 0.1;

/**
 * Why nothing that was measured under these conditions can be believed; null when they rule nothing out.
 *
 * @param conditions.interrupted is worth another attempt; changed rows are not: the exact neighbours are those of before
 */
export function voidReason({ server }: Conditions): string | null {
  if (server.interrupted) {
    return 'The server was started again, recovered from a crash, or lost its statistics while the point was measured.';
  }
  if (server.changedRows) {
    return `${server.changedRows} rows of the table were inserted, updated or deleted after it was loaded: the exact neighbours are those of before.`;
  }
  return null;
}

/** What a reader must know of the conditions under which a point was measured. */
export function conditionFindings({ attempt, server, machine, canary }: Conditions): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (severity: Finding['severity'], code: string, text: string): void =>
    void findings.push({ code, severity, text });
  const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

  if (attempt > 1) {
    add(
      'info',
      'measured-again',
      `The server was interrupted while this was measured; it was measured ${attempt} times, and the last one counts.`,
    );
  }
  if (server.checkpoints) {
    add('warning', 'checkpoint', `${times(server.checkpoints, 'checkpoint')} began while this was measured.`);
  }
  if (server.vacuums) {
    add(
      'warning',
      'vacuum',
      `${times(server.vacuums, 'VACUUM or ANALYZE run')} on the table ended while this was measured.`,
    );
  }
  if (server.autovacuumWorkers) {
    add(
      'warning',
      'autovacuum',
      `Autovacuum was at work while this was measured (${times(server.autovacuumWorkers, 'worker')}).`,
    );
  }
  if (server.otherSessions) {
    add(
      'warning',
      'other-sessions',
      `Up to ${times(server.otherSessions, 'session')} of others ran statements while this was measured.`,
    );
  }
  if ((machine.stealShare ?? 0) > STEAL_SHARE) {
    add(
      'warning',
      'cpu-steal',
      `${formatPercent(machine.stealShare ?? 0)} of the processor time went to other virtual machines.`,
    );
  }
  if (machine.swappedPages) add('warning', 'swapping', `The machine swapped (${times(machine.swappedPages, 'page')}).`);
  const { before: mhz, after: mhzAfter } = machine.mhz;
  if (mhz && mhzAfter && Math.abs(Math.log(mhzAfter / mhz)) > Math.log1p(FREQUENCY_CHANGE)) {
    add('warning', 'cpu-frequency', `The processor's clock went from ${mhz.toFixed(0)} to ${mhzAfter.toFixed(0)} MHz.`);
  }
  const load = Math.max(machine.load.before ?? 0, machine.load.after ?? 0);
  if (load > machine.cores) {
    add(
      'warning',
      'busy-machine',
      `The machine was busy with other work: a load of ${load.toFixed(1)} on ${times(machine.cores, 'processor')}.`,
    );
  }
  const moves = [
    ['an empty round trip', moveOf(canary.before.roundTripMs, canary.after.roundTripMs)],
    ['a loop of arithmetic', moveOf(canary.before.cpuMs, canary.after.cpuMs)],
  ] as const;
  const moved = moves.flatMap(([what, move]) =>
    move.moved ? [`${what} took ${formatMs(move.before)} before and ${formatMs(move.after)} after`] : [],
  );
  if (moved.length > 0) {
    add('warning', 'canary-moved', `The machine changed while this was measured: ${moved.join(', ')}.`);
  }
  return findings;
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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
