/** An estimate with its 95 % interval; a figure that is exact has no width. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
