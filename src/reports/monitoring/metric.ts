import type { CounterTotals } from '../../monitoring/index.js';
import type { Labels, Metric } from '../exports/text-format.js';

export type Samples = readonly (readonly [Labels, number | null])[];

const metric =
  (type: Metric['type']) =>
  (name: string, help: string, samples: number | null | Samples): Metric => ({
    name: `pgvtune_${name}`,
    type,
    help,
    samples: (typeof samples === 'object' && samples !== null ? samples : [[{}, samples] as const]).flatMap(
      ([labels, value]) => (value === null ? [] : [{ labels, value }]),
    ),
  });
export const gauge = metric('gauge');
export const counter = metric('counter');

export const inSeconds = (ms: number | null | undefined): number | null => (typeof ms === 'number' ? ms / 1000 : null);
export const seconds = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso) / 1000);

/** One metric over the named objects, and over the others together. */
export const ofCounters = <Name extends string>(
  { named, other }: CounterTotals<Name>,
  labels: (key: string) => Labels,
  otherLabels: Labels,
) => {
  return (name: string, help: string, value: (values: Readonly<Record<Name, number>>) => number): Metric =>
    counter(name, help, [
      ...[...named].map(([key, values]) => [labels(key), value(values)] as const),
      [otherLabels, value(other)],
    ]);
};
