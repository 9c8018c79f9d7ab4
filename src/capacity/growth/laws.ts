import { fitLine, type FittedLine, interval90, type LinePrior } from './bayes-line.js';

/** One size, measured. */
export interface GrowthPoint {
  readonly rows: number;
  readonly buildSeconds: number;
  /** The build outgrew maintenance_work_mem: its time follows another law. */
  readonly spilled: boolean;
  readonly indexBytes: number;
  /** Value of the recall knob that reaches the recall; null where none does, and then nothing below is known either. */
  readonly knob: number | null;
  /** The knob is at its lowest, which more than suffices: cost is then not that of the recall. */
  readonly isLowest: boolean;
  readonly buffers: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** The same round trip without a search. */
  readonly floorMs: number;
}

/** A figure that grows with the rows. */
export type GrowthFigure = 'buildSeconds' | 'indexBytes' | 'knob' | 'buffers' | 'p50Ms' | 'p95Ms';

export const GROWTH_FIGURES: readonly GrowthFigure[] = [
  'indexBytes',
  'buildSeconds',
  'knob',
  'buffers',
  'p50Ms',
  'p95Ms',
];

/** A value at a number of rows, with a 90 % prediction interval. */
export interface Predicted {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The form of a law: log(value over `base`) = α + β · log(rows), so that the value is the base times a power of the rows.
 */
interface Form {
  readonly valueOf: (point: GrowthPoint) => number | null;
  /** What is known of the value from its physics, up to a power of the rows. */
  readonly base: (rows: number, context: GrowthContext) => number;
  /** Added afterwards: what does not grow. */
  readonly constant: (points: readonly GrowthPoint[]) => number;
  readonly prior: LinePrior;
  /** Where the knob stays at its lowest; absent: the same. Null: it does not grow there. */
  readonly priorAtLowest?: LinePrior | null;
}

/** What is known without measuring. */
export interface GrowthContext {
  /** Bytes of the index over so many rows, by the model of its pages. */
  readonly modelledBytes: (rows: number) => number;
}

const none = (): number => 0;
const floorOf = (points: readonly GrowthPoint[]): number => Math.min(...points.map(({ floorMs }) => floorMs));

/*
 * Priors, from pgvector's source and from several data sets: the candidates that a recall takes grow with N^0…0.4, least
 * where the data has few dimensions of its own; buffers with half of that, for half of them do not depend on the
 * candidates; time with buffers, and with the caches that a larger index no longer fits; an insert into a graph in memory
 * costs log N, and its caches. Rows with equal vectors share an element, of which a subset has fewer, so that size may
 * grow by less than the model of its pages. A recall of some hundred queries shows the knob to about 10 %.
 */
const FORMS: Readonly<Record<GrowthFigure, Form>> = {
  indexBytes: {
    valueOf: ({ indexBytes }) => indexBytes,
    base: (rows, { modelledBytes }) => modelledBytes(rows),
    constant: none,
    prior: { slope: 0, slopeSd: 0.05, noiseSd: 0.005, noiseDegrees: 4 },
  },
  buildSeconds: {
    valueOf: ({ buildSeconds, spilled }) => (spilled ? null : buildSeconds),
    base: (rows) => rows * Math.log(rows),
    constant: none,
    prior: { slope: 0.1, slopeSd: 0.15, noiseSd: 0.15, noiseDegrees: 4 },
  },
  knob: {
    valueOf: ({ knob }) => knob,
    base: () => 1,
    constant: none,
    prior: { slope: 0.2, slopeSd: 0.13, noiseSd: 0.1, noiseDegrees: 4 },
    priorAtLowest: null,
  },
  buffers: {
    valueOf: ({ buffers }) => buffers,
    base: () => 1,
    constant: none,
    prior: { slope: 0.17, slopeSd: 0.08, noiseSd: 0.06, noiseDegrees: 4 },
    priorAtLowest: { slope: 0.08, slopeSd: 0.04, noiseSd: 0.03, noiseDegrees: 4 },
  },
  p50Ms: {
    valueOf: ({ p50Ms }) => p50Ms,
    base: () => 1,
    constant: floorOf,
    prior: { slope: 0.22, slopeSd: 0.12, noiseSd: 0.08, noiseDegrees: 4 },
    priorAtLowest: { slope: 0.15, slopeSd: 0.1, noiseSd: 0.08, noiseDegrees: 4 },
  },
  p95Ms: {
    valueOf: ({ p95Ms }) => p95Ms,
    base: () => 1,
    constant: floorOf,
    prior: { slope: 0.22, slopeSd: 0.12, noiseSd: 0.15, noiseDegrees: 4 },
    priorAtLowest: { slope: 0.15, slopeSd: 0.1, noiseSd: 0.15, noiseDegrees: 4 },
  },
};

/** A fitted law. */
export interface GrowthLaw {
  readonly figure: GrowthFigure;
  /** Power of the rows that is left beside the form's base, and its standard deviation. */
  readonly power: number;
  readonly powerSd: number;
  /** Sizes that it rests on. */
  readonly sizes: number;
  readonly at: (rows: number) => Predicted;
}

/**
 * Fits one figure; null where no size has it. Where the search is at its lowest setting on small sizes and above it on
 * large ones, only sizes of one sort follow one law.
 *
 * @param atLowest which sort: that of the largest size, as a rule
 */
export function fitGrowth(
  figure: GrowthFigure,
  points: readonly GrowthPoint[],
  context: GrowthContext,
  atLowest: boolean = points.at(-1)?.isLowest ?? false,
): GrowthLaw | null {
  const { valueOf, base, constant, prior: usual, priorAtLowest = usual } = FORMS[figure];
  const depends = priorAtLowest !== usual;
  const prior = atLowest ? priorAtLowest : usual;
  const measured = points.filter((point) => (valueOf(point) ?? 0) > 0 && (!depends || point.isLowest === atLowest));
  if (measured.length === 0 || prior === null) return null;
  const fixed = Math.min(constant(measured), 0.9 * Math.min(...measured.map((point) => valueOf(point)!)));
  const line: FittedLine = fitLine(
    measured.map((point) => ({
      x: Math.log(point.rows),
      y: Math.log((valueOf(point)! - fixed) / base(point.rows, context)),
    })),
    prior,
  );
  return {
    figure,
    power: line.slope,
    powerSd: line.slopeSd,
    sizes: measured.length,
    at(rows) {
      const { value, low, high } = interval90(line, Math.log(rows));
      const scaled = (logarithm: number): number => fixed + base(rows, context) * Math.exp(logarithm);
      return { value: scaled(value), low: scaled(low), high: scaled(high) };
    },
  };
}

export const measuredFigure = (figure: GrowthFigure, point: GrowthPoint): number | null => FORMS[figure].valueOf(point);
