import { studentQuantile } from '../../analysis/index.js';

/** Throughput of so many clients at once. */
export interface LoadPoint {
  readonly clients: number;
  readonly ratePerSecond: number;
}

interface Bounded {
  readonly value: number;
  /** 95 % interval; null with too few points. */
  readonly low: number | null;
  readonly high: number | null;
}

/** X(N) = λN / (1 + σ(N − 1) + κN(N − 1)). */
export interface ScalabilityLaw {
  /** Rate of one client, measured. */
  readonly lambda: number;
  /** Contention: the share that is serial. */
  readonly sigma: Bounded;
  /** Coherency: what clients cost one another. */
  readonly kappa: Bounded;
  /** Clients at the highest rate; null when it grows without end (κ = 0). */
  readonly peakClients: number | null;
  /** Standard deviation of a point's N/C − 1 about the law. */
  readonly residual: number;
  readonly degrees: number;
}

/**
 * Fits the universal scalability law as Gunther does: y = N/C(N) − 1 with C = X(N)/X(1) is κx² + (σ + κ)x of x = N − 1,
 * by least squares through the origin. A negative κ has no meaning: then Amdahl's law (κ = 0) is fitted.
 *
 * Source: Gunther, _Guerrilla Capacity Planning_, Springer 2007, ch. 5.
 *
 * @returns null without a point of one client, or with fewer than two others
 */
export function fitScalability(points: readonly LoadPoint[]): ScalabilityLaw | null {
  const lambda = points.find(({ clients }) => clients === 1)?.ratePerSecond;
  const others = points.filter(({ clients }) => clients > 1);
  if (lambda === undefined || lambda <= 0 || others.length < 2) return null;
  const xy = others.map(({ clients, ratePerSecond }) => ({
    x: clients - 1,
    y: (clients * lambda) / ratePerSecond - 1,
  }));
  const quadratic = fitQuadratic(xy);
  const fit = quadratic !== null && quadratic.a.value > 0 ? quadratic : fitLine(xy);
  const sigma = shifted(fit.b, fit.a.value, fit.sigmaError);
  const t = fit.degrees > 0 ? studentQuantile(0.975, fit.degrees) : null;
  const bounded = (value: number, error: number): Bounded =>
    t === null
      ? { value, low: null, high: null }
      : { value, low: Math.max(0, value - t * error), high: value + t * error };
  const kappa = fit.a.value;
  return {
    lambda,
    sigma: bounded(sigma.value, sigma.error),
    kappa: bounded(kappa, fit.a.error),
    peakClients: kappa > 0 ? Math.sqrt((1 - Math.min(1, sigma.value)) / kappa) : null,
    residual: fit.residual,
    degrees: fit.degrees,
  };
}

interface Fit {
  /** κ. */
  readonly a: { readonly value: number; readonly error: number };
  /** σ + κ. */
  readonly b: { readonly value: number };
  readonly sigmaError: number;
  readonly residual: number;
  readonly degrees: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const total = (points: readonly Point[], of: (point: Point) => number): number =>
  points.reduce((sum, point) => sum + of(point), 0);

const shifted = (b: Fit['b'], a: number, error: number): { value: number; error: number } => ({
  value: Math.max(0, b.value - a),
  error,
});

/** y = ax² + bx; null when all x are the same. */
function fitQuadratic(points: readonly Point[]): Fit | null {
  const [x2, x3, x4] = [2, 3, 4].map((power) => total(points, ({ x }) => x ** power)) as [number, number, number];
  const [xy, x2y] = [total(points, ({ x, y }) => x * y), total(points, ({ x, y }) => x * x * y)];
  const determinant = x4 * x2 - x3 * x3;
  if (determinant <= 1e-9 * x4 * x2) return null;
  const a = (x2y * x2 - xy * x3) / determinant;
  const b = (xy * x4 - x2y * x3) / determinant;
  const degrees = points.length - 2;
  const variance = degrees > 0 ? total(points, ({ x, y }) => (y - a * x * x - b * x) ** 2) / degrees : 0;
  const [varA, varB, covariance] = [x2, x4, -x3].map((value) => (variance * value) / determinant) as [
    number,
    number,
    number,
  ];
  return {
    a: { value: a, error: Math.sqrt(varA) },
    b: { value: b },
    sigmaError: Math.sqrt(Math.max(0, varA + varB - 2 * covariance)),
    residual: Math.sqrt(variance),
    degrees,
  };
}

/** y = bx: Amdahl's law. */
function fitLine(points: readonly Point[]): Fit {
  const x2 = total(points, ({ x }) => x * x);
  const b = total(points, ({ x, y }) => x * y) / x2;
  const degrees = points.length - 1;
  const variance = degrees > 0 ? total(points, ({ x, y }) => (y - b * x) ** 2) / degrees : 0;
  return {
    a: { value: 0, error: 0 },
    b: { value: b },
    sigmaError: Math.sqrt(variance / x2),
    residual: Math.sqrt(variance),
    degrees,
  };
}

/** Rate of so many clients, with a 95 % prediction interval where points were left to estimate one from. */
export function predictRate(law: ScalabilityLaw, clients: number): Bounded {
  const rateAt = (y: number): number => (clients * law.lambda) / (1 + Math.max(0, y));
  const x = clients - 1;
  const y = law.kappa.value * x * x + (law.sigma.value + law.kappa.value) * x;
  if (law.degrees === 0) return { value: rateAt(y), low: null, high: null };
  const t = studentQuantile(0.975, law.degrees);
  const errorOf = ({ value, high }: Bounded): number => ((high ?? value) - value) / t;
  const spread = Math.hypot(law.residual, errorOf(law.sigma) * x, errorOf(law.kappa) * x * clients);
  return { value: rateAt(y), low: rateAt(y + t * spread), high: rateAt(y - t * spread) };
}
