/** What one point says about the price of a buffer. */
export interface CostPoint {
  /** Points whose buffers cost the same: one index kind in one cache state. */
  readonly group: string;
  /** Mean buffers of 8 kB a query. */
  readonly buffers: number;
  /** Median latency of a query. */
  readonly latencyMs: number;
}

/** latencyMs ≈ fixedMs + msPerBuffer · buffers. */
export interface Calibration {
  readonly fixedMs: number;
  readonly fixedMsError: number;
  readonly msPerBuffer: number;
  readonly msPerBufferError: number;
  /** Standard deviation of a point about the line, in milliseconds. */
  readonly residualMs: number;
  readonly points: number;
}

/** A line goes through any two points: the third is the first that can contradict it. */
const LEAST_DISTINCT = 3;

/**
 * Fits what a query costs beside its buffers, and what a buffer costs, by least squares; errors are standard errors.
 * Groups with fewer than three different numbers of buffers are left out: nothing can be said about them.
 */
export async function calibrate(points: readonly CostPoint[]): Promise<ReadonlyMap<string, Calibration>> {
  const groups = new Map<string, CostPoint[]>();
  for (const point of points) groups.set(point.group, [...(groups.get(point.group) ?? []), point]);
  const fits = new Map<string, Calibration>();
  for (const [group, members] of groups) {
    const distinct = new Set(members.map(({ buffers }) => buffers)).size;
    if (distinct >= LEAST_DISTINCT) fits.set(group, await fitLine(members));
  }
  return fits;
}

async function fitLine(points: readonly CostPoint[]): Promise<Calibration> {
  // Loaded here: its import takes longer than many a command.
  const { inv, multiply, transpose } = await import('mathjs');
  // Buffers about their mean, in which the two coefficients do not depend on each other.
  const centre = points.reduce((sum, { buffers }) => sum + buffers, 0) / points.length;
  const design = points.map(({ buffers }) => [1, buffers - centre]);
  const latencies = points.map(({ latencyMs }) => latencyMs);
  const inverse = inv(multiply(transpose(design), design));
  const [level, slope] = multiply(inverse, multiply(transpose(design), latencies)) as unknown as [number, number];
  const squares = points.reduce(
    (sum, { buffers, latencyMs }) => sum + (latencyMs - level - slope * (buffers - centre)) ** 2,
    0,
  );
  const variance = squares / (points.length - 2);
  const [levelVariance, slopeVariance] = [inverse[0]![0]! * variance, inverse[1]![1]! * variance];
  return {
    fixedMs: level - slope * centre,
    fixedMsError: Math.sqrt(levelVariance + slopeVariance * centre ** 2),
    msPerBuffer: slope,
    msPerBufferError: Math.sqrt(slopeVariance),
    residualMs: Math.sqrt(variance),
    points: points.length,
  };
}
