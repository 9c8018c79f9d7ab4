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
  const { names, sections } = run.texts;
  const { latency, words } = sections;
  const clocks = [...new Set(views.flatMap(({ measured }) => measured.clock ?? []))];
  const rows = views.map(({ point, build, measured }) => [
    escapeText(names.choice({ spec: build.request.spec, settings: point.request.settings })),
    sampleText(run, measured),
    ...QUANTILES.map((p) => quantileText(run, measured, p)),
    serverText(run, measured),
    formatMs(measured.clientFloorMs),
    words.caches[measured.cache.state],
    warmUpText(run, measured),
  ]);
  return [
    `## ${latency.heading}`,
    [latency.intro, ...(clocks.length > 0 ? [words.clock(escapeText(clocks.join(', ')))] : [])].join(' '),
    table(
      [
        '',
        'n>',
        ...QUANTILES.map((p) => latencyHeading(run, `p${p * 100}`)),
        latencyHeading(run, latency.server),
        `${latency.floor}>`,
        latency.caches,
        latency.warmUp,
      ],
      rows,
    ),
  ].join('\n\n');
}

function sampleText({ texts }: RunView, { latencyMs: { n, queries = n } }: Measured): string {
  return queries === n ? formatCount(n) : texts.sections.latency.sample(n, queries);
}

function warmUpText({ texts }: RunView, { warmUp }: Measured): string {
  const { latency } = texts.sections;
  return warmUp ? latency.warmUpBlocks(warmUp.blocks, warmUp.steady) : latency.noWarmUp;
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

function serverText({ texts }: RunView, { serverMs }: Measured): string {
  if (!serverMs) return '–';
  const { explain, statements } = serverMs;
  const { latency } = texts.sections;
  const median = explain.median
    ? `${Number(explain.median.value.toPrecision(3))} (n = ${explain.n})`
    : latency.needsSamples(explain.n);
  return statements ? `${median}; ${latency.mean(Number(statements.mean.toPrecision(3)), statements.n)}` : median;
}
