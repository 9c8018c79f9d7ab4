import { Counter, Gauge, Registry } from 'prom-client';
import { printable } from '../../printable.js';

export type Labels = Readonly<Record<string, string>>;

/** A metric with all of its samples at one moment. */
export interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly { readonly labels: Labels; readonly value: number }[];
}

/**
 * The text format of Prometheus; a metric without samples is left out.
 *
 * @param shown what is shown of the value of a label; default: all of it
 */
export async function textOfMetrics(
  metrics: readonly Metric[],
  shown = (value: string): string => value,
): Promise<string> {
  const registry = new Registry();
  for (const { name, type, help, samples } of metrics) {
    if (samples.length === 0) continue;
    const labelNames = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))];
    const options = { name, help, labelNames, registers: [registry] };
    if (type === 'gauge') {
      const gauge = new Gauge(options);
      for (const { labels, value } of samples) gauge.set(shownIn(labels, shown), value);
    } else {
      const counter = new Counter(options);
      for (const { labels, value } of samples) counter.inc(shownIn(labels, shown), value);
    }
  }
  return registry.metrics();
}

const shownIn = (labels: Labels, shown: (value: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, printable(shown(value))]));
