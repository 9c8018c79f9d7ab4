import { performance } from 'node:perf_hooks';
import { SingleBar } from 'cli-progress';
import { type ProgressUnit, type Reporter, silentReporter, type Task } from '../progress.js';
import { textOf, textsIn } from '../reports/index.js';
import { formatCount, formatMs } from '../units.js';
import type { Io } from './io.js';

/** How often a long piece of work says a word where no bar can be drawn. */
const LINE_EVERY_MS = 15_000;

/** Progress on standard error: bars with an estimate of the time left on a terminal, plain lines elsewhere. */
export function createReporter(io: Io, { quiet = false }: { readonly quiet?: boolean }): Reporter {
  if (quiet) return silentReporter;
  const { stages, notes } = textsIn('en');
  return {
    start(stage, total, unit) {
      const label = textOf(stages, stage);
      return io.stderr.isTTY ? bar(io, label, total) : lines(io, label, total, unit);
    },
    note: (note) => void io.stderr.write(`${textOf(notes, note)}\n`),
  };
}

const LABEL_WIDTH = 44;

function bar(io: Io, label: string, total: number): Task {
  const drawn = new SingleBar({
    stream: io.stderr,
    format: `${label.padEnd(LABEL_WIDTH).slice(0, Math.max(LABEL_WIDTH, label.length))} {bar} {percentage} %  {duration_formatted}, {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    etaBuffer: 50,
  });
  drawn.start(total, 0);
  return {
    update: (done) => drawn.update(Math.min(done, total)),
    finish() {
      drawn.update(total);
      drawn.stop();
    },
  };
}

function lines(io: Io, label: string, total: number, unit: ProgressUnit): Task {
  const start = performance.now();
  let lastLine = start;
  return {
    update(done) {
      const now = performance.now();
      if (now - lastLine < LINE_EVERY_MS) return;
      lastLine = now;
      const count = unit === 'share' ? '' : ` (${formatCount(done)} of ${formatCount(total)} ${unit})`;
      io.stderr.write(`${label}: ${Math.floor((100 * done) / total)} %${count}\n`);
    },
    finish: () => void io.stderr.write(`${label}: done in ${formatMs(performance.now() - start)}\n`),
  };
}
