import { studentQuantile } from '../../analysis/index.js';

/** What is known of a line y = α + βx before the data: nothing of α, β as a normal, the noise as a scaled inverse χ². */
export interface LinePrior {
  readonly slope: number;
  readonly slopeSd: number;
  /** Standard deviation of y about the line, and how many observations that is worth. */
  readonly noiseSd: number;
  readonly noiseDegrees: number;
}

export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/** The line after the data, and what to expect of another observation. */
export interface FittedLine {
  readonly slope: number;
  readonly slopeSd: number;
  /** Degrees of freedom of the prediction: Student's t. */
  readonly degrees: number;
  /** Expected y at x, and its standard deviation as an observation. */
  readonly predict: (x: number) => { readonly value: number; readonly sd: number };
}

/**
 * Bayesian linear regression with the conjugate prior, so that three or four sizes suffice: the prior steadies the slope,
 * and the prediction still widens with the distance from the data.
 *
 * Source: Gelman et al., _Bayesian Data Analysis_, 3rd ed., § 14.8 (prior as additional data).
 *
 * @param points at least one
 */
export function fitLine(points: readonly LinePoint[], prior: LinePrior): FittedLine {
  const n = points.length;
  if (n === 0) throw new RangeError('Expected at least one point, got none.');
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  const xx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const xy = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const yy = points.reduce((sum, { y }) => sum + (y - meanY) ** 2, 0);
  // α has no prior, so everything may be centred; the prior of β is an observation of weight (noise / slope)².
  const weight = (prior.noiseSd / prior.slopeSd) ** 2;
  const precision = xx + weight;
  const slope = (xy + weight * prior.slope) / precision;
  const degrees = prior.noiseDegrees + n - 1;
  const squares = yy + weight * prior.slope ** 2 - precision * slope ** 2;
  const variance = (prior.noiseDegrees * prior.noiseSd ** 2 + Math.max(0, squares)) / degrees;
  return {
    slope,
    slopeSd: Math.sqrt(variance / precision),
    degrees,
    predict: (x) => ({
      value: meanY + slope * (x - meanX),
      sd: Math.sqrt(variance * (1 + 1 / n + (x - meanX) ** 2 / precision)),
    }),
  };
}

/** 90 % prediction interval of y at x. */
export function interval90(
  line: FittedLine,
  x: number,
): { readonly value: number; readonly low: number; readonly high: number } {
  const { value, sd } = line.predict(x);
  const t = studentQuantile(0.95, line.degrees);
  return { value, low: value - t * sd, high: value + t * sd };
}
