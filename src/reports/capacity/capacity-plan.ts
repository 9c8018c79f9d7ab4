import { type GrowthFacts, type GrowthPlan, type HeldOut, type Horizon, measuredFigure } from '../../capacity/index.js';
import { describeSpec, indexKind, recallKnob } from '../../indexes/index.js';
import type { RunManifest } from '../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';
import { escapeText, list, table } from '../text/markdown.js';
import { figureTexts, intervalText, limitText } from './figures.js';

export const GROWTH_CHART_FILE = 'growth.svg';

/** What the plan is written from. */
export interface CapacityView {
  readonly manifest: RunManifest;
  readonly facts: GrowthFacts;
  readonly plan: GrowthPlan;
}

const knobName = ({ facts }: CapacityView): string =>
  recallKnob(indexKind(facts.spec.method), facts.spec.parameters)?.name ?? 'knob';

/** `capacity_plan.md`: the decision, then what it rests on. */
export function capacityPlan(view: CapacityView): string {
  const sections = [
    `# Capacity plan: ${escapeText(view.manifest.dataset.name)}`,
    ...decision(view),
    ...outlook(view),
    ...heldOut(view),
    ...memory(view),
    ...throughput(view),
    ...cost(view),
    ...method(view),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Three digits: an extrapolation shows no more. */
const aboutRows = (rows: number): string => formatCount(Number(rows.toPrecision(3)));

/** Two or three sentences: for how many rows the server suffices, and what then. Plain text, one a line. */
export function decisionLines(view: CapacityView): readonly string[] {
  const { plan } = view;
  const [first, second] = plan.limits;
  if (first === undefined) {
    return [
      `This server suffices for ${formatCount(plan.toRows)} rows: none of the limits that were checked is reached.`,
    ];
  }
  const { why, remedy } = limitText(first, knobName(view));
  const until =
    first.rows < plan.rows
      ? `This server does not suffice for the present ${formatCount(plan.rows)} rows: from ${aboutRows(first.rows)} rows on, ${why}.`
      : `This server suffices for up to about ${aboutRows(first.rows)} rows; then ${why}.`;
  return [
    until,
    remedy,
    ...(second ? [`Next, at about ${aboutRows(second.rows)} rows, ${limitText(second, knobName(view)).why}.`] : []),
  ];
}

function decision(view: CapacityView): readonly string[] {
  const { facts, manifest } = view;
  const synthetic = manifest.dataset.synthetic ? ['> The vectors were generated: real data may grow differently.'] : [];
  const embedded =
    manifest.server.kind === 'embedded'
      ? ['> Times are those of the embedded server (WebAssembly): sizes and buffers hold elsewhere, times do not.']
      : [];
  return [
    '## Decision',
    decisionLines(view).join(' '),
    `For ${escapeText(describeSpec(facts.spec))} at recall ≥ ${facts.target.recall}, measured on ${facts.points.length} sizes up to ${formatCount(view.plan.rows)} rows. Everything beyond is extrapolated, with 90 % prediction intervals.`,
    ...synthetic,
    ...embedded,
  ];
}

function outlook(view: CapacityView): readonly string[] {
  const { facts, plan } = view;
  const texts = figureTexts(knobName(view));
  const figures = plan.laws.map(({ figure }) => figure);
  const withReads = plan.horizons.some(({ p50WithReadsMs }) => p50WithReadsMs !== null);
  const headers = [
    'rows>',
    ...figures.map((figure) => `${texts[figure].title}>`),
    ...(withReads ? ['p50 with reads>'] : []),
  ];
  const measured = facts.points.map((point) => [
    formatCount(point.rows),
    ...figures.map((figure) => {
      const value = measuredFigure(figure, point);
      return value === null ? '–' : texts[figure].text(value);
    }),
    ...(withReads ? ['–'] : []),
  ]);
  const cell = (horizon: Horizon, figure: (typeof figures)[number]): string => {
    const predicted = horizon.figures[figure];
    if (predicted) return intervalText(predicted, texts[figure]);
    return figure === 'buildSeconds' && horizon.spills ? 'outgrows memory' : '–';
  };
  const extrapolated = plan.horizons
    .filter((horizon) => !horizon.measured)
    .map((horizon) => [
      formatCount(horizon.rows),
      ...figures.map((figure) => cell(horizon, figure)),
      ...(withReads ? [horizon.p50WithReadsMs === null ? '–' : formatMs(horizon.p50WithReadsMs)] : []),
    ]);
  const lowest = facts.points.filter(({ isLowest }) => isLowest);
  return [
    '## Measured',
    table(headers, measured),
    ...(lowest.length === 0
      ? []
      : [
          `Up to ${formatCount(lowest.at(-1)!.rows)} rows the lowest ${knobName(view)} that returns k rows already exceeds the recall. Such sizes do not show what the recall costs on more rows, so only sizes of the same kind are fitted together.`,
        ]),
    '## Extrapolated',
    table(headers, extrapolated),
    `![Size, build time, latency and work against rows](${GROWTH_CHART_FILE})`,
    ...(withReads
      ? [
          '_p50 with reads_: the pages of a query that no longer fit in memory, read at the speed that was measured with cold caches.',
        ]
      : []),
  ];
}

function heldOut(view: CapacityView): readonly string[] {
  const { heldOut: tests } = view.plan;
  if (tests.length === 0) {
    return [
      '## Test of the forecast',
      'Not made, because no size of a quarter of the rows or less was measured. Figures beyond the data rest on the laws alone.',
    ];
  }
  const texts = figureTexts(knobName(view));
  const [{ fromRows, rows }] = tests as [HeldOut];
  const covered = tests.filter((test) => test.covered).length;
  return [
    '## Test of the forecast',
    `Fitted to ${formatCount(fromRows)} rows and fewer, the laws predict the figures at ${formatCount(rows)} rows, which were measured as well. ${covered} of ${tests.length} measured values are within their 90 % prediction interval.`,
    table(
      ['figure', 'predicted>', 'measured>', 'error>', 'within the interval'],
      tests.map(({ figure, predicted, measured, error, covered: inside }) => [
        texts[figure].title,
        intervalText(predicted, texts[figure]),
        texts[figure].text(measured),
        errorText(error),
        inside ? 'yes' : 'no',
      ]),
    ),
  ];
}

/** How far each forecast of the largest size was off; plain text, one a line. */
export function heldOutLines(view: CapacityView): readonly string[] {
  const texts = figureTexts(knobName(view));
  const width = Math.max(...view.plan.heldOut.map(({ figure }) => texts[figure].title.length));
  return view.plan.heldOut.map(
    ({ figure, error, covered }) =>
      `${texts[figure].title.padEnd(width)}  ${errorText(error)}${covered ? '' : '  outside its 90 % interval'}`,
  );
}

const errorText = (error: number): string => `${error >= 0 ? '+' : '−'}${formatPercent(Math.abs(error))}`;

function memory({ plan, facts }: CapacityView): readonly string[] {
  if (plan.cacheBytes === null) {
    return ['## Memory', 'The memory of the server is unknown: give it with `--ram` to see how many rows fit.'];
  }
  const { sharedBuffersBytes } = facts.server;
  const shared = sharedBuffersBytes === null ? '' : ` (shared_buffers ${formatBytes(sharedBuffersBytes)})`;
  return [
    '## Memory',
    `About ${formatBytes(plan.cacheBytes)} of memory is available to cache data${shared}. An index fits there up to:`,
    table(
      ['representation', 'rows>'],
      plan.fits.map(({ representation, rows }) => [representation, aboutRows(rows)]),
    ),
    'The recall that `halfvec` or `bit` lose depends on the vectors: `pgvtune tune` measures it.',
  ];
}

function throughput({ plan, facts }: CapacityView): readonly string[] {
  const { scalability: law, highestRate } = plan;
  if (highestRate === null) return [];
  const { cores } = facts.server;
  const each = cores === null ? '' : `, ${formatCount(highestRate / cores)} per core`;
  const lines = [`Highest closed-loop rate on all rows: ${formatCount(highestRate)} queries per second${each}.`];
  if (law !== null) {
    const bounded = ({ value, low, high }: typeof law.sigma): string =>
      value === 0 && high === 0
        ? '0'
        : low === null || high === null
          ? value.toPrecision(3)
          : `${value.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}]`;
    lines.push(
      `Universal scalability law: λ = ${law.lambda.toPrecision(3)} queries per second, σ = ${bounded(law.sigma)} (contention), κ = ${bounded(law.kappa)} (coherency); ${law.peakClients === null ? 'the rate grows towards a limit' : `the rate is highest at ${formatCount(law.peakClients)} clients`}. Clients on the same machine take part of it.`,
    );
  }
  return ['## Throughput', list(lines)];
}

function cost({ plan }: CapacityView): readonly string[] {
  if (plan.machines.length === 0) return [];
  return [
    '## Cost',
    `For ${formatCount(plan.toRows)} rows at the given peak, each server at 70 % of its highest rate:`,
    table(
      [
        'machine',
        'servers>',
        'index fits in memory',
        'queries per second each>',
        'per month>',
        'per million queries at the peak>',
      ],
      plan.machines.map(({ name, servers, fits, ratePerSecond, totalMonth, perMillion }) => [
        escapeText(name),
        formatCount(servers),
        fits ? 'yes' : 'no',
        formatCount(ratePerSecond),
        totalMonth.toFixed(2),
        perMillion.toFixed(4),
      ]),
    ),
  ];
}

function method(view: CapacityView): readonly string[] {
  const { plan } = view;
  const texts = figureTexts(knobName(view));
  return [
    '## Method',
    list([
      'Sizes are nested random subsets of the rows; each has its own index and its own exact neighbours. Every figure is taken at the knob value that reaches the recall there.',
      'Laws: index size follows the model of its pages, build time N log N × N^b, the others N^b (times above the round trip). b has a prior from pgvector’s source and published measurements, so that few sizes suffice.',
      `Powers found: ${plan.laws.map(({ figure, power, powerSd, sizes }) => `${texts[figure].title} ${power.toFixed(3)} ± ${powerSd.toFixed(3)} (${sizes} sizes)`).join('; ')}.`,
      'A build that outgrows `maintenance_work_mem` follows another law, which is not extrapolated.',
      'The distribution of the data is assumed not to change: rows of another kind change recall and cost.',
    ]),
  ];
}
