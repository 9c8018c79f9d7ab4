import { performance } from 'node:perf_hooks';
import { SingleBar } from 'cli-progress';
import { type Outlook, type ProgressUnit, type Reporter, silentReporter, type Task } from '../progress.js';
import { textOf, textsIn } from '../reports/index.js';
import { printableLine } from '../printable.js';
import { formatCount, formatMs } from '../units.js';
import type { Io } from './io.js';

/** How often a long piece of work says a word where no bar can be drawn. */
const LINE_EVERY_MS = 15_000;
/** Before so much of a piece of work is done, what is left of it is anybody's guess. */
const LEAST_SHARE = 0.02;

/**
 * Progress on standard error: bars with an estimate of the time left on a terminal, plain lines elsewhere. A line says where
 * a search is, and how long the whole run will probably go on.
 */
export function createReporter(io: Io, { quiet = false }: { readonly quiet?: boolean }): Reporter {
  if (quiet) return silentReporter;
  const { stages, notes, places } = textsIn('en');
  let said = '';
  let runEndsAt: number | null = null;
  const runLeft = (leastMs = 0): string => {
    // A run takes no less than what is under way.
    const leftMs = runEndsAt === null ? 0 : Math.max(leastMs, runEndsAt - performance.now());
    return leftMs > 0 ? `, whole run: about ${formatMs(leftMs, 2)} left` : '';
  };
  return {
    start(stage, total, unit) {
      const label = printableLine(textOf(stages, stage));
      return io.stderr.isTTY ? bar(io, label, { total, runLeft }) : lines(io, label, { total, unit, runLeft });
    },
    note: (note) => void io.stderr.write(`${printableLine(textOf(notes, note))}\n`),
    moveTo({ at, expectedSeconds }: Outlook) {
      runEndsAt = expectedSeconds === null ? null : performance.now() + expectedSeconds * 1000;
      const text = printableLine(textOf(places, at));
      if (text === said) return;
      said = text;
      io.stderr.write(`${text}${runLeft()}\n`);
    },
  };
}

const LABEL_WIDTH = 44;

interface Whole {
  readonly total: number;
  /** What is left of the run that this is a part of, as the end of a sentence; empty where nobody can say. */
  readonly runLeft: (leastMs?: number) => string;
}

function bar(io: Io, label: string, { total, runLeft }: Whole): Task {
  const drawn = new SingleBar({
    stream: io.stderr,
    format: `${label.padEnd(LABEL_WIDTH).slice(0, Math.max(LABEL_WIDTH, label.length))} {bar} {percentage} %  {duration_formatted}, {eta_formatted} left{run}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    etaBuffer: 50,
  });
  drawn.start(total, 0, { run: runLeft() });
  return {
    update: (done) => drawn.update(Math.min(done, total), { run: runLeft() }),
    finish() {
      drawn.update(total, { run: '' });
      drawn.stop();
    },
  };
}

function lines(io: Io, label: string, { total, unit, runLeft }: Whole & { readonly unit: ProgressUnit }): Task {
  const start = performance.now();
  let lastLine = start;
  return {
    update(done) {
      const now = performance.now();
      if (now - lastLine < LINE_EVERY_MS) return;
      lastLine = now;
      const count = unit === 'share' ? '' : ` (${formatCount(done)} of ${formatCount(total)} ${unit})`;
      const share = done / total;
      const leftMs = share < LEAST_SHARE ? 0 : ((now - start) * (1 - share)) / share;
      const left = leftMs > 0 ? `, about ${formatMs(leftMs, 2)} left` : '';
      io.stderr.write(`${label}: ${Math.floor(100 * share)} %${count}${left}${runLeft(leftMs)}\n`);
    },
    finish: () => void io.stderr.write(`${label}: done in ${formatMs(performance.now() - start)}\n`),
  };
}
