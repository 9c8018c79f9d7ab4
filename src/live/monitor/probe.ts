import { latencyQuantile } from '../../analysis/index.js';
import { PgvtuneError } from '../../errors.js';
import { monotonicClock } from '../../measure/index.js';
import type { ProbeState, RecallProbe } from '../../monitoring/index.js';
import type { Session } from '../../postgres/index.js';
import { silentReporter } from '../../progress.js';
import { measureLiveRecall } from '../recall/measure.js';
import type { LiveRecall } from '../recall/report.js';

export interface ProbeOptions {
  /** As in SQL, with its schema. */
  readonly tables: readonly string[];
  readonly everyMs: number;
  readonly queries: number;
  readonly k: number;
  /** What the exact scans of one probe may be expected to take, and one of its statements at most. */
  readonly budgetMs: number;
}

/** Recall probes of some tables, each at its interval. */
export interface Prober {
  /** Makes the one probe that is due first, if any is. */
  readonly probeIfDue: (session: Session) => Promise<void>;
  readonly probes: () => readonly RecallProbe[];
}

/** @param onFailure told what a probe that failed says */
export function createProber(options: ProbeOptions, onFailure: (table: string, error: PgvtuneError) => void): Prober {
  const probes = options.tables.map((table) => ({ table, dueMs: 0, probe: firstProbe(table) }));
  return {
    async probeIfDue(session) {
      const due = probes.toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (!due || performance.now() < due.dueMs) return;
      const runs = due.probe.runs + 1;
      try {
        const measured = await measure(session, due.table, options, runs);
        due.probe = { ...due.probe, ...measured, measured: measured.measured ?? due.probe.measured, runs };
      } catch (error) {
        if (!(error instanceof PgvtuneError) || error.code === 'interrupted') throw error;
        due.probe = { ...due.probe, state: 'failed', runs };
        onFailure(due.table, error);
      } finally {
        due.dueMs = performance.now() + options.everyMs;
      }
    },
    probes: () => probes.map(({ probe }) => probe),
  };
}

const firstProbe = (table: string): RecallProbe => ({
  table,
  state: 'not-yet',
  runs: 0,
  expectedMs: null,
  measured: null,
});

/** Other rows each time: what one sample missed, the next may find. */
async function measure(
  session: Session,
  table: string,
  { queries, k, budgetMs }: ProbeOptions,
  seed: number,
): Promise<Pick<RecallProbe, 'state' | 'expectedMs' | 'measured'>> {
  const report = await measureLiveRecall({
    session,
    table,
    k,
    queries,
    settings: {},
    mostExactMs: budgetMs,
    deadlineMs: budgetMs,
    seed,
    clock: monotonicClock,
    reporter: silentReporter,
  });
  return {
    state: STATES[report.verdict],
    expectedMs: report.cost?.expectedMs ?? null,
    measured: report.measured === null ? null : figuresOf(report.measured, k),
  };
}

const STATES: Readonly<Record<LiveRecall['verdict'], ProbeState>> = {
  measured: 'measured',
  reached: 'measured',
  'not reached': 'measured',
  inconclusive: 'measured',
  'no index used': 'no-index-used',
  'too expensive': 'too-expensive',
  void: 'void',
};

const figuresOf = (measured: NonNullable<LiveRecall['measured']>, k: number): NonNullable<RecallProbe['measured']> => ({
  atMs: Date.now(),
  k,
  queries: measured.recall.queries,
  recall: measured.recall.mean,
  completeness: measured.completeness.mean,
  medianMs: latencyQuantile({ latencyMs: measured.latencyMs.first }, 0.5)?.estimate?.value ?? null,
  buffers: measured.buffers.mean.value,
});
