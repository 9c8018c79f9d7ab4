import type { GrowthFigure, Predicted, RowLimit } from '../../capacity/index.js';
import { formatBytes, formatCount, formatMs } from '../../units.js';

/** How a figure that grows is called and written. */
export interface FigureText {
  readonly title: string;
  /** With a unit. */
  readonly text: (value: number) => string;
}

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

/** @param knob name of the recall knob: `ef_search`, `probes` */
export const figureTexts = (knob: string): Readonly<Record<GrowthFigure, FigureText>> => ({
  indexBytes: { title: 'index size', text: formatBytes },
  buildSeconds: { title: 'build time', text: (seconds) => formatMs(1000 * seconds) },
  knob: { title: `${knob} for the recall`, text: (value) => decimals(value) },
  buffers: { title: 'buffers per query', text: formatCount },
  p50Ms: { title: 'p50', text: formatMs },
  p95Ms: { title: 'p95', text: formatMs },
});

/** `1.2 ms [0.9, 1.6]`, the unit once where all three share it. */
export function intervalText({ value, low, high }: Predicted, { text }: FigureText): string {
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

/** What a limit is, and what to do beyond it. */
export function limitText({ code, bound }: RowLimit, knob: string): { readonly why: string; readonly remedy: string } {
  switch (code) {
    case 'memory':
      return {
        why: `the index no longer fits in the ${formatBytes(bound)} of memory available to cache data`,
        remedy:
          'Each query then reads pages from disk. Add memory, or keep less of each vector (`halfvec`, `bit` with re-ranking); past one machine, divide the rows among partitions on several servers.',
      };
    case 'index_size':
      return {
        why: `the index exceeds the ${formatBytes(bound)} that you allow`,
        remedy: 'Keep less of each vector, or raise `index_size`.',
      };
    case 'p95':
      return {
        why: `p95 exceeds the ${formatMs(bound)} that you allow`,
        remedy: 'Partition the table by a column that queries name, lower the recall target, or choose faster cores.',
      };
    case 'build_time':
      return {
        why: `a build takes longer than the ${formatMs(1000 * bound)} that you allow`,
        remedy: 'Build with more workers (`max_parallel_maintenance_workers`), or per partition.',
      };
    case 'build_memory':
      return {
        why: `a build outgrows \`maintenance_work_mem\` = ${formatBytes(bound)}`,
        remedy:
          'Raise `maintenance_work_mem` for the build (`pgvtune plan` computes how far), or keep less of each vector: beyond it a build takes several times longer.',
      };
    case 'knob':
      return {
        why: `the recall needs ${knob} beyond ${formatCount(bound)}, the most that the server allows`,
        remedy: 'Build with a larger m and ef_construction, or partition the table.',
      };
    case 'peak':
      return {
        why: `one server no longer serves ${decimals(bound)} queries a second`,
        remedy: 'Add read replicas: each serves as many again.',
      };
  }
}
