import { latencyQuantile } from '../../analysis/index.js';
import { reasonText } from '../tune/run-view.js';
import { describeRepresentation } from '../../indexes/index.js';
import { csvText } from './csv.js';
import type { RunView } from '../tune/run-view.js';

/** Every load of a run, one line each. Void and failed loads have a reason and no figures. */
export function throughputCsv(run: RunView): string {
  const rows = [...run.throughputs.values()].map(({ key, request, status, reason, schedule, measured }) => {
    const { mode } = request;
    const spec = run.builds.get(request.build)?.request.spec;
    const quantile = (p: number) => latencyQuantile(measured, p)?.estimate?.value;
    return [
      key,
      spec?.method,
      spec && describeRepresentation(spec),
      JSON.stringify(spec?.parameters ?? {}),
      JSON.stringify(request.settings),
      mode.kind,
      mode.kind === 'closed' ? mode.concurrency : mode.connections,
      mode.seconds,
      mode.kind === 'open' ? mode.ratePerSecond : null,
      status,
      reasonText(run, reason),
      measured?.ratePerSecond.value,
      measured?.ratePerSecond.low,
      measured?.ratePerSecond.high,
      measured?.latencyMs.n,
      quantile(0.5),
      quantile(0.95),
      quantile(0.99),
      measured && Object.values(measured.errors).reduce((sum, times) => sum + times, 0),
      schedule?.due,
      schedule?.late,
      schedule?.dropped,
      schedule?.lagMs?.p50,
      schedule?.lagMs?.p99,
      measured && Math.max(...measured.eventLoopUtilisation),
      measured?.cpu.client,
      measured?.cpu.server,
      run.manifest.server.label,
    ];
  });
  return csvText(HEADER, rows);
}

const HEADER = [
  'throughput',
  'method',
  'representation',
  'parameters',
  'settings',
  'loop',
  'connections',
  'seconds',
  'rate_asked',
  'status',
  'reason',
  'rate',
  'rate_low',
  'rate_high',
  'samples',
  'p50_ms',
  'p95_ms',
  'p99_ms',
  'errors',
  'due',
  'late',
  'dropped',
  'lag_p50_ms',
  'lag_p99_ms',
  'event_loop_utilisation',
  'client_processors',
  'server_processors',
  'server',
] as const;
