import { sortOutLoads } from '../analysis/index.js';
import { describeSpec } from '../indexes/index.js';
import { reasonText, type RunView, shortQuantileText, sustainedRateSentence } from '../reports/index.js';
import { sustainedRatesOf, type ThroughputRecord } from '../results/index.js';
import { formatCount } from '../units.js';

/** What was measured under load; nothing when nothing was. */
export function loadLines(run: RunView): readonly string[] {
  const sustainedRates = sustainedRatesOf(run.answer);
  const loads = sortOutLoads([...run.throughputs.values()]).counting.flatMap((record) => {
    const spec = run.builds.get(record.request.build)?.request.spec;
    const { mode } = record.request;
    // On the way to a sustained rate many rates are tried; the answer is said in one sentence.
    if (!spec || (mode.kind === 'open' && sustainedRates.length > 0)) return [];
    const load =
      mode.kind === 'closed'
        ? `${mode.concurrency} ${mode.concurrency === 1 ? 'client' : 'clients'}`
        : `${mode.ratePerSecond.toLocaleString('en-US')} queries/s offered`;
    return `  ${describeSpec(spec)}, ${load}: ${loadFigures(run, record)}`;
  });
  const lines = [...loads, ...sustainedRates.map((found) => `  ${sustainedRateSentence(run, found)}`)];
  return lines.length > 0 ? ['', `Throughput, ${run.manifest.server.label}:`, ...lines] : [];
}

function loadFigures(run: RunView, { status, reason, measured }: ThroughputRecord): string {
  if (!measured) return `${status}: ${reasonText(run, reason)}`;
  const { ratePerSecond, latencyMs } = measured;
  return `${formatCount(ratePerSecond.value)} queries/s, p99 ${shortQuantileText(latencyMs, 0.99)}`;
}
