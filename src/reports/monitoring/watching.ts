import { BLINDNESS, type MonitorView } from '../../monitoring/index.js';
import type { Metric } from '../exports/text-format.js';
import { counter, gauge } from './metric.js';

/** Whether the server is seen, and what the watching itself did. */
export function metricsOfWatching(view: MonitorView): readonly Metric[] {
  const { blind, lastSuccessMs, looks, failures, connections, seen } = view;
  return [
    gauge('up', 'Whether the server is seen: 1 or 0. At 0 its series are missing.', Number(blind === null)),
    gauge(
      'blind',
      'Why the server is not seen: 1 for the reason, 0 for all others.',
      BLINDNESS.map((reason) => [{ reason }, Number(reason === blind)]),
    ),
    gauge(
      'last_success_timestamp_seconds',
      'When the server was last seen.',
      lastSuccessMs === null ? null : lastSuccessMs / 1000,
    ),
    gauge('look_duration_seconds', 'What the last look took.', seen === null ? null : seen.lookMs / 1000),
    counter('looks_total', 'Looks that succeeded.', looks),
    counter(
      'failed_looks_total',
      'Looks and connections that failed, by reason.',
      BLINDNESS.map((reason) => [{ reason }, failures[reason]]),
    ),
    counter('connections_total', 'Connections that were made to the server.', connections),
  ];
}
