import { describeChoice } from '../../../indexes/index.js';
import type { Measured } from '../../../results/index.js';
import { formatCount, formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { choicePoint, latencyHeading, pointOf, type PointView, type RunView } from '../run-view.js';
import { quantileText } from '../../text/figures.js';

const QUANTILES = [0.5, 0.95, 0.99, 0.999];

/** Where the time of a query goes, and how far into its tail the samples reach. */
export function latencySection(run: RunView): string {
  const views = shown(run).filter((view): view is PointView & { measured: Measured } => view.measured !== null);
  if (views.length === 0) return '';
  const clocks = [...new Set(views.flatMap(({ measured }) => measured.clock ?? []))];
  const rows = views.map(({ point, build, measured }) => [
    escapeText(describeChoice({ spec: build.request.spec, settings: point.request.settings })),
    sampleText(measured),
    ...QUANTILES.map((p) => quantileText(measured, p)),
    serverText(measured),
    formatMs(measured.clientFloorMs),
    measured.cache.state,
    warmUpText(measured),
  ]);
  return [
    '## Latency',
    'Milliseconds. *server*: execution time without the round trip: the median of `EXPLAIN (ANALYZE, TIMING OFF)` over a sample of queries, ' +
      'and the mean over the timed queries where pg_stat_statements is available. *floor*: the same round trip without a search; every client figure includes it. ' +
      '*warm-up*: untimed blocks of queries, until ten in a row show no trend. ' +
      '*n*: round trips, and the different queries among them. Intervals hold for the population that the queries were drawn from: timing a query again does not narrow them. ' +
      `*needs … queries*: a quantile has no upper bound with fewer.${clocks.length > 0 ? ` Clock: ${escapeText(clocks.join(', '))}.` : ''}`,
    table(
      [
        '',
        'n>',
        ...QUANTILES.map((p) => latencyHeading(run, `p${p * 100}`)),
        latencyHeading(run, 'server'),
        'floor>',
        'caches',
        'warm-up',
      ],
      rows,
    ),
  ].join('\n\n');
}

function sampleText({ latencyMs: { n, queries = n } }: Measured): string {
  return queries === n ? formatCount(n) : `${formatCount(n)} (${formatCount(queries)} queries)`;
}

function warmUpText({ warmUp }: Measured): string {
  if (!warmUp) return 'none';
  return `${warmUp.blocks} blocks${warmUp.steady ? '' : ', not steady then'}`;
}

/** What the answer speaks of, each point once; without an answer to a target, everything that was measured side by side. */
function shown(run: RunView): readonly PointView[] {
  const { answer } = run;
  const views =
    answer?.kind === 'tune'
      ? [answer.recommendation, answer.runnerUp, ...answer.baselines.map(({ choice }) => choice)].flatMap(
          (choice) => choicePoint(run, choice) ?? [],
        )
      : [...run.points.keys()]
          .flatMap((key) => pointOf(run, key) ?? [])
          .filter(({ point }) => point.request.purpose === 'confirm');
  return [...new Map(views.map((view) => [view.point.key, view])).values()];
}

function serverText({ serverMs }: Measured): string {
  if (!serverMs) return '–';
  const { explain, statements } = serverMs;
  const median = explain.median
    ? `${Number(explain.median.value.toPrecision(3))} (n = ${explain.n})`
    : `needs more than ${explain.n} samples`;
  return statements ? `${median}; mean ${Number(statements.mean.toPrecision(3))} (n = ${statements.n})` : median;
}
