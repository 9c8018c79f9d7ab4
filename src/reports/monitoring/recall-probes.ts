import { PROBE_STATES, type RecallProbe } from '../../monitoring/index.js';
import type { Metric } from '../exports/text-format.js';
import { counter, gauge, inSeconds, type Samples } from './metric.js';

/** Recall as it was last measured on each table. */
export function metricsOfProbes(probes: readonly RecallProbe[]): readonly Metric[] {
  const of = (value: (probe: RecallProbe) => number | null | undefined): Samples =>
    probes.map((probe) => [{ table: probe.table }, value(probe) ?? null]);
  return [
    gauge(
      'recall_probe_state',
      'What became of the last recall probe: 1 for its state, 0 for all others.',
      probes.flatMap(({ table, state }) =>
        PROBE_STATES.map((one) => [{ table, state: one }, Number(one === state)] as const),
      ),
    ),
    counter(
      'recall_probes_total',
      'Recall probes that were begun.',
      of(({ runs }) => runs),
    ),
    gauge(
      'recall_probe_expected_seconds',
      'What the exact scans of a recall probe are expected to take.',
      of(({ expectedMs }) => inSeconds(expectedMs)),
    ),
    gauge(
      'recall_probe_timestamp_seconds',
      'When recall was last measured.',
      of(({ measured }) => inSeconds(measured?.atMs)),
    ),
    gauge(
      'recall_ratio',
      'Mean recall against an exact scan, as last measured.',
      of(({ measured }) => measured?.recall.value),
    ),
    gauge(
      'recall_lower_ratio',
      'Lower end of the 95 % interval of the recall.',
      of(({ measured }) => measured?.recall.low),
    ),
    gauge(
      'recall_upper_ratio',
      'Upper end of the 95 % interval of the recall.',
      of(({ measured }) => measured?.recall.high),
    ),
    gauge(
      'recall_queries',
      'Queries that the recall rests on.',
      of(({ measured }) => measured?.queries),
    ),
    gauge(
      'recall_completeness_ratio',
      'Rows returned over rows that exist, mean.',
      of(({ measured }) => measured?.completeness),
    ),
    gauge(
      'recall_latency_median_seconds',
      'Median latency of a query of the recall probe.',
      of(({ measured }) => inSeconds(measured?.medianMs)),
    ),
    gauge(
      'recall_buffers_per_query',
      'Mean number of 8 kB buffers that a query touches.',
      of(({ measured }) => measured?.buffers),
    ),
  ];
}
